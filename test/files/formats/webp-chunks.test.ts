import { describe, expect, it } from "vitest";
import { exifOfOrientation } from "../../../src/files/formats/exif.js";
import {
  isAnimatedWebp,
  isCutWebp,
  isLosslessWebp,
  stripWebp,
  webpEnd,
  webpForDecoder,
  webpMetadata,
} from "../../../src/files/formats/webp-chunks.js";

const [ANIMATION, XMP, EXIF, ALPHA, PROFILE] = [0x02, 0x04, 0x08, 0x10, 0x20];
const HEADER_LENGTH = 12;

/** With its padding. */
function chunk(type: string, data: string | Buffer = ""): Buffer {
  const content = Buffer.from(data as string, "latin1");
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function webp(...chunks: readonly Buffer[]): Buffer {
  const content = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const head = Buffer.from("RIFF\0\0\0\0");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

const extended = (flags: number): Buffer => chunk("VP8X", Buffer.of(flags, 0, 0, 0, 3, 0, 0, 3, 0, 0));
const PIXELS = chunk("VP8 ", "pixels");
const ODD_PIXELS = chunk("VP8 ", "pixel");

describe("a WebP that is freed of its metadata", () => {
  it.each(["EXIF", "XMP ", "C2PA", "prvt"])("loses its chunk %s", (type) => {
    expect(stripWebp(webp(PIXELS, chunk(type, "private"), chunk(type)))).toEqual(webp(PIXELS));
  });

  it.each(["ICCP", "ALPH", "VP8 ", "VP8L", "ANIM", "ANMF"])("keeps its chunk %s", (type) => {
    expect(stripWebp(webp(chunk(type, "kept"), PIXELS))).toEqual(webp(chunk(type, "kept"), PIXELS));
  });

  it("says no more that it has Exif and XMP, and all else that it said", () => {
    const others = ANIMATION | ALPHA | PROFILE;
    expect(stripWebp(webp(extended(others | XMP | EXIF), PIXELS))).toEqual(webp(extended(others), PIXELS));
    expect(stripWebp(webp(extended(0xff), PIXELS))).toEqual(webp(extended(0xf3), PIXELS));
  });

  it("leaves the bytes as they are that it is made of", () => {
    const bytes = webp(extended(0xff), PIXELS);
    stripWebp(bytes);
    expect(bytes).toEqual(webp(extended(0xff), PIXELS));
  });

  it("keeps what its first chunk says where that is too short, and what others say", () => {
    const short = webp(chunk("VP8X"), chunk("ALPH", "\xff\xff"), PIXELS);
    expect(stripWebp(short)).toEqual(short);
  });

  it("loses what follows its end", () => {
    expect(stripWebp(Buffer.concat([webp(PIXELS), Buffer.from("a video")]))).toEqual(webp(PIXELS));
  });

  it("ends in padding where a writer left it out", () => {
    expect(stripWebp(webp(ODD_PIXELS).subarray(0, -1))).toEqual(webp(ODD_PIXELS));
  });

  it("counts an odd length in its header as one of which the padding was left out", () => {
    const odd = webp(ODD_PIXELS);
    odd.writeUInt32LE(odd.length - 8 - 1, 4);
    expect(stripWebp(odd)).toEqual(webp(ODD_PIXELS));
    expect(stripWebp(odd.subarray(0, -1))).toEqual(webp(ODD_PIXELS));
  });

  it.each([
    ["it is cut by two bytes", webp(PIXELS).subarray(0, -2)],
    ["it has no header", Buffer.from("RIFF\x04\0\0\0WEB")],
    ["it has nothing", Buffer.alloc(0)],
  ])("is none where %s", (_, bytes) => {
    expect(stripWebp(bytes)).toBeUndefined();
  });

  it("is none where a chunk reaches beyond its end", () => {
    const bytes = webp(chunk("VP8 ", "pixels"), chunk("ICCP", "profile!"));
    bytes.writeUInt32LE(9, HEADER_LENGTH + 14 + 4);
    expect(stripWebp(bytes)).toBeUndefined();
  });

  it("is none of more than twenty thousand chunks", () => {
    const chunks = (count: number): Buffer => webp(Buffer.alloc(8 * count, chunk("ANMF")));
    expect(stripWebp(chunks(20_000))).toEqual(chunks(20_000));
    expect(stripWebp(chunks(20_001))).toBeUndefined();
  });

  it("may have no chunks", () => {
    expect(stripWebp(webp())).toEqual(webp());
  });

  it.each([1, 6, 7])("loses %d bytes at its end that are too few for a chunk", (count) => {
    expect(stripWebp(webp(PIXELS, Buffer.alloc(count, "x")))).toEqual(webp(PIXELS));
  });
});

describe("a WebP for a decoder", () => {
  it("has its orientation at its end, says so, and has no other metadata", () => {
    const exif = Buffer.concat([exifOfOrientation(6), Buffer.from("more")]);
    const bytes = webp(extended(XMP | ALPHA), PIXELS, chunk("EXIF", exif), chunk("XMP ", "private"));
    expect(webpForDecoder(bytes)).toEqual(
      webp(extended(EXIF | ALPHA), PIXELS, chunk("EXIF", exifOfOrientation(6))),
    );
  });

  it("has no Exif where it is upright", () => {
    const upright = webp(extended(EXIF), PIXELS, chunk("EXIF", exifOfOrientation(1)));
    expect(webpForDecoder(upright)).toEqual(webp(extended(0), PIXELS));
    expect(webpForDecoder(webp(PIXELS))).toEqual(webp(PIXELS));
  });

  it("is none where its end is missing", () => {
    expect(webpForDecoder(webp(PIXELS).subarray(0, -2))).toBeUndefined();
  });
});

describe("the metadata of a WebP", () => {
  it("are those of the first chunk of their kind", () => {
    const bytes = webp(PIXELS, chunk("XMP ", "<x/>"), chunk("EXIF", "MM-one"), chunk("EXIF", "MM-two"));
    expect(webpMetadata(bytes, "EXIF")).toEqual(Buffer.from("MM-one"));
    expect(webpMetadata(bytes, "XMP ")).toEqual(Buffer.from("<x/>"));
    expect(webpMetadata(bytes, "C2PA")).toBeUndefined();
  });

  it("do not begin with the name that some writers put before them", () => {
    expect(webpMetadata(webp(chunk("EXIF", "Exif\0\0MM")), "EXIF")).toEqual(Buffer.from("MM"));
  });

  it("are none where its end is missing", () => {
    expect(webpMetadata(webp(chunk("EXIF", "MM")).subarray(0, -2), "EXIF")).toBeUndefined();
  });
});

describe("a WebP", () => {
  it("is lossless if one of its chunks is", () => {
    expect(isLosslessWebp(webp(extended(0), chunk("VP8L", "pixels")))).toBe(true);
    expect(isLosslessWebp(webp(extended(0), PIXELS))).toBe(false);
    expect(isLosslessWebp(Buffer.from("RIFF"))).toBe(false);
  });

  it("is an animation if its first chunk says so", () => {
    expect(isAnimatedWebp(webp(extended(ANIMATION | ALPHA), PIXELS))).toBe(true);
    expect(isAnimatedWebp(webp(extended(0xff & ~ANIMATION), PIXELS))).toBe(false);
    expect(isAnimatedWebp(webp(chunk("VP8X"), chunk("ALPH", "\x02\x02"), PIXELS))).toBe(false);
    expect(isAnimatedWebp(webp(PIXELS, extended(ANIMATION)))).toBe(true);
    expect(isAnimatedWebp(Buffer.from("RIFF"))).toBe(false);
  });

  it("ends where its header says, whatever follows, or one byte before", () => {
    const bytes = webp(ODD_PIXELS);
    expect(webpEnd(bytes)).toBe(bytes.length);
    expect(webpEnd(Buffer.concat([bytes, Buffer.from("more")]))).toBe(bytes.length);
    expect(webpEnd(bytes.subarray(0, -1))).toBe(bytes.length - 1);
    expect(webpEnd(bytes.subarray(0, -2))).toBeUndefined();
  });

  it("is cut off where it is two bytes shorter than its header says", () => {
    const bytes = webp(ODD_PIXELS);
    expect(isCutWebp(bytes)).toBe(false);
    expect(isCutWebp(bytes.subarray(0, -1))).toBe(false);
    expect(isCutWebp(bytes.subarray(0, -2))).toBe(true);
    expect(isCutWebp(webp())).toBe(false);
    expect(isCutWebp(webp().subarray(0, 11))).toBe(true);
    expect(isCutWebp(Buffer.alloc(0))).toBe(true);
  });
});
