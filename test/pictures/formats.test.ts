import { createHash } from "node:crypto";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { htmlBytes, isoMediaBytes, pdfBytes, svgBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import {
  colourAt,
  cornersPicture,
  deltaE,
  gradient,
  noise,
  plain,
  ultraHdrJpeg,
} from "../builders/photos.js";
import { pngHeader, pngOf, withJpegSegments } from "../builders/picture-parts.js";

const optimizer = createPictureOptimizer();
const optimize = (source: Buffer) => optimizer.optimize(source, callContext());

describe("the format of the result", () => {
  it.each(["jpeg", "png", "webp", "avif"] as const)("of a %s stays", async (format) => {
    const source = await gradient(3400, 20).toFormat(format).toBuffer();
    const { bytes, contentType, md5 } = await optimize(source);
    expect(contentType).toBe(`image/${format}`);
    expect((await sharp(bytes).metadata()).mediaType).toBe(contentType);
    expect(md5).toBe(createHash("md5").update(bytes).digest("hex"));
  });

  it("the format of the result of a TIFF is JPEG", async () => {
    const { extension, contentType, notes } = await optimize(await gradient(400, 300).tiff().toBuffer());
    expect([extension, contentType]).toEqual(["jpg", "image/jpeg"]);
    expect(notes.join()).toContain("converted to JPEG");
  });

  it("the format of the result of a TIFF with transparency is WebP, and keeps it", async () => {
    const source = await gradient(400, 300).ensureAlpha(0.5).tiff({ compression: "lzw" }).toBuffer();
    const { bytes, contentType } = await optimize(source);
    expect(contentType).toBe("image/webp");
    const { channels } = await sharp(bytes).stats();
    expect(channels[3]?.mean).toBeCloseTo(128, -1);
  });

  it("the format of the result of a TIFF whose alpha is opaque all over is JPEG", async () => {
    const source = await gradient(400, 300).ensureAlpha(1).tiff({ compression: "lzw" }).toBuffer();
    expect((await optimize(source)).contentType).toBe("image/jpeg");
  });

  it("the format of the result of a PNG that does not fit is WebP", async () => {
    const source = await noise(400, 300).png().toBuffer();
    const limitBytes = Math.floor(source.length / 2);
    const optimizer = createPictureOptimizer({ limitBytes });
    const { bytes, contentType, extension } = await optimizer.optimize(source, callContext());
    expect([contentType, extension]).toEqual(["image/webp", "webp"]);
    expect(bytes.length).toBeLessThanOrEqual(limitBytes);
  });

  it("the format of the result of a still GIF that fits stays, byte for byte", async () => {
    const source = await gradient(400, 300).gif().toBuffer();
    const { bytes, changed, contentType } = await optimize(source);
    expect(bytes.equals(source)).toBe(true);
    expect({ changed, contentType }).toEqual({ changed: false, contentType: "image/gif" });
  });

  it("the format of the result of a still GIF that does not fit is PNG or WebP", async () => {
    const source = await noise(200, 150).gif().toBuffer();
    const limitBytes = source.length - 1;
    const { bytes, contentType } = await createPictureOptimizer({ limitBytes }).optimize(
      source,
      callContext(),
    );
    expect(["image/png", "image/webp"]).toContain(contentType);
    expect(bytes.length).toBeLessThanOrEqual(limitBytes);
  });
});

describe("what a picture is made of", () => {
  it("turns 16 bits a channel into 8", async () => {
    const source = await gradient(400, 300).toColourspace("rgb16").png().toBuffer();
    const { bytes } = await optimize(source);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", depth: "uchar" });
    expect(deltaE(await colourAt(bytes, 200, 150), await colourAt(source, 200, 150))).toBeLessThan(2);
  });

  it.each(["jpeg", "png"] as const)("leaves a greyscale %s grey, in one channel", async (format) => {
    const source = await gradient(3400, 300).toColourspace("b-w").toFormat(format).toBuffer();
    const { bytes } = await optimize(source);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 3200, channels: 1, space: "b-w" });
    expect(deltaE(await colourAt(bytes, 1600, 140), await colourAt(source, 1700, 149))).toBeLessThan(2);
  });

  it("keeps a palette's transparent colour", async () => {
    const source = await cornersPicture(3400, 300).ensureAlpha(0).png({ palette: true }).toBuffer();
    expect(await sharp(source).metadata()).toMatchObject({ isPalette: true, hasAlpha: true });
    const { bytes } = await optimize(source);
    expect((await sharp(bytes).stats()).channels[3]?.max).toBe(0);
  });

  it("reads a progressive JPEG", async () => {
    const source = await gradient(3400, 300).jpeg({ progressive: true, quality: 95 }).toBuffer();
    const { bytes } = await optimize(source);
    expect(deltaE(await colourAt(bytes, 1600, 140), await colourAt(source, 1700, 149))).toBeLessThan(2.5);
  });

  it.each([
    ["small enough already", 300],
    ["larger than websites need", 3400],
  ])("leaves the ordinary picture of an Ultra HDR JPEG that is %s", async (_, width) => {
    const source = await ultraHdrJpeg(gradient(width, 200));
    expect((await sharp(source).metadata()).gainMap?.image.length).toBeGreaterThan(100);
    const { bytes, notes } = await optimize(source);
    expect((await sharp(bytes).metadata()).gainMap).toBeUndefined();
    expect(bytes.includes("hdrgm")).toBe(false);
    expect(bytes.indexOf(Buffer.of(0xff, 0xd8, 0xff), 2)).toBe(-1);
    const x = Math.min(width, 3200) / 2;
    expect(deltaE(await colourAt(bytes, x, 94), await colourAt(source, width / 2, 100))).toBeLessThan(4);
    expect(notes.join()).toContain("HDR gain map removed");
  });

  it("leaves out a second picture that follows the first (MPF), as phones add them", async () => {
    const second = await plain([0, 0, 0]).jpeg().toBuffer();
    const first = await gradient(300, 200).jpeg({ quality: 60 }).toBuffer();
    const source = Buffer.concat([withJpegSegments(first, [0xe2, "MPF\0II*\0\x08\0\0\0"]), second]);
    const { bytes } = await optimize(source);
    expect(bytes.includes("MPF\0")).toBe(false);
    expect(bytes.includes(second)).toBe(false);
  });
});

