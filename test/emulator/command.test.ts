import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.js";
import { apiOf, createAsset, uploadFile } from "../builders/emulator-client.js";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function run(...options: string[]): ChildProcess {
  const child = spawn(process.execPath, ["dist/main.js", "emulator", ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let all = "";
  for await (const piece of stream ?? []) all += String(piece);
  return all;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no stdout");
  const [line] = await once(createInterface(child.stdout), "line");
  return String(line);
}

describe("the sub-command emulator", () => {
  it("prints one line of JSON with what a client needs, and serves", async () => {
    const line = await firstLine(run("--port", "0"));

    const printed = JSON.parse(line);
    expect(Object.keys(printed)).toEqual([
      "apiBaseUrl",
      "token",
      "siteId",
      "uploadHost",
      "cdnBaseUrl",
      "siteUrl",
    ]);
    expect((await apiOf(printed)(`GET /sites/${printed.siteId}/assets`)).status).toBe(200);
  });

  it("serves the demo's site with --demo, published", async () => {
    const printed = JSON.parse(await firstLine(run("--demo")));

    expect(await (await fetch(printed.siteUrl)).text()).toContain("<title>Pottery Lane</title>");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with %s, with requests under way or not", async (signal) => {
    const child = run();
    const printed = JSON.parse(await firstLine(child));
    await apiOf(printed)("GET /sites");

    child.kill(signal);

    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("says that a port is taken, without a stack, and fails", async () => {
    const emulator = await startEmulator();
    const port = emulator.uploadHost.split(":")[1] ?? "";
    const child = run("--port", port);

    const [message, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);

    await emulator.close();
    expect(message).toBe(
      `webflow-assets-mcp emulator: port ${port} is taken; choose another one, or 0 for any\n`,
    );
    expect(code).toBe(1);
  });
});

describe("an emulator", () => {
  it("keeps to itself: what one holds, another does not", async () => {
    const [one, other] = await Promise.all([startEmulator(), startEmulator()]);
    await uploadFile(one, Buffer.from("bytes"));

    expect((await createAsset(other, Buffer.from("bytes"))).originalFileName).toBe("picture.png");
    expect(other.database.assets(other.siteId)).toMatchObject([{ hasBytes: false }]);
    await Promise.all([one.close(), other.close()]);
  });

  it("is known by the names of version 0.1 as well", async () => {
    const emulator = await startEmulator();
    emulator.seedLibrary({ folders: 1, assets: 2 });

    expect(emulator.library).toBe(emulator.database);
    expect(emulator.library.assets(emulator.siteId)).toHaveLength(2);
    await emulator.close();
  });

  it("listens on loopback only", async () => {
    const emulator = await startEmulator();

    expect(emulator.apiBaseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2$/);
    expect(emulator.uploadHost).toBe(new URL(emulator.apiBaseUrl).host);
    expect(emulator.cdnBaseUrl).toBe(`http://${emulator.uploadHost}/cdn`);
    await emulator.close();
  });

  it("can be closed twice, and while it waits", async () => {
    const emulator = await startEmulator({ switches: { latencyMs: { api: 3_600_000, s3: 0, cdn: 0 } } });
    const waiting = expect(apiOf(emulator)("GET /sites")).rejects.toThrow("fetch failed");
    await expect.poll(() => emulator.requests.count()).toBe(1);

    await emulator.close();
    await emulator.close();

    await waiting;
  });
});
