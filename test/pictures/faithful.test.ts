import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { jpegQuality } from "../../src/files/formats/jpeg-segments.js";
import { findPrivateData } from "../../src/pictures/metadata/private-data.js";
import { createPictureOptimizer } from "../../src/pictures/optimizer.js";
import { callContext } from "../builders/call.js";
import { colourAt, deltaE, gradient, noise, picture, plain, type Rgb } from "../builders/photos.js";
import { withGifExtensions, withJpegSegments, withPngChunks } from "../builders/picture-parts.js";
import { tiffOf, uniformPixels } from "../builders/tiff.js";

const optimizer = createPictureOptimizer();
const optimize = (source: Buffer) => optimizer.optimize(source, callContext());
const SIDE = 64;
const RGB_TIFF = { width: SIDE, height: SIDE, bits: 8, photometric: 2 } as const;
const COLOUR: Rgb = [200, 100, 50];

const tiffOfSamples = (samples: readonly number[], extraSamples?: readonly number[], photometric = 2) =>
  tiffOf({
    ...RGB_TIFF,
    photometric,
    samples: samples.length,
    ...(extraSamples && { extraSamples }),
    pixels: uniformPixels(SIDE * SIDE, samples),
  });

const alphaOf = async (bytes: Buffer) => (await sharp(bytes).ensureAlpha().stats()).channels.at(-1)?.mean;

describe("the channels of a picture", () => {
  it("the channels of a picture of grey and alpha in a PNG stay transparent", async () => {
    const drawn = await picture(120, 80, (x) => (x < 60 ? [0, 0, 0] : [90, 90, 90]))
      .ensureAlpha(0.4)
      .png()
      .toBuffer();
    const logo = await sharp(drawn).toColourspace("b-w").png({ compressionLevel: 0 }).toBuffer();
    expect(await sharp(logo).metadata()).toMatchObject({ channels: 2, space: "b-w" });
    const { bytes } = await optimize(logo);
    expect(await alphaOf(bytes)).toBeCloseTo(102, 0);
  });

  it.each([
    ["with associated alpha", [100, 50, 25, 128], [1]],
    ["with unassociated alpha", [200, 100, 50, 128], [2]],
    ["that does not say what its fourth channel is", [200, 100, 50, 128], undefined],
    ["with alpha and a saved selection", [200, 100, 50, 128, 0], [2, 0]],
    ["with alpha behind a saved selection", [200, 100, 50, 0, 128], [0, 2]],
  ])("the channels of a picture of a TIFF %s stay transparent", async (_, samples, extraSamples) => {
    const { bytes, contentType } = await optimize(tiffOfSamples(samples, extraSamples));
    expect(contentType).not.toBe("image/jpeg");
    expect(await alphaOf(bytes)).toBeCloseTo(128, -1);
    expect(deltaE(await colourAt(bytes, 20, 20), COLOUR)).toBeLessThan(3);
  });

  it.each([
    1, 2, 4,
  ])("the channels of a picture of a TIFF beside %i saved selections are its colours, and opaque", async (selections) => {
    const samples = [...COLOUR, ...Array<number>(selections).fill(0)];
    const { bytes } = await optimize(tiffOfSamples(samples, Array<number>(selections).fill(0)));
    expect((await sharp(bytes).stats()).isOpaque).toBe(true);
    expect(deltaE(await colourAt(bytes, 20, 20), COLOUR)).toBeLessThan(3);
  });
});

describe("the samples of a TIFF", () => {
  it.each([
    ["red, green and blue", 2, 3],
    ["grey", 1, 1],
  ])("the samples of a TIFF in floating point are light: %s", async (_, photometric, samples) => {
    const pixels = uniformPixels(SIDE * SIDE, Array<number>(samples).fill(0.5), 32);
    const source = tiffOf({ ...RGB_TIFF, photometric, bits: 32, samples, sampleFormat: 3, pixels });
    const { bytes } = await optimize(source);
    expect(deltaE(await colourAt(bytes, 20, 20), [188, 188, 188])).toBeLessThan(2);
  });

  it.each([
    ["8-bit Lab", { photometric: 8, bits: 8, samples: 3 }, "Lab"],
    ["12 bits", { photometric: 1, bits: 12, samples: 1 }, "12 bits"],
  ])("are refused by name when they cannot be converted: %s", async (_, kind, title) => {
    const source = tiffOf({ ...RGB_TIFF, ...kind, pixels: Buffer.alloc(SIDE * SIDE * 3) });
    await expect(optimize(source)).rejects.toMatchObject({
      code: "TYPE_NOT_SUPPORTED",
      message: expect.stringContaining(title),
    });
  });

  it("are those of the largest picture in it, not of the thumbnail before it", async () => {
    const thumbnail = {
      ...RGB_TIFF,
      width: 8,
      height: 8,
      samples: 3,
      subfileType: 1,
      pixels: uniformPixels(64, [0, 0, 255]),
    };
    const main = { ...RGB_TIFF, samples: 3, pixels: uniformPixels(SIDE * SIDE, COLOUR) };
    const { bytes } = await optimize(tiffOf(thumbnail, main));
    expect((await sharp(bytes).metadata()).width).toBe(SIDE);
    expect(deltaE(await colourAt(bytes, 20, 20), COLOUR)).toBeLessThan(3);
  });
});

