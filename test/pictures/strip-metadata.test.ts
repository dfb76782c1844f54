import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { stripMetadata } from "../../src/pictures/metadata/strip-metadata.js";
import { withJpegSegments, withPngChunks } from "../builders/picture-parts.js";

const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>';
let jpeg: Buffer;
let png: Buffer;

beforeAll(async () => {
  const picture = sharp({ create: { width: 20, height: 10, channels: 3, background: "teal" } });
  jpeg = await picture.jpeg().toBuffer();
  png = await picture.png().toBuffer();
});

describe("a picture that is stripped", () => {
  it.each([
    ["Exif", 0xe1, "Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"],
    ["XMP", 0xe1, `http://ns.adobe.com/xap/1.0/\0${XMP}`],
    ["extended XMP", 0xe1, `http://ns.adobe.com/xmp/extension/\0${"0".repeat(40)}${XMP}`],
    ["an APP1 block of an unknown kind", 0xe1, "Maker\0notes"],
    ["IPTC", 0xed, "Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x05\x1c\x02\x50\0\0"],
    ["a thumbnail", 0xe0, "JFXX\0\x10thumbnail"],
    ["the index of further pictures", 0xe2, "MPF\0II*\0"],
    ["a private block", 0xef, "serial number"],
    ["a comment", 0xfe, "by Jane"],
  ])("keeps of a JPEG nothing of %s", (_, marker, data) => {
    const bytes = withJpegSegments(jpeg, [marker, data]);
    expect(stripMetadata(bytes)?.equals(jpeg)).toBe(true);
  });

  it.each([
    ["a text", "tEXt", "Author\0Jane"],
    ["a compressed text", "zTXt", "Author\0\0xyz"],
    ["an international text", "iTXt", `XML:com.adobe.xmp\0\0\0\0\0${XMP}`],
    ["Exif", "eXIf", "II*\0\x08\0\0\0\0\0\0\0\0\0"],
    ["a time", "tIME", "\x07\xea\x01\x01\0\0\0"],
    ["a private chunk", "prVt", "serial number"],
  ])("keeps of a PNG nothing of %s", (_, type, data) => {
    const bytes = withPngChunks(png, [type, Buffer.from(data, "latin1")]);
    expect(stripMetadata(bytes)?.equals(png)).toBe(true);
  });

  it("keeps nothing of what follows its end", () => {
    const trailer = Buffer.from("a motion photo's video");
    expect(stripMetadata(Buffer.concat([jpeg, trailer]))?.equals(jpeg)).toBe(true);
    expect(stripMetadata(Buffer.concat([png, trailer]))?.equals(png)).toBe(true);
  });

  it("keeps its colour profile, and the mark by which decoders read a JPEG's colours", () => {
    const coloured = withJpegSegments(
      jpeg,
      [0xe2, "ICC_PROFILE\0\x01\x01profile"],
      [0xee, "Adobe\0d\0\0\0\0\x01"],
    );
    expect(stripMetadata(coloured)).toBe(coloured);
    const profiled = withPngChunks(png, ["iCCP", Buffer.from("p\0\0profile")]);
    expect(stripMetadata(profiled)).toBe(profiled);
  });

  it("is not touched when it is cut off, since what follows the cut is unknown", () => {
    expect(stripMetadata(jpeg.subarray(0, -2))).toBeUndefined();
    expect(stripMetadata(png.subarray(0, -4))).toBeUndefined();
  });
});
