import { describe, expect, it } from "vitest";
import {
  mainTiffPicture,
  type TiffPicture,
  tiffPictures,
} from "../../../src/files/formats/tiff-directories.js";

const [BYTE, ASCII, SHORT, LONG, IFD] = [1, 2, 3, 4, 13];
const [NEW_SUBFILE_TYPE, SUBFILE_TYPE, WIDTH, HEIGHT, BITS, COMPRESSION] = [254, 255, 256, 257, 258, 259];
const [PHOTOMETRIC, SAMPLES, SUB_DIRECTORIES, EXTRA_SAMPLES, SAMPLE_FORMAT] = [262, 277, 330, 338, 339];

type ByteOrder = "II" | "MM";
type Field = readonly [tag: number, type: number, ...values: number[]];

/** Numbers in one byte order. */
function writerOf(order: ByteOrder) {
  return (value: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    if (order === "II") bytes.writeUIntLE(value, 0, length);
    else bytes.writeUIntBE(value, 0, length);
    return bytes;
  };
}

/** A directory that lies at `start`, and, behind it, the values that have no room in it. */
function directory(order: ByteOrder, start: number, fields: readonly Field[], next = 0): Buffer {
  const put = writerOf(order);
  let behind: Buffer = Buffer.alloc(0);
  const behindAt = start + 2 + 12 * fields.length + 4;
  const entries = fields.map(([tag, type, ...values]) => {
    const size = { [BYTE]: 1, [ASCII]: 1, [SHORT]: 2 }[type] ?? 4;
    const data = Buffer.concat([...values.map((value) => put(value, size)), Buffer.alloc(4)]);
    const entry = Buffer.concat([put(tag, 2), put(type, 2), put(values.length, 4)]);
    if (values.length * size <= 4) return Buffer.concat([entry, data.subarray(0, 4)]);
    const place = put(behindAt + behind.length, 4);
    behind = Buffer.concat([behind, data.subarray(0, -4)]);
    return Buffer.concat([entry, place]);
  });
  return Buffer.concat([put(fields.length, 2), ...entries, put(next, 4), behind]);
}

/** A file of directories that follow each other, `first` at 8. */
function tiff(first: readonly Field[], order: ByteOrder = "II", ...others: (readonly Field[])[]): Buffer {
  const put = writerOf(order);
  const parts: Buffer[] = [Buffer.concat([Buffer.from(order), put(42, 2), put(8, 4)])];
  let start = 8;
  for (const [index, fields] of [first, ...others].entries()) {
    const length = directory(order, start, fields).length;
    const part = directory(order, start, fields, index < others.length ? start + length : 0);
    parts.push(part);
    start += length;
  }
  return Buffer.concat(parts);
}

const PICTURE: TiffPicture = {
  page: 0,
  width: 0,
  height: 0,
  isSecondary: false,
  photometric: 0,
  compression: 1,
  samples: 1,
  bits: 1,
  sampleFormat: 1,
  extraSamples: undefined,
};
const SIZE: readonly Field[] = [
  [WIDTH, LONG, 70_000],
  [HEIGHT, SHORT, 300],
];