describe("an animation", () => {
  const frames = () => Promise.all([0, 255].map((red) => plain([red, 0, 0]).png().toBuffer()));

  it("an animation of one frame in a WebP keeps it", async () => {
    const still = await plain(COLOUR).webp().toBuffer();
    const source = animatedWebpOfOneFrame(still);
    const { bytes } = await optimize(source);
    expect(bytes.equals(source)).toBe(true);
  });

  it("loses its metadata and no frame: GIF", async () => {
    const plainGif = await sharp(await frames(), { join: { animated: true } })
      .gif()
      .toBuffer();
    const source = withGifExtensions(plainGif, "Jane Q. Owner", "XMP DataXMP", '<x exif:GPSLatitude="4"/>');
    expect(findPrivateData(source).place).toBe(true);
    const { bytes, notes } = await optimize(source);
    expect(bytes.equals(plainGif)).toBe(true);
    expect(notes.join()).toContain("place removed");
  });

  it("loses its metadata and no frame: WebP", async () => {
    const joined = sharp(await frames(), { join: { animated: true } });
    const source = await joined
      .withExif({ IFD3: { GPSLatitudeRef: "N" } })
      .webp()
      .toBuffer();
    const { bytes, changed } = await optimize(source);
    expect(changed).toBe(true);
    const { pages, exif } = await sharp(bytes).metadata();
    expect([pages, exif]).toEqual([2, undefined]);
  });

  it("an animation that is too large a GIF becomes an animated WebP", async () => {
    const noisy = await Promise.all([1, 2, 3].map((seed) => noise(200, 150, { seed }).png().toBuffer()));
    const source = await sharp(noisy, { join: { animated: true } })
      .gif()
      .toBuffer();
    const limited = createPictureOptimizer({ limitBytes: Math.floor(source.length / 2) });
    const { bytes, contentType } = await limited.optimize(source, callContext());
    expect(contentType).toBe("image/webp");
    expect((await sharp(bytes).metadata()).pages).toBe(3);
  });
});

describe("colours that no profile names", () => {
  it.each([
    ["linear light", 100_000, [188, 188, 188]],
    ["a gamma of 1.8", 55_556, [145, 145, 145]],
  ] as const)("colours that no profile names in a PNG are converted: %s", async (_, gamma, seen) => {
    const source = withPngChunks(await plain([128, 128, 128]).png({ compressionLevel: 0 }).toBuffer(), [
      "gAMA",
      uint32(gamma),
    ]);
    const { bytes } = await optimize(source);
    expect(deltaE(await colourAt(bytes, 20, 20), seen)).toBeLessThan(2.5);
  });

  it("colours that no profile names in a PNG of 16 bits in grey and alpha are converted, too", async () => {
    const source = withPngChunks(
      await plain([128, 128, 128]).ensureAlpha(0.5).toColourspace("grey16").png().toBuffer(),
      ["gAMA", uint32(100_000)],
    );
    const { bytes } = await optimize(source);
    const { data } = await sharp(bytes)
      .toColourspace("srgb")
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[0] ?? 0) - 188)).toBeLessThanOrEqual(2);
    expect(Math.abs((data[3] ?? 0) - 128)).toBeLessThanOrEqual(2);
  });

  it("colours that no profile names in an HDR PNG (PQ) stay as they are, and the note says so", async () => {
    const png = await gradient(60, 40).png({ compressionLevel: 0 }).toBuffer();
    const source = withPngChunks(png, ["cICP", Buffer.of(9, 16, 0, 1)]);
    const { bytes, notes } = await optimize(source);
    expect(bytes.equals(source)).toBe(true);
    expect(notes.join()).toMatch(/sent as it is/);
  });
});

describe("a picture that has to be turned", () => {
  it("stays a palette, and grows by a twentieth at most", async () => {
    const drawn = picture(300, 200, (x, y) => [(x >> 5) * 30, (y >> 5) * 40, 90]);
    const source = await drawn.png({ palette: true, dither: 0 }).withMetadata({ orientation: 6 }).toBuffer();
    const { bytes } = await optimize(source);
    expect((await sharp(bytes).metadata()).isPalette).toBe(true);
    expect(bytes.length).toBeLessThanOrEqual(source.length * 1.05);
  });

  it.each([30, 60])("is written at no more than its own quality as a JPEG: %i", async (quality) => {
    const source = await noise(600, 400).jpeg({ quality }).withMetadata({ orientation: 3 }).toBuffer();
    const { bytes } = await optimize(source);
    expect(jpegQuality(bytes)).toBeLessThanOrEqual(quality);
    expect(bytes.length).toBeLessThanOrEqual(source.length * 1.05);
  });
});

