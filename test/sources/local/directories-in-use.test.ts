import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import { createAllowedDirectories, isFarTooLarge } from "../../../src/sources/local/directories-in-use.js";
import { makeTree } from "../../builders/file-tree.js";

let tree: ReturnType<typeof makeTree>;
const at = (name: string): string => join(tree.root, name);
const paths = async (directories: readonly { given: string }[]) => directories.map(({ given }) => given);
const notFound = new AssetError("SOURCE_NOT_FOUND", "No such file", "check the path");

beforeEach(() => {
  tree = makeTree({
    "pictures/photo.png": "photo",
    "other/photo.png": "other",
    "home/me": "directory",
    moving: { symlink: "pictures" },
  });
});
afterEach(() => tree.remove());

describe("allowed directories", () => {
  it("are all that can be used now, in their order", async () => {
    const allowed = createAllowedDirectories([at("other"), at("missing"), at("pictures")]);
    expect(await allowed.use(paths)).toEqual([at("other"), at("pictures")]);
  });

  it("are given as none where none was named", async () => {
    expect(await createAllowedDirectories([]).use(paths)).toEqual([]);
  });

  it("are refused, each with its reason, while none can be used, and taken as soon as one comes", async () => {
    const allowed = createAllowedDirectories([at("later")], { unfilled: ["$" + "{DIRECTORY}"] });
    await expect(allowed.use(paths)).rejects.toMatchObject({
      code: "SOURCE_NOT_ALLOWED",
      message: expect.stringMatching(
        /later does not exist\. .*\{DIRECTORY\} was not filled in by the client/,
      ),
      next: expect.stringContaining("no restart is needed"),
    });
    mkdirSync(at("later"));
    expect(await allowed.use(paths)).toEqual([at("later")]);
  });

  it("lead where they led at the first look, or nowhere until the next start", async () => {
    const allowed = createAllowedDirectories([at("moving"), at("other")]);
    await allowed.look();
    rmSync(at("moving"));
    symlinkSync("home", at("moving"));
    expect(await allowed.use(paths)).toEqual([at("other")]);
    expect(allowed.takeNotes()).toEqual([
      `The allowed directory ${at("moving")} leads to another place than when the server first saw it, ` +
        "and is refused until the next start.",
    ]);
    rmSync(at("moving"));
    symlinkSync("pictures", at("moving"));
    expect(await allowed.use(paths)).toEqual([at("moving"), at("other")]);
  });

  it("allowed directories that cannot be used are told of where a file is not found, and with no other failure", async () => {
    const allowed = createAllowedDirectories([at("pictures"), at("missing")]);
    const failing = (error: Error) => allowed.use(() => Promise.reject(error));
    await expect(failing(notFound)).rejects.toMatchObject({
      code: "SOURCE_NOT_FOUND",
      message: `No such file. The allowed directory ${at("missing")} does not exist`,
      next: "check the path",
      cause: notFound,
    });
    const tooLarge = new AssetError("FILE_TOO_LARGE", "Too large", "shrink it");
    await expect(failing(tooLarge)).rejects.toBe(tooLarge);
  });

  it("allowed directories that can all be used leave a failure as it is", async () => {
    const allowed = createAllowedDirectories([at("pictures")]);
    await expect(allowed.use(() => Promise.reject(notFound))).rejects.toBe(notFound);
  });

  it("allowed directories that are missing are told of once, and those that the client left unfilled not at all", async () => {
    const allowed = createAllowedDirectories([at("pictures"), at("missing")], { unfilled: ["$" + "{A}"] });
    expect(allowed.takeNotes()).toEqual([]);
    await allowed.use(paths);
    expect(allowed.takeNotes()).toEqual([`The allowed directory ${at("missing")} does not exist.`]);
    await allowed.use(paths);
    expect(allowed.takeNotes()).toEqual([]);
  });

  it("allowed directories that hold the whole home directory are warned of, once", async () => {
    const allowed = createAllowedDirectories([at("home"), at("pictures")], { homeDirectory: at("home/me") });
    await allowed.use(paths);
    await allowed.use(paths);
    expect(allowed.takeNotes()).toEqual([expect.stringContaining(`${at("home")} holds far more than files`)]);
  });
});

describe("a directory is far too large", () => {
  const isTooLarge = (real: string, home: string) => isFarTooLarge({ given: real, real }, home);

  it("a directory is far too large when it is a root, or holds the home directory, through links, too", async () => {
    symlinkSync("home", at("homes"));
    expect(await isTooLarge("/", at("home/me"))).toBe(true);
    expect(await isTooLarge(at("home"), at("home/me"))).toBe(true);
    expect(await isTooLarge(at("home/me"), at("home/me"))).toBe(true);
    expect(await isTooLarge(at("home"), at("homes/me"))).toBe(true);
    expect(await isTooLarge("/nowhere", "/nowhere/me")).toBe(true);
  });

  it("a directory is not far too large when it lies beside or below the home directory", async () => {
    expect(await isTooLarge(at("pictures"), at("home/me"))).toBe(false);
    expect(await isTooLarge(at("home/me"), at("home"))).toBe(false);
  });
});
