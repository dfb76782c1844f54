import { mkdtemp, open, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type SharpOptions } from "sharp";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeadlinePassed } from "../../src/core/call-context.js";
import { createByteBudget } from "../../src/core/memory/byte-budget.js";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import { createInspector } from "../../src/inspection/inspector.js";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { createAllowedDirectories } from "../../src/sources/local/directories-in-use.js";
import { createSourceReader } from "../../src/sources/source-reader.js";
import { type CheckFiles, createCheckFiles, orRelease } from "../../src/sync/check-files.js";
import { indexAssets } from "../../src/sync/compare.js";
import { createFileHold, type FileHold, type FileToHold } from "../../src/uploads/batch/file-hold.js";
import { createFilePreparation, type FilePreparation } from "../../src/uploads/file/prepare-file.js";
import { NO_LEDGER } from "../../src/uploads/known/ledger.js";
import { callContext } from "../builders/call.js";

const HELD_BYTES = 10_000;
const REQUEST = {
  siteId: "site",
  base: { names: ["Mirror"], existing: undefined },
  tree: buildFolderTree([]),
  optimize: true,
  assets: indexAssets([]),
  apply: false,
  sameBytes: async () => false,
};

let directory: string;
let judgements: number;
let checkFiles: CheckFiles;
let hold: FileHold;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "judge-")));
  judgements = 0;
  const optimizer = createPictureOptimizer();
  const reader = createSourceReader({
    allowedDirectories: createAllowedDirectories([directory]),
    urlHosts: [],
  });
  const inspector = createInspector();
  const preparation = counted(createFilePreparation(reader, optimizer, inspector));
  hold = createFileHold(HELD_BYTES);
  checkFiles = createCheckFiles({
    preparation,
    optimizer,
    inspector,
    ledger: NO_LEDGER,
    budget: createByteBudget(32 * 1024 * 1024),
    hold,
  });
});

afterEach(() => rm(directory, { recursive: true }));

function counted(preparation: FilePreparation): FilePreparation {
  return {
    ...preparation,
    check(...args) {
      judgements += 1;
      return preparation.check(...args);
    },
  };
}

function toHold(bytes: number): FileToHold {
  return { sourceMd5: "0".repeat(32), bytes, prepare: () => Promise.reject(new Error("nobody asks")) };
}

async function localPictures(count: number) {
  const files = Array.from({ length: count }, (_, number) => `${number}.png`);
  await Promise.all(files.map((name, number) => sharp(grey(number)).png().toFile(join(directory, name))));
  return files.map((name) => ({ folders: [], name, path: name, source: join(directory, name) }));
}

function grey(level: number): SharpOptions {
  return { create: { width: 8, height: 8, channels: 3, background: { r: level, g: level, b: level } } };
}

/** A call whose time is over as soon as something was told of its progress. */
function aShortCall() {
  const controller = new AbortController();
  return callContext({ signal: controller.signal, progress: () => controller.abort(new DeadlinePassed()) });
}

