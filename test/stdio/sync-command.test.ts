import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { makeTree } from "../builders/file-tree.js";
import { runCommand } from "../builders/run-command.js";
import { emulatorEnvironment } from "../builders/server-process.js";

let emulator: Emulator;
const files = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`ok/${index}.txt`, `file ${index}`]),
);
const tree = makeTree({
  ...files,
  "mixed/good.txt": "good",
  "mixed/setup.exe": "MZ",
  "mixed/sub/more.txt": "more",
  "mixed/.draft.txt": "hidden",
});

beforeAll(async () => {
  emulator = await startEmulator();
});

afterAll(async () => {
  await emulator.close();
  tree.remove();
});

function sync(...args: string[]) {
  const cache = { XDG_CACHE_HOME: `${tree.root}/cache`, HOME: tree.root };
  return runCommand(["sync", ...args], { ...emulatorEnvironment(emulator), ...cache }, tree.root);
}

describe("the command sync", () => {
  it("uploads a directory to the end and says so with exit code 0, also under a rate limit", async () => {
    const usual = emulator.switches.rateLimit;
    emulator.switches.rateLimit = { limit: 60, windowMs: 2_000, sliding: false };
    const { exitCode, stdout, stderr } = await sync("ok", "Events/Summer", "--apply");
    emulator.switches.rateLimit = usual;
    expect(stdout).toContain("Everything is there: 60 new");
    expect(stderr).not.toContain("Warning");
    expect(exitCode).toBe(0);
    expect(emulator.database.assets(emulator.siteId)).toHaveLength(60);
  });

  it("finds a second time that everything is there, with and without --apply", async () => {
    for (const args of [[], ["--apply"]]) {
      const { exitCode, stdout } = await sync("ok", "Events/Summer", ...args);
      expect(stdout).toContain("60 same");
      expect(exitCode).toBe(0);
    }
  });

  it("reports without --apply what is missing, ends with 1 and sends nothing", async () => {
    const before = emulator.database.assets(emulator.siteId).length;
    const { exitCode, stdout } = await sync("mixed", "Mixed");
    expect(stdout).toMatch(/^new +good\.txt$/m);
    expect(stdout).toMatch(/^new +sub\/more\.txt$/m);
    expect(exitCode).toBe(1);
    expect(emulator.database.assets(emulator.siteId)).toHaveLength(before);
  });

  it("names what was left out, and what was noted on the folder, and no tool to call next", async () => {
    const { stdout } = await sync("mixed", "events/Mixed");
    expect(stdout).toMatch(/^left out +\.draft\.txt: hidden/m);
    expect(stdout).toMatch(/^note +The site has "Events" too/m);
    expect(stdout).not.toContain("apply: true");
    const { stdout: json } = await sync("mixed", "events/Mixed", "--json");
    expect(JSON.parse(json)).toMatchObject({
      leftOut: [{ names: [".draft.txt"] }],
      notes: [expect.stringContaining('"Events"')],
    });
  });

  it("ends with 1 and names what did not arrive, and sends the rest", async () => {
    const { exitCode, stdout } = await sync("mixed", "Mixed", "--apply");
    expect(stdout).toMatch(/^refused +setup\.exe: \[TYPE_NOT_SUPPORTED\]/m);
    expect(stdout).toContain("2 uploaded");
    expect(exitCode).toBe(1);
  });

  it("gives one JSON document on stdout and its progress on stderr", async () => {
    const { stdout, stderr } = await sync("mixed", "Mixed", "--apply", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, plan: { same: 2, refused: 1 } });
    expect(stderr).toContain("files");
  });

  it("takes bytes that lie in another folder for arrived", async () => {
    const { exitCode, stdout } = await sync("ok", "Another");
    expect(stdout).toContain("60 elsewhere");
    expect(exitCode).toBe(0);
  });

  it("says that a directory does not exist, in the form of every error", async () => {
    const { exitCode, stdout } = await sync("nothing", "Mixed");
    expect(stdout).toMatch(/^\[SOURCE_NOT_FOUND\] .*nothing does not exist\. Next: /);
    expect(exitCode).toBe(1);
  });

  it("refuses a call without a folder, with exit code 2", async () => {
    const { exitCode, stderr } = await sync("ok");
    expect(stderr).toContain("sync takes a directory and a folder");
    expect(exitCode).toBe(2);
  });
});
