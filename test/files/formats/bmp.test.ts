import { describe, expect, it } from "vitest";
import { decodeBmp, isCutBmp, readBmpHeader } from "../../../src/files/formats/bmp.js";

interface Parts {
  width?: number;
  height?: number;
  bits: number;
  compression?: number;
  /** 12 for the header of OS/2, 40 for that of Windows, more for its later ones. */
  headerLength?: number;
  /** Behind the header, or within it where it is long enough. */
  masks?: number[];
  /** As the file holds it: blue, green, red, and an empty byte but in OS/2. */
  palette?: number[];
  pixels: number[];
}

function aBmp(parts: Parts): Buffer {
  const { width = 2, height = 2, bits, compression = 0, headerLength = 40, masks = [], palette = [] } = parts;
  const header = Buffer.alloc(headerLength);
  header.writeUInt32LE(headerLength);
  if (headerLength === 12) {
    header.writeUInt16LE(width, 4);
    header.writeUInt16LE(height, 6);
    header.writeUInt16LE(1, 8);
    header.writeUInt16LE(bits, 10);
  } else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(height, 8);
    header.writeUInt16LE(1, 12);
    header.writeUInt16LE(bits, 14);
    header.writeUInt32LE(compression, 16);
  }
  const behind = Buffer.alloc(headerLength === 40 ? masks.length * 4 : 0);
  for (const [index, mask] of masks.entries()) {
    if (headerLength === 40) behind.writeUInt32LE(mask, index * 4);
    else header.writeUInt32LE(mask, 40 + index * 4);
  }
  const file = Buffer.alloc(14);
  file.write("BM", "latin1");
  file.writeUInt32LE(14 + headerLength + behind.length + palette.length, 10);
  return Buffer.concat([file, header, behind, Buffer.from(palette), Buffer.from(parts.pixels)]);
}

/** The pixels from the top, each as its channels. */
function pixelsOf(bytes: Buffer): number[][] | undefined {
  const header = readBmpHeader(bytes);
  const decoded = header && decodeBmp(bytes, header);
  if (!decoded) return undefined;
  const { data, width, height, channels } = decoded;
  return Array.from({ length: width * height }, (_, index) => [
    ...data.subarray(index * channels, (index + 1) * channels),
  ]);
}

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const BLACK = [0, 0, 0];
/** Black, red, green, blue. */
const PALETTE = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];
/** 24 bits, two rows of two pixels and two bytes of padding, from the bottom: blue and green, red and black. */
const ROWS_24 = [255, 0, 0, 0, 255, 0, 9, 9, 0, 0, 255, 0, 0, 0, 9, 9];