describe("files that are looked at for a plan", () => {
  it("notes what optimizing makes of photos", async () => {
    const { compared } = await checkFiles(await localPictures(1), REQUEST, callContext());
    expect(compared[0]?.file.notes.join(" ")).toMatch(/^\d+x\d+, \d+ kB/);
  });

  it("are not judged again by the call that goes on after the time of another was over", async () => {
    const files = await localPictures(12);
    await expect(checkFiles(files, REQUEST, aShortCall())).rejects.toMatchObject({
      message: expect.stringMatching(/^\d+ of 12 files were compared/),
      next: expect.stringContaining("it goes on from there"),
    });
    const judgedBefore = judgements;
    expect(judgedBefore).toBeGreaterThan(0);
    const { compared } = await checkFiles(files, REQUEST, callContext());
    expect(compared).toHaveLength(12);
    await checkFiles(files, REQUEST, callContext());
    expect(judgements).toBeLessThanOrEqual(12 + 8);
  });

  it("are left to the upload to encode when the site holds nothing that could be the same", async () => {
    const { compared } = await checkFiles(await localPictures(2), { ...REQUEST, apply: true }, callContext());
    expect(compared).toHaveLength(2);
    expect(judgements).toBe(0);
  });

  it("are refused one by one, pictures that need no encoding to be refused too", async () => {
    const files = await localPictures(1);
    await writeFile(join(directory, "page.png"), "<html><title>Sign in</title></html>");
    const page = { folders: [], name: "page.png", path: "page.png", source: join(directory, "page.png") };
    const { compared, refused } = await checkFiles(
      [...files, page],
      { ...REQUEST, apply: true },
      callContext(),
    );
    expect(compared.map(({ file }) => file.path)).toEqual(["0.png"]);
    expect(refused).toMatchObject([{ path: "page.png", error: { code: "TYPE_MISMATCH" } }]);
  });

  it("are held for the upload as far as there is room, and were read and checked once then", async () => {
    const files = await localPictures(3);
    const request = { ...REQUEST, optimize: false, apply: true };
    const sizes = await Promise.all(files.map(async ({ source }) => (await stat(source)).size));
    const others = hold.keep(toHold(HELD_BYTES - Math.max(...sizes)));
    const { compared } = await checkFiles(files, request, callContext());
    const held = compared.flatMap(({ file }) => file.held ?? []);
    expect(held).toHaveLength(1);
    expect(judgements).toBe(3);
    expect(await held[0]?.prepare(callContext())).toMatchObject({ contentType: "image/png" });
    expect(judgements).toBe(3);
    for (const file of [others, ...held]) file?.release();
    expect(hold.keep(toHold(HELD_BYTES))).toBeDefined();
  });

  it("are released when what is looked for after them fails", async () => {
    const request = { ...REQUEST, optimize: false, apply: true };
    const { compared } = await checkFiles(await localPictures(3), request, callContext());
    expect(hold.keep(toHold(HELD_BYTES))).toBeUndefined();
    const failed = Promise.reject(new Error("the site cannot be read"));
    await expect(orRelease(compared, failed)).rejects.toThrow("the site cannot be read");
    expect(hold.keep(toHold(HELD_BYTES))).toBeDefined();
  });

  it.each([
    ["a plan without apply", { ...REQUEST, optimize: false }, callContext],
    ["a call that ran out of time", { ...REQUEST, optimize: false, apply: true }, aShortCall],
  ])("are not held on to by %s", async (_, request, aCall) => {
    await checkFiles(await localPictures(12), request, aCall()).catch(() => {});
    await vi.waitFor(() => expect(hold.keep(toHold(HELD_BYTES))).toBeDefined());
  });

  it("are refused one by one when they vanish or the disk does not give their bytes", async () => {
    const files = await localPictures(3);
    await rm(join(directory, "1.png"));
    const { compared, refused } = await withoutBytesOf("2.png", () =>
      checkFiles(files, REQUEST, callContext()),
    );
    expect(compared.map(({ file }) => file.path)).toEqual(["0.png"]);
    expect(refused.sort((a, b) => (a.path < b.path ? -1 : 1))).toMatchObject([
      { path: "1.png", error: { code: "SOURCE_NOT_FOUND" } },
      { path: "2.png", error: { code: "DOWNLOAD_FAILED", message: expect.stringContaining("(EIO)") } },
    ]);
  });
});

/** Reading that file fails as it does with cloud drives and bad disks, which let it be opened. */
async function withoutBytesOf<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const probe = await open(join(directory, name));
  const { ino } = await probe.stat();
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const read = handles.read;
  const spy = vi.spyOn(handles, "read").mockImplementation(async function (
    this: typeof probe,
    ...args: unknown[]
  ) {
    if ((await this.stat()).ino === ino)
      throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
    return Reflect.apply(read, this, args);
  });
  return work().finally(() => spy.mockRestore());
}
