import { mkdir, mkdtemp, open, rm, stat, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SyncFolderResult } from "../../src/contract/sync-folder.js";
import { syncFolder } from "../../src/tools/sync-folder.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { md5Of, startSite, type TestSite } from "../builders/site.js";

let site: TestSite;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sync-"));
  site = await startSite({
    switches: { folderNamesUniquePer: "parent" },
    service: { allowedDirectories: [directory], cacheDirectory: join(directory, ".cache") },
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await site.close();
  await rm(directory, { recursive: true, force: true });
});

async function write(path: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

async function sync(more: Record<string, unknown> = {}, service = site.service): Promise<SyncFolderResult> {
  const result = await service.syncFolder(
    { directory, folder: "Mirror", apply: false, ...more },
    callContext(),
  );
  expect(syncFolder.output?.safeParse(result).error).toBeUndefined();
  return result;
}

const NAMES = ["Été", "夏", "Sommer Fotos", "a", "деталь"];

/** 80 files in five levels, with names in several scripts. */
async function writeTree(): Promise<void> {
  for (let number = 0; number < 80; number += 1) {
    const levels = NAMES.slice(0, number % 6).map((name, level) =>
      level === 1 ? `${name} ${number % 3}` : name,
    );
    await write([...levels, `photo ${number} é.png`].join("/"), numberedPng(number));
  }
}

describe("syncFolder", () => {
  it("looks at each hosted file once, however many files have its size", async () => {
    for (let number = 0; number < 20; number += 1) await write(`old ${number}.png`, numberedPng(number));
    await sync({ apply: true });
    for (let number = 0; number < 20; number += 1) await rm(join(directory, `old ${number}.png`));
    for (let number = 0; number < 20; number += 1) await write(`${number}.png`, numberedPng(100 + number));
    const looks = (): number =>
      site.emulator.requests.entries().filter(({ service, method }) => service !== "api" && method !== "POST")
        .length;
    const before = looks();
    const { plan } = await sync({}, site.anotherService({ cacheDirectory: undefined }));
    expect(plan).toMatchObject({ new: 20, onlyOnSite: 20 });
    // A look and, because no ETag is that of a file, a download.
    expect(looks() - before).toBe(40);
  });

  it("says in the plan which files become one asset, and which of them change their names", async () => {
    await write("a.png", numberedPng(1));
    await write("b.png", numberedPng(1));
    await write("c.PNG", numberedPng(2));
    await write("c.png", numberedPng(3));
    const notes = (result: SyncFolderResult) => result.files.map(({ path, notes }) => [path, notes?.at(-1)]);
    expect(notes(await sync())).toEqual([
      ["a.png", undefined],
      ["b.png", "It has the same bytes as a.png: one asset serves both."],
      ["c.PNG", undefined],
      ["c.png", "Its name there is that of c.PNG, too: one of the two gets a number."],
    ]);
    const { results } = await sync({ apply: true });
    expect(results?.map(({ status }) => status).sort()).toEqual([
      "reused",
      "uploaded",
      "uploaded",
      "uploaded",
    ]);
    const names = results?.map(({ url }) => url?.split("_").at(-1));
    expect(names?.sort()).toEqual(["a.png", "a.png", "c-2.png", "c.png"]);
  });

  it("refuses in the plan what no folder can be named like, and says what to do", async () => {
    for (const name of ["new\nline", "no\u200bwidth", " blank"]) await write(`${name}/a.png`, numberedPng(1));
    const { plan, files } = await sync();
    expect(plan).toMatchObject({ new: 0, refused: 3 });
    expect(files.map(({ error }) => error)).toEqual([
      expect.stringMatching(
        /directory " blank" has white space .*Next: rename the directory, or leave it out with exclude/,
      ),
      expect.stringMatching(/directory "new\\nline" has a control or invisible character .*Next: rename/),
      expect.stringMatching(/has a control or invisible character .*Next: rename/),
    ]);
  });

  it("makes the round: plan, apply, and then everything is the same", async () => {
    await writeTree();
    expect((await sync()).plan).toEqual({ new: 80, same: 0, changed: 0, refused: 0, onlyOnSite: 0 });
    expect(site.emulator.requests.entries().every(({ method }) => method === "GET")).toBe(true);
    expect(await sync({ apply: true })).toMatchObject({ status: "done", uploaded: 80 });
    const again = await sync();
    expect(again.plan).toEqual({ new: 0, same: 80, changed: 0, refused: 0, onlyOnSite: 0 });
    expect(again.files).toEqual([]);

    for (const number of [6, 12, 18]) await write(`photo ${number} é.png`, numberedPng(number, 300));
    await unlink(join(directory, "photo 24 é.png"));
    await write("huge.png", numberedPng(999, 5 * 1024 * 1024));
    const changed = await sync();
    expect(changed.plan).toEqual({ new: 0, same: 76, changed: 3, refused: 1, onlyOnSite: 4 });
    const refused = changed.files.find(({ status }) => status === "refused");
    expect(refused).toMatchObject({ path: "huge.png", error: expect.stringContaining("FILE_TOO_LARGE") });

    site.emulator.requests.clear();
    await sync({ apply: true });
    expect(site.emulator.requests.count({ operation: "createAsset" })).toBe(3);
    expect(site.emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
    site.emulator.requests.clear();
    expect((await sync({ apply: true })).plan).toMatchObject({ new: 0, same: 79, changed: 0 });
    expect(site.emulator.requests.count({ operation: "createAsset" })).toBe(0);
  });

  it.each([
    ["into an empty folder", false, false],
    ["beside other assets", false, true],
    ["optimized, into an empty folder", true, false],
    ["optimized, beside other assets", true, true],
  ])("reads every new file once: %s", async (_, optimize, isBesideOthers) => {
    if (isBesideOthers) {
      await write("old.png", numberedPng(100));
      await sync({ apply: true });
    }
    for (let number = 0; number < 20; number += 1) await write(`${number}.png`, await greyPng(10 * number));
    const bytesOf = await countReads(join(directory, "0.png"));
    expect(await sync({ apply: true, optimize })).toMatchObject({ status: "done", uploaded: 20 });
    for (let number = 0; number < 20; number += 1) {
      const { ino, size } = await stat(join(directory, `${number}.png`));
      expect(bytesOf.get(ino)).toBe(size);
    }
  });

  it("recognises the same bytes without a ledger, by the hosted files", async () => {
    await write("a/1.png", numberedPng(1));
    await write("a/2.png", numberedPng(2));
    await sync({ apply: true });
    const other = site.anotherService({ cacheDirectory: undefined });
    expect((await sync({}, other)).plan).toMatchObject({ same: 2, new: 0, changed: 0 });
  });

  it("calls a file elsewhere whose bytes lie in a folder that is not synced, and tells where", async () => {
    await write("a.png", numberedPng(1));
    const { asset } = await site.service.uploadAsset(
      { source: join(directory, "a.png"), folder: "Logos" },
      callContext(),
    );
    const { plan, files } = await sync();
    expect(plan).toEqual({ new: 0, same: 0, changed: 0, elsewhere: 1, refused: 0, onlyOnSite: 0 });
    expect(files).toEqual([
      { path: "a.png", status: "elsewhere", id: asset.id, notes: [expect.stringContaining('in "Logos"')] },
    ]);
  });

  it("makes no folder for bytes that lie elsewhere, since a folder cannot be deleted", async () => {
    await write("deep/a.png", numberedPng(1));
    await site.service.uploadAsset({ source: join(directory, "deep/a.png") }, callContext());
    expect(await sync({ apply: true })).toMatchObject({
      plan: { new: 0, elsewhere: 1 },
      uploaded: 0,
      reused: 1,
    });
    expect(site.emulator.requests.count({ operation: "createFolder" })).toBe(0);
    expect(site.emulator.requests.count({ operation: "createAsset" })).toBe(1);
  });

  it("says in the plan how to go on, if there is anything to upload", async () => {
    const next = [expect.stringMatching(/^Nothing was uploaded.* call again with apply: true/)];
    await write("a.png", numberedPng(1));
    expect((await sync()).notes).toEqual(next);
    expect((await sync({ apply: true })).notes ?? []).not.toContainEqual(next[0]);
    expect(await sync()).not.toHaveProperty("notes");
    expect(await sync({ exclude: ["nothing.*"] })).not.toHaveProperty("notes");
    await write("b.png", numberedPng(2));
    expect(await sync({ exclude: ["nothing.*"] })).not.toHaveProperty("notes");
  });

  it("tells an asset without a file, which the upload completes, from one that holds other bytes", async () => {
    await write("a.png", numberedPng(1));
    await write("b.png", numberedPng(2));
    await sync({ apply: true, include: ["b.png"] });
    await write("b.png", numberedPng(3, 300));
    const { emulator } = site;
    const [made] = emulator.library.assets(emulator.siteId);
    const left = emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "a.png",
      contentType: "image/png",
      fileHash: md5Of(numberedPng(1)),
      ...(made?.parentFolder && { parentFolder: made.parentFolder }),
    });
    const { files } = await sync({}, site.anotherService({ cacheDirectory: undefined }));
    const noteOn = (path: string) =>
      files.find((one) => one.path === path && one.status === "changed")?.notes?.[0];
    expect(noteOn("a.png")).toContain(`(${left.id}) holds no file: the upload completes it`);
    expect(noteOn("b.png")).toMatch(/^A new asset; the existing one .* is kept\.$/);
    await sync({ apply: true, include: ["a.png"] });
    const assets = emulator.library.assets(emulator.siteId);
    expect(assets.map(({ id, hasBytes }) => [id, hasBytes])).toEqual([
      [made?.id, true],
      [left.id, true],
    ]);
  });

  it("recognises a renamed file by its bytes", async () => {
    await write("old.png", numberedPng(1));
    await sync({ apply: true });
    await rm(join(directory, "old.png"));
    await write("new.png", numberedPng(1));
    expect((await sync()).plan).toMatchObject({ same: 1, new: 0, onlyOnSite: 0 });
  });

  it("tells the old asset as superseded by the new one, and keeps it", async () => {
    await write("logo.png", numberedPng(1));
    await sync({ apply: true });
    await write("logo.png", numberedPng(2, 300));
    const { files } = await sync({ apply: true });
    expect(files.map(({ status }) => status)).toEqual(["onlyOnSite", "changed"]);
    expect(files[0]?.notes?.[0]).toContain("Superseded by the local logo.png");
    expect(site.emulator.library.assets(site.emulator.siteId)).toHaveLength(2);
  });

  it("leaves out dotfiles, temporary files, and links that lead out", async () => {
    await write("a.png", numberedPng(1));
    await write(".hidden/b.png", numberedPng(2));
    await write(".env", "SECRET=1");
    await write("~$draft.docx", "x");
    await write("Thumbs.db", "x");
    await symlink("/etc/hostname", join(directory, "link.txt"));
    await symlink(directory, join(directory, "loop"));
    expect((await sync()).files.map(({ path }) => path)).toEqual(["a.png"]);
  });

  it("syncs to a folder that is named by its id, and to none that does not exist", async () => {
    await write("deep/a.png", numberedPng(1));
    const { folder } = await site.service.ensureFolder({ path: "Mirror/Below" }, callContext());
    const byId = { folder: undefined, folderId: folder.id };
    expect(await sync({ ...byId, apply: true })).toMatchObject({ uploaded: 1, folder });
    expect((await sync({ folder: "Mirror/Below" })).plan).toMatchObject({ same: 1, new: 0 });
    await expect(sync({ folder: undefined, folderId: "0".repeat(24) })).rejects.toMatchObject({
      code: "FOLDER_NOT_FOUND",
    });
    await expect(sync({ folder: undefined })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(sync({ folderId: folder.id })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("takes the files that include names and exclude does not", async () => {
    await write("a.png", numberedPng(1));
    await write("deep/b.png", numberedPng(2));
    await write("deep/c.txt", "text");
    const { files } = await sync({ include: ["**/*.png"], exclude: ["deep/**"] });
    expect(files.map(({ path }) => path)).toEqual(["a.png"]);
  });

  it("tells in the plan what it left out, and patterns that keep nothing private", async () => {
    await write("a.png", numberedPng(1));
    await write("private/b.png", numberedPng(2));
    const { plan, leftOut } = await sync({ exclude: ["private/", "privat"] });
    expect(plan).toMatchObject({ new: 1 });
    expect(leftOut).toEqual([
      { why: expect.stringContaining("apply refuses them"), count: 1, names: ["privat"] },
      { why: "excluded", count: 1, names: ["private/"] },
    ]);
  });

  it("uploads nothing when exclude names something that is not there", async () => {
    await write("private/passport.png", numberedPng(1));
    await expect(sync({ apply: true, exclude: ["privat"] })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining('"privat"'),
    });
    expect(site.emulator.requests.count()).toBe(0);
  });

  it.each([
    ["/etc", "SOURCE_NOT_ALLOWED"],
    ["../..", "SOURCE_NOT_ALLOWED"],
    [".cache", "SOURCE_NOT_ALLOWED"],
    ["missing", "SOURCE_NOT_FOUND"],
    ["a.png", "INVALID_INPUT"],
  ])("refuses the directory %s", async (path, code) => {
    await write("a.png", numberedPng(1));
    await expect(sync({ directory: path })).rejects.toMatchObject({ code });
    expect(site.emulator.requests.count()).toBe(0);
  });
});

function greyPng(level: number): Promise<Buffer> {
  const background = { r: level, g: level, b: level };
  return sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Counts the bytes that are read of each file, by its inode. */
async function countReads(path: string) {
  const probe = await open(path);
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const read = handles.read;
  const bytesOf = new Map<number, number>();
  vi.spyOn(handles, "read").mockImplementation(async function (this: typeof probe, ...args: unknown[]) {
    const result = await Reflect.apply(read, this, args);
    const { ino } = await this.stat();
    bytesOf.set(ino, (bytesOf.get(ino) ?? 0) + result.bytesRead);
    return result;
  });
  return bytesOf;
}
