import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readWholePicture } from "../../src/files/formats/whole-picture.js";
import { gifBytes, svgBytes, wholePng } from "../builders/bytes.js";
import { pngOf } from "../builders/picture-parts.js";

const picture = sharp({ create: { width: 70, height: 30, channels: 4, background: "#f008" } });
const FORMATS = {
  png: picture.clone().png().toBuffer(),
  jpeg: picture.clone().jpeg({ progressive: true }).toBuffer(),
  gif: picture.clone().gif().toBuffer(),
  webp: picture.clone().webp().toBuffer(),
  "webp without alpha": picture.clone().removeAlpha().webp().toBuffer(),
  "lossless webp": picture.clone().webp({ lossless: true }).toBuffer(),
};

describe("a whole picture", () => {
  it.each(Object.entries(FORMATS))("is told by its type and size: %s", async (name, made) => {
    const contentType = `image/${name.match(/png|jpeg|gif|webp/)}`;
    expect(readWholePicture(await made)).toEqual({ contentType, width: 70, height: 30 });
  });

  it.each(Object.entries(FORMATS))("is none when it is cut off anywhere: %s", async (_, made) => {
    const bytes = await made;
    const cut = Array.from({ length: 40 }, (_, index) =>
      bytes.subarray(0, Math.floor((bytes.length * index) / 41)),
    );
    expect(cut.map(readWholePicture).filter((found) => found !== undefined)).toEqual([]);
  });

  it("is none of the files that are no pictures for models", async () => {
    expect(readWholePicture(svgBytes())).toBeUndefined();
    expect(readWholePicture(await picture.clone().tiff().toBuffer())).toBeUndefined();
    expect(readWholePicture(Buffer.alloc(0))).toBeUndefined();
  });
});

const sized = (template: Buffer, change: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.from(template);
  change(bytes);
  return bytes;
};

describe("a whole picture of handmade bytes", () => {
  const segment = (marker: number, ...data: number[]): number[] => [
    0xff,
    marker,
    0,
    data.length + 2,
    ...data,
  ];
  const jpeg = (...segments: number[][]): Buffer =>
    Buffer.of(0xff, 0xd8, ...segments.flat(), ...segment(0xda, 1), 0x12, 0xff, 0xd9);
  const frame = (marker: number): number[] => segment(marker, 8, 1, 2, 3, 4);

  it.each([
    0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc7, 0xc9, 0xcb, 0xcd, 0xcf,
  ])("is a JPEG with a frame of the kind %d", (kind) => {
    expect(readWholePicture(jpeg(frame(kind)))).toEqual({
      contentType: "image/jpeg",
      width: 0x304,
      height: 0x102,
    });
  });

  it.each([0xc4, 0xc8, 0xcc, 0xd0, 0xdb, 0xe0])("is told nothing by what is no frame: %d", (marker) => {
    expect(readWholePicture(jpeg(frame(marker)))).toBeUndefined();
    const other = segment(marker, 9, 9, 9, 9, 9);
    expect(readWholePicture(jpeg(other, frame(0xc0)))?.width).toBe(0x304);
  });

  it("is told nothing by a frame that is too short", () => {
    expect(readWholePicture(jpeg(segment(0xc0, 8, 1, 2, 3)))).toBeUndefined();
    expect(readWholePicture(jpeg(segment(0xc0), frame(0xc2)))?.height).toBe(0x102);
  });

  const webp = (type: string, ...data: number[]): Buffer => {
    const bytes = Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${type}\0\0\0\0`), Buffer.from(data)]);
    bytes.writeUInt32LE(bytes.length - 8, 4);
    bytes.writeUInt32LE(data.length, 16);
    return bytes;
  };

  it("is a WebP of each kind", () => {
    const contentType = "image/webp";
    expect(readWholePicture(webp("VP8X", 0, 0, 0, 0, 1, 2, 3, 4, 5, 6))).toEqual({
      contentType,
      width: 0x030201 + 1,
      height: 0x060504 + 1,
    });
    expect(readWholePicture(webp("VP8 ", 0, 0, 0, 0, 0, 0, 0x34, 0xd2, 0x56, 0xd3))).toEqual({
      contentType,
      width: 0x1234,
      height: 0x1356,
    });
    const bits = 0x123 | (0x1456 << 14);
    const lossless = [
      0x2f,
      bits & 255,
      (bits >> 8) & 255,
      (bits >> 16) & 255,
      (bits >> 24) & 255,
      0,
      0,
      0,
      0,
      0,
    ];
    expect(readWholePicture(webp("VP8L", ...lossless))).toEqual({
      contentType,
      width: 0x124,
      height: 0x1457,
    });
  });

  it("is no WebP that is too short, or of another kind", () => {
    expect(readWholePicture(webp("VP8 ", 0, 0, 0, 0, 0, 0, 1, 0))).toBeUndefined();
    expect(readWholePicture(webp("ALPH", 0, 0, 0, 0, 1, 0, 0, 1, 0, 0))).toBeUndefined();
  });

  it("is no PNG that ends where its size should stand", () => {
    expect(readWholePicture(pngOf())).toBeUndefined();
    expect(readWholePicture(pngOf(["IHDR", Buffer.alloc(0)]))).toBeUndefined();
  });

  it("has pixels", () => {
    const png = wholePng(3, 2);
    const gif = gifBytes();
    expect(readWholePicture(png)).toEqual({ contentType: "image/png", width: 3, height: 2 });
    expect(readWholePicture(gif)).toEqual({ contentType: "image/gif", width: 1, height: 1 });
    for (const [template, positions] of [
      [png, [19, 23]],
      [gif, [6, 8]],
    ] as const) {
      for (const position of positions) {
        expect(readWholePicture(sized(template, (bytes) => bytes.writeUInt8(0, position)))).toBeUndefined();
      }
    }
  });
});