describe("a file that is not for optimizing", () => {
  it.each([
    ["SVG", svgBytes()],
    ["PDF", pdfBytes()],
    ["HTML", htmlBytes()],
    ["nothing", Buffer.alloc(0)],
  ])("is left alone, and the notes say so (%s)", async (_, source) => {
    const { bytes, changed, notes } = await optimize(source);
    expect(bytes).toBe(source);
    expect(changed).toBe(false);
    expect(notes.join()).toContain("Not optimized");
  });

  it.each(["gif", "webp"] as const)("is left alone when it is an animated %s", async (format) => {
    const frames = await Promise.all([0, 255].map((red) => plain([red, 0, 0]).png().toBuffer()));
    const source = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(source).metadata()).pages).toBe(2);
    const { bytes, notes } = await optimize(source);
    expect(bytes).toBe(source);
    expect(notes.join()).toContain("animated");
  });

  it("is left alone when it is an animated PNG", async () => {
    const source = pngOf(["IHDR", pngHeader(1, 1)], ["acTL", Buffer.alloc(8)], ["IDAT", Buffer.alloc(20)]);
    const { bytes, notes } = await optimize(source);
    expect(bytes).toBe(source);
    expect(notes.join()).toContain("animated");
  });

  it("is refused as HEIC with how to get a JPEG on each system", async () => {
    const refusal = optimize(isoMediaBytes("heic", "mif1"));
    await expect(refusal).rejects.toMatchObject({
      code: "TYPE_NOT_SUPPORTED",
      next: expect.stringMatching(/iPhone.*Mac.*Windows/s),
    });
  });

  it("is refused as a TIFF that is compressed in a way that cannot be read, which is not called damage", async () => {
    const tiff = await plain([255, 0, 0]).tiff({ compression: "none" }).toBuffer();
    // The entry of the compression: its tag, its type (short) and its number (one).
    const entry = tiff.indexOf(Buffer.from("0301030001000000", "hex"));
    tiff.writeUInt16LE(50_000, entry + 8);
    await expect(optimize(tiff)).rejects.toMatchObject({
      code: "TYPE_NOT_SUPPORTED",
      message: expect.stringContaining("Zstandard"),
    });
  });
});
