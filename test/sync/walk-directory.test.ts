import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { AllowedDirectory } from "../../src/sources/local/allowed-directories.js";
import { readLocalSource } from "../../src/sources/local/local-source.js";
import { type WalkOptions, walkDirectory } from "../../src/sync/walk-directory.js";
import { callContext } from "../builders/call.js";
import { type Entry, makeTree } from "../builders/file-tree.js";
import { codeOf } from "../builders/outcome.js";

let cleanUp: (() => void)[] = [];
const onUnix = process.platform !== "win32";

afterEach(() => {
  for (const undo of cleanUp.reverse()) undo();
  cleanUp = [];
});

function tree(entries: Record<string, Entry>): { root: string; directories: AllowedDirectory[] } {
  const { root, remove } = makeTree(entries);
  cleanUp.push(remove);
  return { root, directories: [{ given: root, real: root }] };
}

async function walk({ root, directories }: ReturnType<typeof tree>, options: WalkOptions = {}) {
  const { files, ...rest } = await walkDirectory(root, directories, options, callContext());
  return { paths: files.map(({ path }) => path), files, ...rest };
}

describe("what is excluded", () => {
  it("stays private when a link leads to it under another name", async () => {
    const place = tree({
      "private/passport.jpg": "x",
      "a.jpg": "x",
      album: { symlink: "private" },
      "b.jpg": { symlink: "private/passport.jpg" },
    });
    const { paths, leftOut } = await walk(place, { exclude: ["private"] });
    expect(paths).toEqual(["a.jpg"]);
    expect(leftOut).toEqual([{ why: "excluded", count: 3, names: ["private/", "album/", "b.jpg"] }]);
  });

  it("excludes a directory that is named by its absolute path", async () => {
    const place = tree({ "private/passport.jpg": "x", "a.jpg": "x" });
    expect((await walk(place, { exclude: [join(place.root, "private")] })).paths).toEqual(["a.jpg"]);
  });

  it.runIf(onUnix)("is not opened", async () => {
    const place = tree({ "locked/x.jpg": "x", "a.jpg": "x" });
    lock(join(place.root, "locked"));
    const { paths, leftOut } = await walk(place, { exclude: ["locked", "locked/x.jpg"] });
    expect(paths).toEqual(["a.jpg"]);
    expect(leftOut.map(({ why }) => why)).toEqual(["excluded"]);
  });

  it("is told when there is no such thing, but for what is left out anyway", async () => {
    const place = tree({ "private/passport.jpg": "x", "a.jpg": "x" });
    const exclude = ["privat", "private", "private/passport.jpg", ".git", "**/Thumbs.db", "~$*", "!a.jpg"];
    expect((await walk(place, { exclude })).unmatchedExcludes).toEqual(["privat", "!a.jpg"]);
  });
});

describe("what is included", () => {
  it("is a name where there is one, else a glob", async () => {
    const place = tree({ "[ab].jpg": "x", "a.jpg": "x", "b.png": "x", "c.png": "x" });
    expect((await walk(place, { include: ["[ab].jpg", "[ab].png"] })).paths).toEqual(["[ab].jpg", "b.png"]);
  });

  it("is told with what was not, and with patterns that took nothing", async () => {
    const place = tree({ "Spring/a.jpg": "x", "Spring/deep/b.jpg": "x", "c.jpg": "x" });
    const { paths, leftOut } = await walk(place, { include: ["spring", "*.heic"] });
    expect(paths).toEqual(["Spring/a.jpg", "Spring/deep/b.jpg"]);
    expect(leftOut).toEqual([
      { why: "not matched by include", count: 1, names: ["c.jpg"] },
      { why: "include patterns that match nothing", count: 1, names: ["*.heic"] },
    ]);
  });
});

const LEFT_BEHIND = [
  "#recycle/a.jpg",
  "@Recycle/a.jpg",
  "$RECYCLE.BIN/a.jpg",
  "System Volume Information/a.jpg",
  "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg",
  "lost+found/a.jpg",
  "ehthumbs.db",
  "Icon\r",
  "a.jpg_original",
  "~$draft.docx",
  "Thumbs.db",
  "b.jpg.part",
];
const BUNDLES = [
  "Library.photoslibrary/originals/a.jpg",
  "Catalog Previews.lrdata/a.jpg",
  "Tool.app/icon.png",
];