describe("the pixels of a BMP", () => {
  it("begin at the bottom, or at the top where the height is negative", () => {
    expect(pixelsOf(aBmp({ bits: 24, pixels: ROWS_24 }))).toEqual([RED, BLACK, BLUE, GREEN]);
    expect(pixelsOf(aBmp({ bits: 24, height: -2, pixels: ROWS_24 }))).toEqual([BLUE, GREEN, RED, BLACK]);
  });

  it.each([
    ["8 bits", { bits: 8, pixels: [3, 2, 9, 9, 1, 0, 9, 9] }],
    ["4 bits", { bits: 4, pixels: [0x32, 9, 9, 9, 0x10, 9, 9, 9] }],
  ])("are looked up in the palette: %s", (_, parts) => {
    expect(pixelsOf(aBmp({ ...parts, palette: PALETTE }))).toEqual([RED, BLACK, BLUE, GREEN]);
  });

  it("are a bit each where there are two colours, the first one in the highest", () => {
    const bmp = aBmp({
      bits: 1,
      width: 9,
      height: 1,
      palette: PALETTE.slice(0, 8),
      pixels: [0b10100000, 0x80, 0, 0],
    });
    expect(pixelsOf(bmp)).toEqual([RED, BLACK, RED, BLACK, BLACK, BLACK, BLACK, BLACK, RED]);
  });

  it("may be one in each row", () => {
    expect(pixelsOf(aBmp({ bits: 24, width: 1, pixels: [1, 2, 3, 9, 4, 5, 6, 9] }))).toEqual([
      [6, 5, 4],
      [3, 2, 1],
    ]);
  });

  it("of 24 bits have a byte for each channel", () => {
    expect(pixelsOf(aBmp({ bits: 24, height: 1, pixels: [1, 2, 3, 4, 5, 6, 9, 9] }))).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
  });

  it("have a palette of three bytes a colour in the format of OS/2", () => {
    const palette = [0, 0, 0, 0, 0, 255];
    const pixels = [1, 0, 9, 9, 0, 1, 9, 9];
    expect(pixelsOf(aBmp({ bits: 8, headerLength: 12, palette, pixels }))).toEqual([BLACK, RED, RED, BLACK]);
  });

  it("are black where the palette lacks their colour", () => {
    expect(
      pixelsOf(aBmp({ bits: 8, height: 1, palette: PALETTE.slice(0, 8), pixels: [1, 200, 0, 0] })),
    ).toEqual([RED, BLACK]);
  });

  it("have five bits a channel where 16 bits have no masks", () => {
    const bmp = aBmp({
      bits: 16,
      width: 4,
      height: 1,
      pixels: [0x00, 0x7c, 0xe0, 0x03, 0x1f, 0x00, 0x10, 0x42],
    });
    expect(pixelsOf(bmp)).toEqual([RED, GREEN, BLUE, [132, 132, 132]]);
  });

  it("follow the masks behind the header", () => {
    const masks = [0xf800, 0x07e0, 0x001f];
    const pixels = [0x00, 0xf8, 0xe0, 0x07];
    expect(pixelsOf(aBmp({ bits: 16, height: 1, compression: 3, masks, pixels }))).toEqual([RED, GREEN]);
  });

  it("have no alpha and no channel where three masks, or fewer, lie behind the header", () => {
    const bmp = (...masks: number[]) =>
      aBmp({ bits: 32, width: 1, height: 1, compression: 3, masks, pixels: [1, 2, 3, 255] });
    expect(pixelsOf(bmp(0xff0000, 0xff00, 0xff))).toEqual([[3, 2, 1]]);
    expect(pixelsOf(bmp(0xff0000, 0, 0xff))).toEqual([[3, 0, 1]]);
  });

  it("are as bright as a mask leaves bits for, wherever those lie", () => {
    const bmp = aBmp({
      bits: 32,
      width: 1,
      height: 1,
      compression: 3,
      masks: [0xffc00000, 0x3ff000, 0x3],
      pixels: [0x01, 0x00, 0x20, 0x80],
    });
    expect(pixelsOf(bmp)).toEqual([[128, 128, 85]]);
  });

  it("of 32 bits are three channels, whatever the fourth byte holds", () => {
    expect(pixelsOf(aBmp({ bits: 32, height: 1, pixels: [0, 0, 255, 7, 255, 0, 0, 0] }))).toEqual([
      RED,
      BLUE,
    ]);
  });

  it.each([
    ["in a long header", { headerLength: 56, compression: 3 }],
    ["behind the header", { compression: 6 }],
  ])("have alpha where a mask for it lies %s, unless it is empty everywhere", (_, parts) => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const bmp = (first: number, second: number) =>
      aBmp({ bits: 32, height: 1, ...parts, masks, pixels: [0, 0, 255, first, 255, 0, 0, second] });
    expect(pixelsOf(bmp(0, 128))).toEqual([
      [...RED, 0],
      [...BLUE, 128],
    ]);
    expect(pixelsOf(bmp(0, 0))).toEqual([RED, BLUE]);
  });

  it("are unpacked from runs, lists, line ends and jumps of 8 bits", () => {
    const pixels = [
      [2, 3, 0, 0],
      // A list of three, and the byte that fills it up to an even number.
      [0, 3, 1, 2, 3, 9, 0, 0],
      [0, 2, 1, 1, 1, 2, 0, 1],
    ].flat();
    const bmp = aBmp({ bits: 8, width: 3, height: 4, compression: 1, palette: PALETTE, pixels });
    const [top, third, second, bottom] = [
      [BLACK, GREEN, BLACK],
      [BLACK, BLACK, BLACK],
      [RED, GREEN, BLUE],
      [BLUE, BLUE, BLACK],
    ];
    expect(pixelsOf(bmp)).toEqual([...(top ?? []), ...(third ?? []), ...(second ?? []), ...(bottom ?? [])]);
  });

  it("are unpacked from runs and lists of 4 bits, which alternate", () => {
    const pixels = [3, 0x12, 0, 0, 0, 3, 0x31, 0x20, 0, 1];
    const bmp = aBmp({ bits: 4, width: 3, compression: 2, palette: PALETTE, pixels });
    expect(pixelsOf(bmp)).toEqual([BLUE, RED, GREEN, RED, GREEN, RED]);
  });

  it("end where a run is longer than its row", () => {
    const pixels = [200, 1, 0, 0, 2, 2, 0, 1];
    expect(pixelsOf(aBmp({ bits: 8, compression: 1, palette: PALETTE, pixels }))).toEqual([
      GREEN,
      GREEN,
      RED,
      RED,
    ]);
  });

  it("are unpacked from several runs and lists in a row", () => {
    const rowOf = (bits: number, ...runs: number[]) =>
      pixelsOf(
        aBmp({
          bits,
          width: 8,
          height: 1,
          compression: bits === 8 ? 1 : 2,
          palette: PALETTE,
          pixels: [...runs, 0, 1],
        }),
      );
    const expected = [RED, GREEN, GREEN, BLUE, RED, BLUE, BLUE, GREEN];
    expect(rowOf(8, 1, 1, 2, 2, 0, 3, 3, 1, 3, 9, 1, 3, 1, 2)).toEqual(expected);
    expect(rowOf(4, 1, 0x10, 0, 5, 0x22, 0x31, 0x30, 0x99, 1, 0x30, 1, 0x20)).toEqual(expected);
  });

  it("are left out where a list is longer than its row, and untouched behind a shorter one", () => {
    const pixels = [0, 4, 1, 2, 3, 3, 0, 0, 0, 1];
    const bmp = aBmp({ bits: 8, width: 3, compression: 1, palette: PALETTE, pixels });
    expect(pixelsOf(bmp)).toEqual([BLACK, BLACK, BLACK, RED, GREEN, BLUE]);
    const shorter = aBmp({
      bits: 8,
      width: 4,
      height: 1,
      compression: 1,
      palette: PALETTE,
      pixels: [0, 3, 1, 2, 3, 3, 0, 1],
    });
    expect(pixelsOf(shorter)).toEqual([RED, GREEN, BLUE, BLACK]);
  });

  it("are whole where their last row is, with a mark for the end or without one", () => {
    const runs = (...pixels: number[]) =>
      pixelsOf(aBmp({ bits: 8, compression: 1, palette: PALETTE, pixels }));
    expect(runs(2, 1, 0, 0, 2, 2, 0, 0)).toEqual([GREEN, GREEN, RED, RED]);
    expect(runs(2, 1, 0, 0, 2, 2, 0)).toBeUndefined();
  });

  it("have no alpha where that is empty in each of several rows", () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const pixels = [1, 2, 3, 4].flatMap((level) => [level, level, level, 0]);
    const bmp = aBmp({ bits: 32, headerLength: 56, compression: 3, masks, pixels });
    expect(pixelsOf(bmp)).toEqual([3, 4, 1, 2].map((level) => [level, level, level]));
  });

  it("are none where some are missing", () => {
    const runs = aBmp({ bits: 8, compression: 1, palette: PALETTE, pixels: [2, 1, 0, 0, 2, 1] });
    expect(pixelsOf(runs)).toBeUndefined();
    const rows = aBmp({ bits: 24, pixels: ROWS_24 });
    expect(pixelsOf(rows.subarray(0, -2))).toEqual([RED, BLACK, BLUE, GREEN]);
    expect(pixelsOf(rows.subarray(0, -3))).toBeUndefined();
  });
});

