import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isAssetError } from "../../../src/core/errors.js";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { createSourceReader } from "../../../src/sources/source-reader.js";
import { callContext } from "../../builders/call.js";
import { makeTree } from "../../builders/file-tree.js";

const READS = 200;

/** Swaps `path` with `other` and back, as fast as it can, until it is terminated. */
const SWAPPER = `
  const { renameSync } = require("node:fs");
  const { workerData: { path, other } , parentPort } = require("node:worker_threads");
  const spare = path + "-spare";
  parentPort.postMessage("swapping");
  for (;;) {
    renameSync(path, spare);
    renameSync(other, path);
    renameSync(path, other);
    renameSync(spare, path);
  }
`;

async function startSwapping(path: string, other: string): Promise<Worker> {
  const worker = new Worker(SWAPPER, { eval: true, workerData: { path, other } });
  await new Promise((resolve) => worker.once("message", resolve));
  return worker;
}

/** What came back: "content", or the code of the refusal. */
async function readOften(allowed: string, source: string): Promise<Map<string, number>> {
  const reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([allowed]),
    urlHosts: [],
  });
  const outcomes = new Map<string, number>();
  for (let count = 0; count < READS; count += 1) {
    const outcome = await reader.read(source, callContext()).then(
      (file) => file.bytes.toString(),
      (error: unknown) => (isAssetError(error) ? error.code : String(error)),
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  await reader.close();
  return outcomes;
}

const HARMLESS = ["content", "SOURCE_NOT_ALLOWED", "SOURCE_NOT_FOUND"];

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([process.platform, "darwin"] as const)("on %s", (platform) => {
  it("a file that is swapped for a link to a secret never gives the secret", async () => {
    vi.spyOn(process, "platform", "get").mockReturnValue(platform);
    const tree = makeTree({
      "allowed/photo.txt": "content",
      "allowed/other": { symlink: "../secret.txt" },
      "secret.txt": "secret",
    });
    const allowed = join(tree.root, "allowed");
    const worker = await startSwapping(join(allowed, "photo.txt"), join(allowed, "other"));
    const outcomes = await readOften(allowed, "photo.txt");
    await worker.terminate();
    tree.remove();
    expect(HARMLESS).toEqual(expect.arrayContaining([...outcomes.keys()]));
    expect([...outcomes.values()].reduce((sum, count) => sum + count)).toBe(READS);
  });

  it("a directory that is swapped for a link to a secret one never gives the secret", async () => {
    vi.spyOn(process, "platform", "get").mockReturnValue(platform);
    const tree = makeTree({
      "allowed/directory/photo.txt": "content",
      "allowed/other": { symlink: "../outside" },
      "outside/photo.txt": "secret",
    });
    const allowed = join(tree.root, "allowed");
    const worker = await startSwapping(join(allowed, "directory"), join(allowed, "other"));
    const outcomes = await readOften(allowed, "directory/photo.txt");
    await worker.terminate();
    tree.remove();
    expect(HARMLESS).toEqual(expect.arrayContaining([...outcomes.keys()]));
  });
});
