import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isCutOff } from "../../src/files/cut-off.js";
import { detectType } from "../../src/files/detect-type.js";
import { officeBytes } from "../builders/bytes.js";
import { gradient } from "../builders/photos.js";
import { withGifExtensions } from "../builders/picture-parts.js";

const FORMATS = ["png", "jpg", "webp", "gif", "avif"] as const;
const SHARES = [0.3, 0.6, 0.95];

const notesOn = async (bytes: Buffer, extension: string) =>
  (await detectType(bytes, extension)).notes?.join(" ") ?? "";

/** A document of one page, as small writers make it. */
const pdf = (end = "%%EOF\n") =>
  Buffer.from(
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
      "3 0 obj<</Type/Page/MediaBox[0 0 3 3]/Parent 2 0 R>>endobj\nxref\n0 4\ntrailer<</Root 1 0 R/Size 4>>\n" +
      `startxref\n190\n${end}`,
  );

/** 24 bits a pixel, 4 x 4. */
function bmp(): Buffer {
  const header = Buffer.alloc(54);
  header.write("BM", "latin1");
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(4, 18);
  header.writeInt32LE(4, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, Buffer.alloc(48, 1)]);
}

describe.each(FORMATS)("a picture as %s", (extension) => {
  const whole = () =>
    gradient(200, 150)
      .toFormat(extension === "jpg" ? "jpeg" : extension)
      .toBuffer();

  it.each(SHARES)("a picture of which only %d is there is told as cut off", async (share) => {
    const bytes = await whole();
    expect(await notesOn(bytes.subarray(0, bytes.length * share), extension)).toContain("cut off");
  });

  it("a picture that is whole, or has something behind its end, is not told as cut off", async () => {
    const bytes = await whole();
    expect(await notesOn(bytes, extension)).toBe("");
    expect(await notesOn(Buffer.concat([bytes, Buffer.alloc(300)]), extension)).toBe("");
  });
});

describe("a file that is whole in another way than most", () => {
  it("is not told as cut off: a progressive JPEG, an animation, a GIF without its last byte", async () => {
    const progressive = await gradient(200, 150).jpeg({ progressive: true }).toBuffer();
    const frames = await Promise.all(
      [1, 2].map((seed) =>
        gradient(40 * seed, 40)
          .resize(40)
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const webp = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer();
    expect(await notesOn(progressive, "jpg")).toBe("");
    expect(await notesOn(gif, "gif")).toBe("");
    expect(await notesOn(gif.subarray(0, -1), "gif")).toBe("");
    expect(await notesOn(withGifExtensions(gif, "hello", "XMP DataXMP", "x"), "gif")).toBe("");
    expect(await notesOn(webp, "webp")).toBe("");
  });

  it("is not told as cut off: a PDF with empty lines or a signature behind its end", async () => {
    expect(await notesOn(pdf(), "pdf")).toBe("");
    expect(await notesOn(pdf(`%%EOF${"\r\n".repeat(3_000)}`), "pdf")).toBe("");
    expect(await notesOn(pdf(`%%EOF${" ".repeat(6_000)}`), "pdf")).toBe("");
    expect(await notesOn(pdf(`%%EOF\n<!-- ${"x".repeat(2_000)} -->`), "pdf")).toBe("");
  });
});

describe("a file of which nobody can tell whether it is whole", () => {
  it("is not told as cut off", async () => {
    expect(isCutOff(Buffer.from("hello"), "txt")).toBe(false);
    expect(isCutOff(officeBytes(), "docx")).toBe(false);
    expect(await notesOn(officeBytes(), "docx")).toBe("");
    expect(isCutOff(Buffer.from("%PDF-1.4 of nothing"), "pdf")).toBe(false);
    expect(isCutOff(Buffer.from("  \n"), "pdf")).toBe(false);
    expect(isCutOff(Buffer.alloc(0), "pdf")).toBe(false);
  });
});

describe("a PDF or BMP of which the end is missing", () => {
  it("is told as cut off", async () => {
    expect(await notesOn(pdf().subarray(0, 120), "pdf")).toContain("cut off");
    expect(await notesOn(pdf(""), "pdf")).toContain("cut off");
    expect(await notesOn(bmp(), "bmp")).toBe("");
    expect(await notesOn(bmp().subarray(0, 80), "bmp")).toContain("cut off");
  });
});
