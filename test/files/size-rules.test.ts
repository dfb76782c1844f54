import { describe, expect, it } from "vitest";
import { type CheckFileOptions, checkFile } from "../../src/files/check-file.js";
import type { Detection } from "../../src/files/detect-type.js";
import { fileTypeByExtension } from "../../src/files/file-types.js";
import type { SourceFile } from "../../src/files/source-file.js";

const LARGEST = Buffer.alloc(10 * 1024 * 1024 + 1);

/** A file of so many bytes that turns out to be of the type of `extension`, or what else `detection` tells. */
function check(size: number, extension: string, changes: Partial<SourceFile> & CheckFileOptions = {}) {
  const fileType = fileTypeByExtension(extension);
  const detection: Detection = fileType ? { title: fileType.title, fileType } : { title: "unknown" };
  const { fileName, isOptimized, detect = async () => detection, ...file } = changes;
  const source = { name: `file.${extension}`, origin: "/a/file", notes: [], md5: "", ...file };
  const options = {
    detect,
    ...(fileName !== undefined && { fileName }),
    ...(isOptimized && { isOptimized }),
  };
  return checkFile({ ...source, bytes: LARGEST.subarray(0, size) } as SourceFile, options);
}

describe("the size of a file", () => {
  it.each([
    ["png", 4_194_304],
    ["svg", 4_194_304],
    ["pdf", 10_485_760],
    ["txt", 10_485_760],
    ["json", 10_485_760],
  ])("the size of a file of a .%s may be %i bytes, and not one more", async (extension, most) => {
    await expect(check(most, extension)).resolves.toMatchObject({ fileName: `file.${extension}` });
    await expect(check(most + 1, extension)).rejects.toMatchObject({
      code: "FILE_TOO_LARGE",
      message: expect.stringContaining(`${most + 1} bytes`),
    });
  });

  it.each([
    ["png", 4_000_000, "4 MB"],
    ["pdf", 10_000_000, "10 MB"],
  ])("the size of a file of a .%s is told where it is over %i bytes, which Webflow may refuse", async (extension, certain, title) => {
    expect((await check(certain, extension)).notes).toEqual([]);
    expect((await check(certain + 1, extension)).notes).toEqual([
      `The file has ${certain + 1} bytes, just over ${title} as powers of ten; Webflow may count it as too large.`,
    ]);
  });

  it("is no reason to advise what was done already", async () => {
    await expect(check(LARGEST.length, "png", { isOptimized: true })).rejects.toMatchObject({
      next: "send a smaller image",
    });
  });

  it("has to be more than nothing", async () => {
    await expect(check(0, "png")).rejects.toMatchObject({ code: "FILE_EMPTY" });
    await expect(check(1, "png")).resolves.toMatchObject({ notes: [] });
  });

  it.each([
    ["png", false, "set optimize: true"],
    ["png", true, "send a smaller image"],
    ["svg", false, "SVGO"],
    ["pdf", false, "compress or split the file"],
  ])("the size of a file that is too large comes with what helps: .%s, optimized %s", async (extension, isOptimized, advice) => {
    await expect(check(LARGEST.length, extension, { isOptimized })).rejects.toMatchObject({
      next: expect.stringContaining(advice),
    });
  });
});

describe("a name that ends like a program's", () => {
  it.each([
    ["photo.ashx", "photo.png"],
    ["photo.ASHX", "photo.png"],
    ["photo.v2", "photo.v2.png"],
    ["photo.V2", "photo.V2.png"],
  ])("loses that end, and no other: %s becomes %s", async (name, fileName) => {
    await expect(check(1, "png", { name })).resolves.toMatchObject({ fileName });
  });
});