describe("a BMP", () => {
  it.each([1, -1])("becomes a PNG or a JPEG, its rows in order (%i)", async (direction) => {
    const { bytes, contentType } = await optimize(bmpOf(COLOUR, [0, 0, 255], direction));
    expect(["image/png", "image/jpeg"]).toContain(contentType);
    expect(deltaE(await colourAt(bytes, 10, 2), COLOUR)).toBeLessThan(3);
    expect(deltaE(await colourAt(bytes, 10, SIDE - 3), [0, 0, 255])).toBeLessThan(3);
  });
});

describe("private data", () => {
  it.each([
    ["a drone's XMP", '<rdf:Description drone-dji:GpsLatitude="48.1"/>'],
    [
      "a nested place",
      "<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li>x</rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>",
    ],
    ["a city", "<photoshop:City>Paris</photoshop:City>"],
  ])("is found in %s", async (_, xmp) => {
    const jpeg = await plain(COLOUR).jpeg().toBuffer();
    const source = withJpegSegments(jpeg, [0xe1, `http://ns.adobe.com/xap/1.0/\0${xmp}`]);
    expect(findPrivateData(source).place).toBe(true);
  });

  it("is found where XMP names a directory of its author", async () => {
    const jpeg = await plain(COLOUR).jpeg().toBuffer();
    const xmp = "<stRef:filePath>/Users/jane/Desktop/a.psd</stRef:filePath>";
    const source = withJpegSegments(jpeg, [0xe1, `http://ns.adobe.com/xap/1.0/\0${xmp}`]);
    expect(findPrivateData(source).homeDirectory).toBe("/Users/jane");
  });

  it("is found in a raw profile of a PNG", async () => {
    const tiff = (
      await sharp(
        await plain(COLOUR)
          .withExif({ IFD3: { GPSLatitudeRef: "N" } })
          .jpeg()
          .toBuffer(),
      ).metadata()
    ).exif;
    const digits = tiff?.toString("hex") ?? "";
    const text = `Raw profile type APP1\0\nexif\n    ${digits.length / 2}\n${digits}\n`;
    const source = withPngChunks(await plain(COLOUR).png().toBuffer(), ["tEXt", Buffer.from(text, "latin1")]);
    expect(findPrivateData(source).place).toBe(true);
  });

  it.each([
    ["video", Buffer.concat([Buffer.from("\0\0\0\x18ftypmp42", "latin1"), Buffer.alloc(500, 7)])],
    ["data", Buffer.alloc(500, 7)],
  ])("private data behind the end of a JPEG and a PNG is told: %s", async (kind, rest) => {
    for (const picture of [await plain(COLOUR).jpeg().toBuffer(), await plain(COLOUR).png().toBuffer()]) {
      expect(findPrivateData(picture).behindEnd).toBeUndefined();
      expect(findPrivateData(Buffer.concat([picture, rest])).behindEnd).toBe(kind);
    }
  });

  it("private data that points to itself keeps no decoder busy", async () => {
    // One directory of 100 entries of 4,000 values each, all of them where the directory itself lies.
    const exif = Buffer.alloc(8 + 2 + 1200 + 4, 0);
    exif.write("II*\0\x08\0\0\0", 0, "latin1");
    exif.writeUInt16LE(100, 8);
    for (let entry = 0; entry < 100; entry += 1)
      exif.set([0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0], 10 + entry * 12);
    const jpeg = await noise(100, 80).jpeg({ quality: 95 }).toBuffer();
    const source = withJpegSegments(jpeg, [0xe1, `Exif\0\0${exif.toString("latin1")}`]);
    const before = process.cpuUsage();
    expect((await optimize(source)).bytes.includes("Exif")).toBe(false);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000_000).toBeLessThan(2);
  });
});

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A still WebP put into an animation of one frame. RFC 9649, section 2.7.1. */
function animatedWebpOfOneFrame(still: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.from(`${type}\0\0\0\0`, "latin1");
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  const size = Buffer.of(SIDE - 1, 0, 0, SIDE - 1, 0, 0);
  const frame = Buffer.concat([Buffer.alloc(6), size, Buffer.of(100, 0, 0, 0), still.subarray(12)]);
  const chunks = Buffer.concat([
    chunk("VP8X", Buffer.concat([Buffer.of(2, 0, 0, 0), size])),
    chunk("ANIM", Buffer.alloc(6)),
    chunk("ANMF", frame),
  ]);
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(4 + chunks.length, 4);
  return Buffer.concat([head, chunks]);
}

/** A BMP of 24 bits, of two colours above each other; a negative direction writes its rows from the top. */
function bmpOf(upper: Rgb, lower: Rgb, direction: number): Buffer {
  const header = Buffer.alloc(54);
  header.write("BM", "latin1");
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(SIDE, 18);
  header.writeInt32LE(direction * SIDE, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  const row = ([red, green, blue]: Rgb) =>
    Buffer.concat(Array<Buffer>(SIDE).fill(Buffer.of(blue, green, red)));
  const rows = Array.from({ length: SIDE }, (_, y) => row(y < SIDE / 2 ? upper : lower));
  return Buffer.concat([header, ...(direction > 0 ? rows.reverse() : rows)]);
}