describe.each<ByteOrder>(["II", "MM"])("a TIFF in the byte order %s", (order) => {
  it("says of its picture what its fields say", () => {
    const fields: readonly Field[] = [
      ...SIZE,
      [BITS, SHORT, 8, 8, 16],
      [COMPRESSION, SHORT, 5],
      [PHOTOMETRIC, SHORT, 2],
      [SAMPLES, SHORT, 4],
      [EXTRA_SAMPLES, SHORT, 2, 0],
      [SAMPLE_FORMAT, SHORT, 3, 1, 1],
    ];
    expect(tiffPictures(tiff(fields, order))).toEqual([
      {
        ...PICTURE,
        width: 70_000,
        height: 300,
        photometric: 2,
        compression: 5,
        samples: 4,
        bits: 16,
        sampleFormat: 3,
        extraSamples: [2, 0],
      },
    ]);
  });

  it("has values of a byte, of two and of four, in its directory and behind it", () => {
    const valuesOf = (type: number, ...values: number[]) =>
      tiffPictures(tiff([[EXTRA_SAMPLES, type, ...values]], order))[0]?.extraSamples;
    for (const values of [[1], [1, 2, 3, 4], [1, 2, 3, 4, 5]])
      expect(valuesOf(BYTE, ...values)).toEqual(values);
    for (const values of [[300], [300, 2], [300, 2, 1]]) expect(valuesOf(SHORT, ...values)).toEqual(values);
    for (const values of [[70_000], [70_000, 2]]) expect(valuesOf(LONG, ...values)).toEqual(values);
    for (const values of [[70_000], [70_000, 2]]) expect(valuesOf(IFD, ...values)).toEqual(values);
  });

  it("has a page for each directory of its chain", () => {
    const pictures = tiffPictures(tiff([[WIDTH, SHORT, 1]], order, [[WIDTH, SHORT, 2]], [[WIDTH, SHORT, 3]]));
    expect(pictures.map(({ page, width }) => [page, width])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
});

describe("a picture of a TIFF", () => {
  it("has the values of the standard where the file says nothing", () => {
    expect(tiffPictures(tiff([]))).toEqual([PICTURE]);
  });

  it("has nothing of a value of another type", () => {
    expect(tiffPictures(tiff([[COMPRESSION, ASCII, 9]]))).toEqual([PICTURE]);
  });

  it.each([
    ["a smaller version of another", [NEW_SUBFILE_TYPE, LONG, 1], true],
    ["a page of several", [NEW_SUBFILE_TYPE, LONG, 2], false],
    ["a mask", [NEW_SUBFILE_TYPE, LONG, 4], true],
    ["a page that is a mask", [NEW_SUBFILE_TYPE, LONG, 6], true],
    ["a smaller version, by the older field", [SUBFILE_TYPE, SHORT, 2], true],
    ["a whole picture, by the older field", [SUBFILE_TYPE, SHORT, 1], false],
    ["one of several pages, by the older field", [SUBFILE_TYPE, SHORT, 3], false],
  ] as const)("is secondary or not by what it says: %s", (_, field, isSecondary) => {
    expect(tiffPictures(tiff([field]))[0]?.isSecondary).toBe(isSecondary);
  });

  it("has sixty-four values of a field at most", () => {
    const values = Array.from({ length: 65 }, (_, index) => index);
    expect(tiffPictures(tiff([[EXTRA_SAMPLES, BYTE, ...values]]))[0]?.extraSamples).toEqual(
      values.slice(0, 64),
    );
  });

  it("has the values that are there to their end, and none of those that are cut", () => {
    const whole = tiff([[EXTRA_SAMPLES, LONG, 1, 2]]);
    expect(tiffPictures(whole)[0]?.extraSamples).toEqual([1, 2]);
    expect(tiffPictures(whole.subarray(0, -1))[0]?.extraSamples).toEqual([]);
  });
});

describe("the pictures in the sub-directories of a TIFF", () => {
  /** The first directory has one field in it, and what is behind. */
  const FIRST_LENGTH = 2 + 12 + 4;
  const sub = (start: number, width: number): Buffer => directory("II", start, [[WIDTH, SHORT, width]]);

  it("are told with their page and their number in it", () => {
    const [one, other] = [8 + FIRST_LENGTH + 8, 8 + FIRST_LENGTH + 8 + FIRST_LENGTH];
    const bytes = Buffer.concat([tiff([[SUB_DIRECTORIES, IFD, one, other]]), sub(one, 5), sub(other, 6)]);
    expect(tiffPictures(bytes)).toEqual([
      PICTURE,
      { ...PICTURE, subDirectory: 0, width: 5 },
      { ...PICTURE, subDirectory: 1, width: 6 },
    ]);
  });

  it("are read once each, and never again as a page", () => {
    const at = 8 + FIRST_LENGTH + 8;
    const twice = Buffer.concat([tiff([[SUB_DIRECTORIES, LONG, at, at]]), sub(at, 5)]);
    expect(tiffPictures(twice).map(({ width }) => width)).toEqual([0, 5]);
    const page = 8 + FIRST_LENGTH;
    const alsoNext = Buffer.concat([
      tiff([]).subarray(0, 8),
      directory("II", 8, [[SUB_DIRECTORIES, LONG, page]], page),
      sub(page, 5),
    ]);
    expect(tiffPictures(alsoNext)).toEqual([PICTURE, { ...PICTURE, subDirectory: 0, width: 5 }]);
    expect(tiffPictures(tiff([[SUB_DIRECTORIES, LONG, 8]]))).toEqual([PICTURE]);
  });

  it("are left out where they lie outside of the file", () => {
    expect(tiffPictures(tiff([[SUB_DIRECTORIES, LONG, 70_000]]))).toEqual([PICTURE]);
  });
});

describe("a TIFF that is damaged", () => {
  const whole = tiff([[WIDTH, SHORT, 3]], "II", [[WIDTH, SHORT, 4]]);
  const widthsOf = (bytes: Buffer): number[] => tiffPictures(bytes).map(({ width }) => width);

  it("has the pictures whose directories are there to their end", () => {
    expect(widthsOf(whole)).toEqual([3, 4]);
    expect(widthsOf(whole.subarray(0, -1))).toEqual([3]);
    expect(widthsOf(whole.subarray(0, 8 + 18 + 2))).toEqual([3]);
    expect(widthsOf(whole.subarray(0, 8 + 18 + 1))).toEqual([3]);
  });

  it("has none where its first directory lies in its head or outside of it", () => {
    for (const offset of [4, 6, 7, whole.length - 1, whole.length, 0xffffffff]) {
      const moved = Buffer.from(whole);
      moved.writeUInt32LE(offset, 4);
      expect(widthsOf(moved)).toEqual([]);
    }
  });

  it.each([
    ["another number than 42", "II\x2b\0\x08\0\0\0"],
    ["one byte order and the number in the other", "II\0*\x08\0\0\0"],
    ["the big-endian order and the number in the other", "MM*\0\x08\0\0\0"],
    ["neither byte order", "IM*\0\x08\0\0\0"],
  ])("is none with %s", (_, head) => {
    expect(tiffPictures(Buffer.concat([Buffer.from(head, "latin1"), whole.subarray(8)]))).toEqual([]);
  });

  it("has none where it ends within its head", () => {
    expect(tiffPictures(whole.subarray(0, 7))).toEqual([]);
    expect(tiffPictures(whole.subarray(0, 8))).toEqual([]);
  });

  it("takes where its next directory lies for no field, though it is the number of one", () => {
    const next = WIDTH;
    const bytes = Buffer.concat([
      tiff([]).subarray(0, 8),
      directory("II", 8, [[WIDTH, SHORT, 3]], next),
      Buffer.alloc(8),
    ]);
    expect(widthsOf(bytes)).toEqual([3]);
  });

  it("ends although its chain is a circle", () => {
    const circle = Buffer.concat([tiff([]).subarray(0, 8), directory("II", 8, [[WIDTH, SHORT, 3]], 8)]);
    expect(widthsOf(circle)).toEqual([3]);
  });

  it("has five hundred pages at most", () => {
    const page: readonly Field[] = [];
    expect(tiffPictures(tiff(page, "II", ...Array(500).fill(page)))).toHaveLength(500);
  });
});

describe("the picture of a TIFF that counts", () => {
  const picture = (width: number, height: number, isSecondary = false): TiffPicture => ({
    ...PICTURE,
    width,
    height,
    isSecondary,
  });

  it("is the largest one by its area, the first of those", () => {
    const largest = picture(10, 5);
    expect(mainTiffPicture([picture(40, 1), largest, picture(5, 10), picture(1, 40)])).toBe(largest);
    expect(mainTiffPicture([largest, picture(1, 40)])).toBe(largest);
  });

  it("is one that is no smaller version of another, if there is any", () => {
    const primary = picture(1, 1);
    expect(mainTiffPicture([picture(9, 9, true), primary])).toBe(primary);
    const mask = picture(9, 9, true);
    expect(mainTiffPicture([picture(1, 1, true), mask])).toBe(mask);
  });

  it("is none where there are none", () => {
    expect(mainTiffPicture([])).toBeUndefined();
  });
});