describe("what systems and programs leave behind", () => {
  it("leaves out what systems and programs leave behind, and counts it", async () => {
    const entries = [
      ...LEFT_BEHIND,
      ...BUNDLES,
      "node_modules/logo.png",
      ".photo.jpg.icloud",
      ".env",
      "a.jpg",
    ];
    const { paths, leftOut } = await walk(tree(Object.fromEntries(entries.map((path) => [path, "x"]))));
    expect(paths).toEqual(["a.jpg"]);
    expect(Object.fromEntries(leftOut.map(({ why, count }) => [why.replace(/ \(.*/, ""), count]))).toEqual({
      "left behind by the system or programs": LEFT_BEHIND.length,
      "libraries and packages of programs": BUNDLES.length,
      "installed code packages": 1,
      "in the cloud and not on this disk": 1,
      hidden: 1,
    });
    expect(leftOut.every(({ names }) => names.length <= 5)).toBe(true);
  });

  it("takes what a rule ignores when include names it", async () => {
    const place = tree({
      "#recycle/a.jpg": "x",
      "L.photoslibrary/b.jpg": "x",
      "@eaDir/c.jpg": "x",
      "d.jpg": "x",
    });
    const { paths } = await walk(place, { include: ["#recycle", "*.photoslibrary/**/*.jpg", "d.*"] });
    expect(paths).toEqual(["#recycle/a.jpg", "L.photoslibrary/b.jpg", "d.jpg"]);
  });
});

describe("one entry that cannot be read", () => {
  it.runIf(onUnix)("does not end the walk", async () => {
    const place = tree({ "locked/x.jpg": "x", "a.jpg": "x" });
    lock(join(place.root, "locked"));
    const { paths, leftOut } = await walk(place);
    expect(paths).toEqual(["a.jpg"]);
    expect(leftOut).toMatchObject([
      { why: expect.stringMatching(/^not readable: no permission/), names: ["locked/"] },
    ]);
  });

  it("is told by its reason: links, what is neither, what lies too deep", async () => {
    const deep = Array.from({ length: 33 }, (_, level) => level).join("/");
    const place = tree({
      "a.jpg": "x",
      out: { symlink: "/etc" },
      dangling: { symlink: "nowhere" },
      loop: { symlink: "." },
      [`${deep}/x.jpg`]: "x",
    });
    await listenAt(join(place.root, "socket"));
    const { paths, leftOut } = await walk(place);
    expect(paths).toEqual(["a.jpg"]);
    expect(leftOut.map(({ why, names }) => [why, names[0]?.slice(-9)]).sort()).toEqual([
      ["deeper than 32 levels", "30/31/32/"],
      ["links that lead nowhere", "dangling"],
      ["links that lead out of the allowed directories, or to something hidden", "out"],
      ["links to what is part of the sync already", "loop/"],
      ["neither files nor directories", "socket"],
    ]);
  });

  it.runIf(onUnix)("is an error when it is the directory itself", async () => {
    const place = tree({ "locked/x.jpg": "x" });
    lock(join(place.root, "locked"));
    const root = join(place.root, "locked");
    expect(await codeOf(walk({ root, directories: place.directories }))).toBe("SOURCE_NOT_ALLOWED");
  });
});

describe.runIf(process.platform === "linux")("a name that is not UTF-8", () => {
  it("is mended, and the file can be read by what the walk found it by", async () => {
    const place = tree({ "a.jpg": "x" });
    const directory = Buffer.concat([Buffer.from(`${place.root}/`), Buffer.from("Et\xe9s", "latin1")]);
    mkdirSync(directory);
    writeFileSync(Buffer.concat([directory, Buffer.from("/caf\xe9 1.jpg", "latin1")]), "bytes");
    const { files } = await walk(place);
    const mended = files.find(({ path }) => path === "Etés/café 1.jpg");
    expect(mended?.source).toMatch(/^file:\/\/\/.*\/Et%E9s\/caf%E9%201\.jpg$/);
    const read = await readLocalSource(mended?.source ?? "", {
      directories: place.directories,
      maxBytes: 100,
      signal: callContext().signal,
    });
    expect(read).toMatchObject({ name: "café 1.jpg", bytes: Buffer.from("bytes") });
    expect(read.notes).toEqual(['Its name on the disk is not UTF-8; it was read as "café 1.jpg".']);
  });
});

async function listenAt(path: string): Promise<void> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  cleanUp.push(() => server.close());
}

/** Nobody may look into the directory until the test is over, root neither: it goes by another user's name meanwhile. */
function lock(directory: string): void {
  chmodSync(directory, 0);
  chmodSync(dirname(directory), 0o755);
  cleanUp.push(() => chmodSync(directory, 0o700));
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.("nobody");
  cleanUp.push(() => process.seteuid?.(0));
}
