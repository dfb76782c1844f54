import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { createLogger } from "../../src/core/logger.js";
import { picturesAtOnce } from "../../src/pictures/load-sharp.js";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { createIsolatedOptimizer } from "../../src/pictures/process/isolated-optimizer.js";
import { callContext } from "../builders/call.js";
import { makeTree } from "../builders/file-tree.js";
import { gradient, noise } from "../builders/photos.js";

const BUILT = "dist/optimizer.js";
const log = createLogger("silent");

/** A process that gives pictures back as they are, ends at the word "hostile", spins at "spinning", and tells its environment as its recipe. */
const SCRIPT = `
  import { readSync } from "node:fs";
  process.on("message", ({ id, task, byteCount }) => {
    if (!task) return;
    if (task.task === "recipe") return process.send({ id, result: JSON.stringify(process.env) });
    const bytes = Buffer.alloc(byteCount);
    for (let filled = 0; filled < byteCount; ) filled += readSync(0, bytes, filled, byteCount - filled, null);
    const text = bytes.toString();
    if (text === "hostile") process.kill(process.pid, "SIGKILL");
    if (text === "spinning") for (;;);
    setTimeout(() => process.send({ id, result: { bytes, notes: [] } }), 20);
  });
  process.on("disconnect", () => process.exit());
  process.send({ id: 0 });
`;
/** A process that keeps its pictures until it is asked for its recipe, "later" ones until the second time, and tells how many it had. */
const HOLDING_SCRIPT = `
  import { readSync } from "node:fs";
  const held = [];
  process.on("message", ({ id, task, byteCount }) => {
    if (!task) return;
    if (task.task === "optimize") {
      const bytes = Buffer.alloc(byteCount);
      readSync(0, bytes);
      return held.push({ id, text: bytes.toString() });
    }
    const notes = [String(held.length), String(process.pid)];
    const due = held.filter(({ text }) => text !== "later");
    for (const { id } of due.length > 0 ? due : held) process.send({ id, result: { notes } });
    held.splice(0, held.length, ...(due.length > 0 ? held.filter(({ text }) => text === "later") : []));
    process.send({ id, result: "" });
  });
  process.on("disconnect", () => process.exit());
  process.send({ id: 0 });
`;
/** A process that works on its pictures until nobody waits for them any more. */
const BUSY_SCRIPT = `
  process.on("message", ({ id, task }) => {
    if (!task) process.send({ id, result: { notes: [] } });
    else if (task.task === "recipe") process.send({ id, result: "a recipe" });
  });
  process.on("disconnect", () => process.exit());
  process.send({ id: 0 });
`;
const scripts = makeTree({
  "busy.mjs": BUSY_SCRIPT,
  "echo.mjs": SCRIPT,
  "holding.mjs": HOLDING_SCRIPT,
  "mute.mjs": "process.exit(1);",
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
afterAll(() => scripts.remove());

describe("the optimizer in a process of its own", () => {
  it("gives what the optimizer gives", async () => {
    const photo = await gradient(400, 300).jpeg().toBuffer();
    const isolated = createIsolatedOptimizer(BUILT, log);
    const inThisProcess = createPictureOptimizer();
    const [one, other] = await Promise.all([
      isolated.optimize(photo, callContext()),
      inThisProcess.optimize(photo, callContext()),
    ]);
    expect({ ...one, bytes: Buffer.from(one.bytes) }).toEqual(other);
    expect(await isolated.recipe()).toBe(await inThisProcess.recipe());
  });

  it("gives each of several pictures at once its own result", async () => {
    const isolated = createIsolatedOptimizer(BUILT, log);
    const inThisProcess = createPictureOptimizer();
    const pictures = await Promise.all(
      [300, 310, 320, 330, 340].map((width) => noise(width, 300).png().toBuffer()),
    );
    const md5sOf = async (optimizer: typeof inThisProcess): Promise<string[]> => {
      const results = pictures.map((picture) => optimizer.optimize(picture, callContext()));
      return (await Promise.all(results)).map(({ md5 }) => md5);
    };
    expect(await md5sOf(isolated)).toEqual(await md5sOf(inThisProcess));
  });

  it("has one more picture there than it works on, whose time begins with its own work", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const isolated = createIsolatedOptimizer(`${scripts.root}/holding.mjs`, log, { taskMs: 10_000 });
    const optimize = (text: string) => isolated.optimize(Buffer.from(text), callContext());
    await isolated.recipe();
    const working = Array.from({ length: picturesAtOnce() }, () => optimize("now"));
    const waiting = optimize("later");
    await vi.advanceTimersByTimeAsync(9_000);
    await isolated.recipe();
    const [
      {
        notes: [count, processId],
      } = { notes: [] },
    ] = await Promise.all(working);
    expect(count).toBe(String(picturesAtOnce() + 1));
    await vi.advanceTimersByTimeAsync(9_000);
    await isolated.recipe();
    expect((await waiting).notes).toEqual(["1", processId]);
  });

  it("tells its recipe while all its places are taken", async () => {
    const isolated = createIsolatedOptimizer(`${scripts.root}/busy.mjs`, log);
    const controller = new AbortController();
    const pictures = Array.from({ length: picturesAtOnce() + 2 }, () =>
      isolated.optimize(Buffer.from("picture"), callContext({ signal: controller.signal })),
    );
    // The first question starts the process, and comes there before the pictures.
    await isolated.recipe();
    expect(await isolated.recipe()).toBe("a recipe");
    controller.abort();
    await Promise.allSettled(pictures);
  });

  it("passes on errors with their code and next step", async () => {
    const photo = await gradient(400, 300).jpeg().toBuffer();
    const cutOff = createIsolatedOptimizer(BUILT, log).optimize(photo.subarray(0, 900), callContext());
    await expect(cutOff).rejects.toMatchObject({
      code: "INVALID_INPUT",
      next: expect.stringMatching(/.{20}/),
    });
  });

  it("loses no other picture to one that crashes it", async () => {
    const isolated = createIsolatedOptimizer(`${scripts.root}/echo.mjs`, log);
    const texts = ["one", "hostile", "two", "three", "four"];
    const results = await Promise.allSettled(
      texts.map(async (text) => String((await isolated.optimize(Buffer.from(text), callContext())).bytes)),
    );
    const fulfilled = results.map((result) => (result.status === "fulfilled" ? result.value : "failed"));
    expect(fulfilled).toEqual(["one", "failed", "two", "three", "four"]);
    expect(results[1]).toMatchObject({ reason: { code: "INVALID_INPUT" } });
  });

  it("ends a picture that takes too long, with its process, and loses no other one", async () => {
    const isolated = createIsolatedOptimizer(`${scripts.root}/echo.mjs`, log, { taskMs: 300 });
    const results = await Promise.allSettled(
      ["one", "spinning", "two"].map((text) => isolated.optimize(Buffer.from(text), callContext())),
    );
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { code: "TIMED_OUT" } });
  });

  it("is left at once by a call that is cancelled", async () => {
    const isolated = createIsolatedOptimizer(`${scripts.root}/echo.mjs`, log);
    const cancelled = isolated.optimize(Buffer.from("one"), callContext({ signal: AbortSignal.abort() }));
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("knows no token, of this server or of anything else", async () => {
    vi.stubEnv("WEBFLOW_TOKEN", "secret-token");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret-token");
    vi.stubEnv("npm_config_registry", "https://me:secret-token@example.com");
    const environment = await createIsolatedOptimizer(`${scripts.root}/echo.mjs`, log).recipe();
    expect(environment).toContain("PATH");
    expect(environment).not.toContain("secret-token");
  });

  it("is done without where it cannot be started", async () => {
    const photo = await gradient(400, 300).jpeg().toBuffer();
    const isolated = createIsolatedOptimizer(`${scripts.root}/mute.mjs`, log);
    expect((await isolated.optimize(photo, callContext())).notes.join()).toMatch(/\S/);
    expect(await isolated.recipe()).toBe(await createPictureOptimizer().recipe());
  });
});
