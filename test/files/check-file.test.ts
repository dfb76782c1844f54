import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFile } from "../../src/files/check-file.js";
import { FILE_TYPES } from "../../src/files/file-types.js";
import {
  dotLottieBytes,
  gifBytes,
  htmlBytes,
  isoMediaBytes,
  jpegBytes,
  lottieJson,
  officeBytes,
  pdfBytes,
  pngBytes,
  svgBytes,
  zipBytes,
} from "../builders/bytes.js";
import { codeOf } from "../builders/outcome.js";
import { aSourceFile } from "../builders/source-file.js";

const text = Buffer.from("hello");

async function nameOf(sourceName: string, bytes: Buffer, fileName?: string): Promise<string> {
  const judged = await checkFile(aSourceFile(sourceName, bytes), fileName === undefined ? {} : { fileName });
  return judged.fileName;
}

describe("the name", () => {
  it.each([
    ["photo.png", pngBytes(), "photo.png"],
    ["PHOTO.JPG", jpegBytes(), "PHOTO.jpg"],
    ["photo.jpeg", jpegBytes(), "photo.jpeg"],
    ["photo.jpg", pngBytes(), "photo.png"],
    ["photo.jfif", jpegBytes(), "photo.jpg"],
    ["photo.heic", jpegBytes(), "photo.jpg"],
    ["photo", gifBytes(), "photo.gif"],
    ["photo.php", pngBytes(), "photo.png"],
    ["release-1.2", pngBytes(), "release-1.2.png"],
    ["", pngBytes(), "image.png"],
    ["", pdfBytes(), "document.pdf"],
    ["", lottieJson(), "animation.json"],
    ["loader.lottie", dotLottieBytes(), "loader.lottie"],
    ["../..", svgBytes(), "image.svg"],
  ])("the name of a source named %j is fitted to its bytes", async (sourceName, bytes, fileName) => {
    expect(await nameOf(sourceName, bytes)).toBe(fileName);
  });

  it.each([
    ["team", "photo.png", pngBytes(), "team.png"],
    ["team", "photo.JPEG", jpegBytes(), "team.JPEG"],
    ["team.jpg", "photo.png", pngBytes(), "team.png"],
    ["report.pdf", "download.php", pdfBytes(), "report.pdf"],
    ["data", "list.csv", text, "data.csv"],
    ["data.txt", "list.csv", text, "data.txt"],
    ["v1.2", "photo.png", pngBytes(), "v1.2.png"],
  ])("asked for as %j for %j is kept as far as the bytes allow", async (asked, sourceName, bytes, fileName) => {
    expect(await nameOf(sourceName, bytes, asked)).toBe(fileName);
  });

  it("the name of which nothing can be kept is NAME_INVALID when it was asked for", async () => {
    expect(await codeOf(nameOf("photo.png", pngBytes(), "/\0/"))).toBe("NAME_INVALID");
  });

  it("is settled: any text gives a name that would be kept, or NAME_INVALID", async () => {
    const bytes = pngBytes();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (asked) => {
        const code = await codeOf(nameOf("x.png", bytes, asked));
        if (code === "no error") {
          const once = await nameOf("x.png", bytes, asked);
          expect(once).toMatch(/\.png$/i);
          expect(once.length).toBeLessThanOrEqual(99);
          expect(await nameOf("x.png", bytes, once)).toBe(once);
        } else {
          expect(code).toBe("NAME_INVALID");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("says in the notes what was changed of the file name", async () => {
    const { notes } = await checkFile(aSourceFile(`${"x".repeat(120)}.jpg`, pngBytes()));
    expect(notes.join()).toMatch(
      /\.jpg replaced by \.png, because the bytes are a PNG image; shortened to 99/,
    );
  });

  it("leaves no note when the file name was not changed", async () => {
    expect((await checkFile(aSourceFile("photo.png", pngBytes()))).notes).toEqual([]);
  });
});

describe("the type", () => {
  it("goes out with the media type of the extension", async () => {
    const accepted = await checkFile(aSourceFile("a.csv", text), { fileName: "b.txt" });
    expect(accepted.contentType).toBe("text/plain");
  });

  it.each([
    ["photo.png", text],
    ["photo.png", htmlBytes()],
    ["photo.jpg", isoMediaBytes("heic")],
    ["photo.pdf", pngBytes()],
    ["report.doc", officeBytes()],
    ["report.docx", zipBytes({ "a.txt": "x" })],
    ["list.csv", pdfBytes()],
    ["notes.txt", svgBytes()],
    ["config.json", Buffer.from('{"secret":1}')],
    ["broken.json", Buffer.from("{")],
    ["loader.lottie", lottieJson()],
    ["photo.mp4", pngBytes()],
    ["view", htmlBytes()],
    ["view.php", htmlBytes()],
  ])("the type of %s with other bytes is TYPE_MISMATCH", async (name, bytes) => {
    expect(await codeOf(checkFile(aSourceFile(name, bytes)))).toBe("TYPE_MISMATCH");
  });

  it.each([
    ["style.css", Buffer.from("a{}")],
    ["script.js", Buffer.from("alert(1)")],
    ["page.html", htmlBytes()],
    ["clip.mp4", isoMediaBytes("mp42")],
    ["font.woff2", Buffer.from("wOF2\0\x01\0\0\0\0", "latin1")],
    ["archive.zip", zipBytes({ a: "b" })],
    ["id_rsa", text],
    ["notes.md", text],
    ["data", Buffer.from([1, 2, 3, 0])],
  ])("the type of %s is TYPE_NOT_SUPPORTED", async (name, bytes) => {
    expect(await codeOf(checkFile(aSourceFile(name, bytes)))).toBe("TYPE_NOT_SUPPORTED");
  });

  it("cannot be laundered by the name that is asked for", async () => {
    expect(await codeOf(checkFile(aSourceFile("id_rsa", text), { fileName: "notes.txt" }))).toBe(
      "TYPE_NOT_SUPPORTED",
    );
  });

  it("tells the direct link when a share link gave a page", async () => {
    const file = aSourceFile("view", htmlBytes(), { origin: "https://drive.google.com/file/d/1AbC/view" });
    await expect(checkFile(file)).rejects.toMatchObject({
      next: expect.stringContaining("https://drive.google.com/uc?export=download&id=1AbC"),
    });
  });

  it.each([
    ["https://www.dropbox.com/s/abc/photo.png", "dl=1"],
    ["https://github.com/a/b/blob/main/photo.png", "Raw"],
    ["https://1drv.ms/i/s!abc", "direct download link"],
    ["https://contoso.sharepoint.com/:i:/g/abc", "direct download link"],
  ])("tells how %s is downloaded", async (origin, advice) => {
    await expect(checkFile(aSourceFile("photo.png", htmlBytes(), { origin }))).rejects.toMatchObject({
      next: expect.stringContaining(advice),
    });
  });

  it("has every type of the table under each of its extensions at most once", () => {
    const extensions = FILE_TYPES.flatMap((fileType) => fileType.extensions);
    expect(new Set(extensions).size).toBe(extensions.length);
  });
});

describe("the size", () => {
  it("refuses a file without a byte as FILE_EMPTY", async () => {
    expect(await codeOf(checkFile(aSourceFile("photo.png", Buffer.alloc(0))))).toBe("FILE_EMPTY");
  });

  it.each([
    ["photo.png", pngBytes(4_194_304), "no error"],
    ["photo.png", pngBytes(4_194_305), "FILE_TOO_LARGE"],
    ["a.pdf", pdfBytes(10_485_760), "no error"],
    ["a.pdf", pdfBytes(10_485_761), "FILE_TOO_LARGE"],
  ])("the size of %s is limited by its kind", async (name, bytes, code) => {
    expect(await codeOf(checkFile(aSourceFile(name, bytes)))).toBe(code);
  });

  it("between the two readings of a megabyte is taken with a note", async () => {
    expect((await checkFile(aSourceFile("photo.png", pngBytes(4_000_000)))).notes).toEqual([]);
    expect((await checkFile(aSourceFile("photo.png", pngBytes(4_000_001)))).notes.join()).toContain("4 MB");
  });
});