describe("a BMP that is cut off", () => {
  it("holds fewer bytes than its rows take, but for the padding of the last one", () => {
    const bmp = aBmp({ bits: 24, pixels: ROWS_24 });
    expect(isCutBmp(bmp)).toBe(false);
    expect(isCutBmp(bmp.subarray(0, -2))).toBe(false);
    expect(isCutBmp(bmp.subarray(0, -3))).toBe(true);
  });

  it("cannot be told by its size where its pixels are packed, or where it is none", () => {
    for (const [bits, compression] of [
      [8, 1],
      [4, 2],
    ] as const)
      expect(isCutBmp(aBmp({ bits, compression, palette: PALETTE, pixels: [] }))).toBe(false);
    expect(isCutBmp(Buffer.from("BM and nothing that follows it"))).toBe(false);
  });
});

describe("the header of a BMP", () => {
  const good = { bits: 24, pixels: ROWS_24 };

  it("may be all that there is of a file, with its masks or without them", () => {
    const masked = aBmp({ bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], pixels: [] });
    expect(readBmpHeader(masked)?.masks).toEqual([0xf800, 0x07e0, 0x001f, 0]);
    expect(readBmpHeader(masked.subarray(0, -1))?.masks).toEqual([0xf800, 0x07e0, 0, 0]);
    expect(readBmpHeader(masked.subarray(0, 54))?.masks).toEqual([0, 0, 0, 0]);
    expect(readBmpHeader(aBmp({ bits: 24, headerLength: 12, pixels: [] }))).toBeDefined();
  });

  it("tells the size and depth of the picture", () => {
    expect(readBmpHeader(aBmp({ ...good, height: -2 }))).toMatchObject({
      width: 2,
      height: 2,
      bits: 24,
      isTopDown: true,
      start: 54,
    });
    expect(readBmpHeader(aBmp({ ...good, headerLength: 12 }))).toMatchObject({
      width: 2,
      height: 2,
      start: 26,
    });
  });

  it.each([
    ["other first bytes", Buffer.concat([Buffer.from("MB"), aBmp(good).subarray(2)])],
    ["too few bytes", aBmp(good).subarray(0, 25)],
    ["too few bytes for a header at all", Buffer.from("BM")],
    ["less of a header than it says", aBmp(good).subarray(0, 53)],
    ["a header of a length that nothing writes", aBmp({ ...good, headerLength: 39 })],
    ["no width", aBmp({ ...good, width: 0 })],
    ["a negative width", aBmp({ ...good, width: -2 })],
    ["no height", aBmp({ ...good, height: 0 })],
    ["a depth that does not exist", aBmp({ ...good, bits: 25 })],
    ["a depth that cannot be packed", aBmp({ ...good, compression: 1 })],
    ["a packing that does not exist", aBmp({ ...good, compression: 9 })],
  ])("is none with %s", (_, bytes) => {
    expect(readBmpHeader(bytes)).toBeUndefined();
  });
});
