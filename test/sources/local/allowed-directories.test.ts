import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { resolveAllowedDirectory } from "../../../src/sources/local/allowed-directories.js";
import { createAllowedDirectories } from "../../../src/sources/local/directories-in-use.js";
import { locateAllowed, openAllowedFile } from "../../../src/sources/local/open-allowed-file.js";
import { createSourceReader } from "../../../src/sources/source-reader.js";
import { callContext } from "../../builders/call.js";
import { makeTree } from "../../builders/file-tree.js";
import { codeOf } from "../../builders/outcome.js";

const tree = makeTree({
  "pictures/photo.png": "photo",
  "pictures/album": "directory",
  "pictures/way-out": { symlink: "../other" },
  "other/secret.png": "secret",
  link: { symlink: "pictures" },
  file: "no directory",
});
afterAll(() => tree.remove());
const pictures = join(tree.root, "pictures");

describe("resolveAllowedDirectory", () => {
  it("keeps the path as given beside the real one", async () => {
    const link = join(tree.root, "link");
    expect(await resolveAllowedDirectory(link, undefined)).toEqual({ given: link, real: pictures });
  });

  it("gives nothing for what does not exist or is no directory", async () => {
    expect(await resolveAllowedDirectory(join(tree.root, "nowhere"), undefined)).toBeUndefined();
    expect(await resolveAllowedDirectory(join(tree.root, "file"), undefined)).toBeUndefined();
  });

  it("expands ~ in an allowed directory", async () => {
    expect((await resolveAllowedDirectory("~/pictures", tree.root))?.given).toBe(pictures);
    expect((await resolveAllowedDirectory("~", tree.root))?.given).toBe(tree.root);
  });
});

describe("locateAllowed", () => {
  it("finds a directory as well, for whoever walks it", async () => {
    const directories = [{ given: pictures, real: pictures }];
    expect(await locateAllowed([join(pictures, "album")], directories)).toBe(join(pictures, "album"));
    expect(await codeOf(locateAllowed([join(pictures, "way-out")], directories))).toBe("SOURCE_NOT_ALLOWED");
  });
});

describe("openAllowedFile", () => {
  it("gives a handle that stays on the checked file", async () => {
    const directories = [{ given: pictures, real: pictures }];
    const { handle, stats } = await openAllowedFile(join(pictures, "photo.png"), directories);
    expect([await handle.readFile("utf8"), stats.size]).toEqual(["photo", 5]);
    await handle.close();
  });
});

describe("reading a local file", () => {
  it("asks for admission with the size of a local file", async () => {
    const reader = createSourceReader({
      allowedDirectories: createAllowedDirectories([pictures]),
      urlHosts: [],
    });
    const admitted: number[] = [];
    await reader.read("photo.png", callContext(), {
      admit: async (bytes) => {
        admitted.push(bytes);
      },
    });
    expect(admitted).toEqual([5]);
    await reader.close();
  });

  it("is limited to the most bytes the caller wants", async () => {
    const reader = createSourceReader({
      allowedDirectories: createAllowedDirectories([pictures]),
      urlHosts: [],
    });
    expect(await codeOf(reader.read("photo.png", callContext(), { maxBytes: 5 }))).toBe("no error");
    expect(await codeOf(reader.read("photo.png", callContext(), { maxBytes: 4 }))).toBe("FILE_TOO_LARGE");
    await reader.close();
  });

  it("ends the reading of a local file as CANCELLED when the call is cancelled", async () => {
    const reader = createSourceReader({
      allowedDirectories: createAllowedDirectories([pictures]),
      urlHosts: [],
    });
    expect(await codeOf(reader.read("photo.png", callContext({ signal: AbortSignal.abort() })))).toBe(
      "CANCELLED",
    );
    await reader.close();
  });
});