describe("a file of a type that is not taken", () => {
  const refusedAs = (detection: Detection, file: Partial<SourceFile> = {}) =>
    check(1, "xyz", { detect: async () => detection, ...file });

  it.each([
    [{ title: "a HEIC image", mediaType: "image/heic" }, {}, "TYPE_NOT_SUPPORTED", "Most Compatible"],
    [{ title: "a HEIF image", mediaType: "image/heif" }, {}, "TYPE_NOT_SUPPORTED", "Most Compatible"],
    [{ title: "a TIFF image", mediaType: "image/tiff" }, {}, "TYPE_NOT_SUPPORTED", "optimize: true"],
    [
      { title: "a PNG that breaks off", isCutOff: true },
      { name: "a.png" },
      "TYPE_MISMATCH",
      "an intact copy",
    ],
    [
      { title: "a page", isPage: true },
      { name: "", origin: "https://www.dropbox.com/s/1/a.png" },
      "TYPE_MISMATCH",
      "dl=1",
    ],
    [
      { title: "a page", isPage: true },
      { name: "", origin: "https://example.com/a" },
      "TYPE_MISMATCH",
      "the address of the file itself",
    ],
    [
      { title: "a page", isPage: true },
      { name: "", origin: "a page" },
      "TYPE_MISMATCH",
      "supported types: png",
    ],
    [
      { title: "text" },
      { name: "", origin: "https://example.com/a" },
      "TYPE_NOT_SUPPORTED",
      "supported types",
    ],
  ] as [
    Detection,
    Partial<SourceFile>,
    string,
    string,
  ][])("is refused with what helps: %o, %o", async (detection, file, code, advice) => {
    await expect(refusedAs(detection, file)).rejects.toMatchObject({
      code,
      next: expect.stringContaining(advice),
    });
  });

  it.each([
    [{ title: "text" }, "a.css", '"a.css" is text named .css'],
    [{ title: "text" }, "notes", '"notes" is text without a file extension'],
    [{ title: "text" }, "", "/a/file is text without a file extension"],
    [{ title: "a video", mediaType: "video/mp4" }, "a.mp4", '"a.mp4" is a video'],
  ] as [
    Detection,
    string,
    string,
  ][])("is called what it is: %o named %j", async (detection, name, message) => {
    await expect(refusedAs(detection, { name })).rejects.toMatchObject({
      message: `${message}, which this server does not upload`,
    });
  });
});

describe("the name of a file", () => {
  it.each([
    ["png", { name: "photo.jpg" }, "photo.png", [".jpg replaced by .png"]],
    ["png", { name: "photo" }, "photo.png", [".png added"]],
    ["png", { name: "release-1.2" }, "release-1.2.png", [".png added"]],
    ["png", { name: "image.php" }, "image.png", [".php replaced by .png"]],
    ["jpg", { name: "photo.JPEG" }, "photo.jpeg", []],
    ["png", { name: "" }, "image.png", [".png added"]],
    ["pdf", { name: "" }, "document.pdf", [".pdf added"]],
    ["json", { name: "" }, "animation.json", [".json added"]],
    ["png", { name: "report.pdf", isNamedByAddress: true }, "report.png", [".pdf replaced by .png"]],
    ["png", { name: "a.png", fileName: "Team.jpg" }, "Team.png", [".jpg replaced by .png"]],
  ] as const)("the name of a file of a .%s is mended, and what was changed is told: %o", async (extension, changes, fileName, told) => {
    const accepted = await check(1, extension, changes);
    expect(accepted.fileName).toBe(fileName);
    for (const change of told) expect(accepted.notes.join()).toContain(change);
  });

  it.each([
    ["pdf", { name: "a.pdf", fileName: "a.png" }],
    ["png", { name: "report.pdf" }],
    ["png", { name: "report.pdf", fileName: "report.pdf", isNamedByAddress: true }],
  ] as const)("the name of a file of a .%s may not claim another kind of file: %o", async (extension, changes) => {
    await expect(check(1, extension, changes)).rejects.toMatchObject({
      code: "TYPE_MISMATCH",
      message: expect.stringContaining("cannot be named"),
    });
  });

  it("may have 99 characters, and is shortened from 100 on", async () => {
    const stem = "x".repeat(95);
    expect(await check(1, "png", { name: `${stem}.png` })).toMatchObject({
      fileName: `${stem}.png`,
      notes: [],
    });
    const { fileName, notes } = await check(1, "png", { name: `${stem}x.png` });
    expect([fileName, notes.join()]).toEqual([`${stem}.png`, expect.stringContaining("shortened to 99")]);
  });

  it.each([
    ["text/plain", "image.php", "txt"],
    ["text/plain", "notes", "txt"],
    ["text/csv", "table", "csv"],
    ["text/csv", "table.txt", "txt"],
    ["image/png", "notes", ""],
    [undefined, "notes", ""],
  ])("is read as text where the server says so and it claims nothing: %s, %s", async (declaredType, name, seen) => {
    const extensions: string[] = [];
    const fileType = fileTypeByExtension("txt");
    await check(1, "txt", {
      name,
      ...(declaredType !== undefined && { declaredType }),
      detect: async (_bytes, extension) => {
        extensions.push(extension);
        return { title: "plain text", ...(fileType && { fileType }) };
      },
    });
    expect(extensions).toEqual([seen]);
  });
});
