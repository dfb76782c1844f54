import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE_OPTIONS } from "../../scripts/bundle-options.mjs";

const WATCHDOG = resolve("dist/watchdog.js");
let directory: string;
let script: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "watchdog-"));
  script = join(directory, "stand-still.mjs");
  await build({ ...BUNDLE_OPTIONS, entryPoints: ["test/processes/stand-still.ts"], outfile: script });
});

afterAll(() => rm(directory, { recursive: true }));

describe("a process whose event loop stands still", () => {
  it("ends when it was asked to end before", async () => {
    const child = spawn(process.execPath, [script, WATCHDOG, "told"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    expect(await endOf(child)).toBe("SIGKILL");
  });

  it("ends when its parent is gone", async () => {
    const start = `require("child_process").spawn(process.execPath, ${JSON.stringify([script, WATCHDOG])}, { stdio: "inherit" })`;
    const parent = spawn(process.execPath, ["-e", start], { stdio: ["ignore", "pipe", "inherit"] });
    const orphan = await firstNumberFrom(parent);
    expect(isRunning(orphan)).toBe(true);

    parent.kill("SIGKILL");

    await expect.poll(() => isRunning(orphan)).toBe(false);
  });
});

function endOf(child: ChildProcess): Promise<unknown> {
  return new Promise((done) => child.on("exit", (code, signal) => done(signal ?? code)));
}

function firstNumberFrom({ stdout }: ChildProcess): Promise<number> {
  return new Promise((done) => stdout?.once("data", (line) => done(Number(line))));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Nobody may have taken note of its end.
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
