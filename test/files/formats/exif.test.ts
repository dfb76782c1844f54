import { describe, expect, it } from "vitest";
import { exifOfOrientation, readExif } from "../../../src/files/formats/exif.js";

const SHORT = 3;
const LONG = 4;
const [ORIENTATION, EXIF_DIRECTORY, GPS_DIRECTORY] = [0x0112, 0x8769, 0x8825];
const [MAKE, SERIAL_NUMBER, DATE] = [0x010f, 0xa431, 0x9003];
const [GPS_VERSION, GPS_LATITUDE] = [0, 2];

type ByteOrder = "II" | "MM";
type Field = readonly [tag: number, type: number, value: number];

/** A block whose first directory is at 8, and whose others follow it in the order of the pointers. */
function anExif(
  order: ByteOrder,
  fields: readonly Field[],
  behind: readonly (readonly Field[])[] = [],
): Buffer {
  const put = (value: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    if (order === "II") bytes.writeUIntLE(value, 0, length);
    else bytes.writeUIntBE(value, 0, length);
    return bytes;
  };
  const directory = (entries: readonly Field[]): Buffer =>
    Buffer.concat([
      put(entries.length, 2),
      ...entries.flatMap(([tag, type, value]) => [
        put(tag, 2),
        put(type, 2),
        put(1, 4),
        ...(type === SHORT ? [put(value, 2), put(0, 2)] : [put(value, 4)]),
      ]),
      put(0, 4),
    ]);
  return Buffer.concat([
    Buffer.from(order),
    put(42, 2),
    put(8, 4),
    directory(fields),
    ...behind.map(directory),
  ]);
}

/** Where a directory lies behind a first one of so many fields. */
const behind = (fields: number): number => 8 + 2 + 12 * fields + 4;

const NOTHING = { orientation: 1, hasPlace: false, hasCamera: false };

describe.each<ByteOrder>(["II", "MM"])("a block of Exif in the byte order %s", (order) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("tells the orientation %d", (orientation) => {
    expect(readExif(anExif(order, [[ORIENTATION, SHORT, orientation]]))).toEqual({ ...NOTHING, orientation });
  });

  it("tells a place where its GPS directory says more than its version", () => {
    const withGps = (...fields: Field[]) =>
      readExif(anExif(order, [[GPS_DIRECTORY, LONG, behind(1)]], [fields]));
    expect(withGps([GPS_LATITUDE, SHORT, 48])).toEqual({ ...NOTHING, hasPlace: true });
    expect(withGps([GPS_VERSION, SHORT, 2], [GPS_LATITUDE, SHORT, 48]).hasPlace).toBe(true);
    expect(withGps([GPS_VERSION, SHORT, 2])).toEqual(NOTHING);
    expect(withGps()).toEqual(NOTHING);
  });

  it("tells a camera in its first directory and in that of Exif", () => {
    expect(readExif(anExif(order, [[MAKE, SHORT, 0]]))).toEqual({ ...NOTHING, hasCamera: true });
    const inside = anExif(order, [[EXIF_DIRECTORY, LONG, behind(1)]], [[[SERIAL_NUMBER, SHORT, 0]]]);
    expect(readExif(inside)).toEqual({ ...NOTHING, hasCamera: true });
  });
});

describe("what a block of Exif tells", () => {
  it.each([
    0x010f, 0x0110, 0x927c, 0xa430, 0xa431, 0xa432, 0xa433, 0xa434, 0xa435, 0xc614, 0xc62f,
  ])("is the camera by its tag 0x%s", (tag) => {
    expect(readExif(anExif("MM", [[tag, SHORT, 0]])).hasCamera).toBe(true);
  });

  it("is neither place nor camera where tags of one directory stand in another", () => {
    expect(
      readExif(
        anExif("MM", [
          [GPS_LATITUDE, SHORT, 1],
          [DATE, SHORT, 1],
        ]),
      ),
    ).toEqual(NOTHING);
    const makeInGps = anExif("MM", [[GPS_DIRECTORY, LONG, behind(1)]], [[[MAKE, SHORT, 1]]]);
    expect(readExif(makeInGps).hasCamera).toBe(false);
  });

  it.each([0, 9])("is no orientation with the number %d, which none has", (orientation) => {
    expect(readExif(anExif("II", [[ORIENTATION, SHORT, orientation]]))).toEqual(NOTHING);
  });

  it("is no orientation under another type or another tag", () => {
    expect(readExif(anExif("II", [[ORIENTATION, LONG, 6]]))).toEqual(NOTHING);
    expect(readExif(anExif("II", [[DATE, SHORT, 6]]))).toEqual(NOTHING);
    expect(
      readExif(
        anExif("II", [
          [DATE, SHORT, 3],
          [ORIENTATION, SHORT, 6],
        ]),
      ).orientation,
    ).toBe(6);
  });

  it("is nothing for bytes that are none, or end before the first directory", () => {
    const exif = anExif("MM", [[ORIENTATION, SHORT, 6]]);
    expect(readExif(Buffer.concat([Buffer.from("XX"), exif.subarray(2)]))).toEqual(NOTHING);
    for (const length of [0, 1, 2, 7, 8, 9]) expect(readExif(exif.subarray(0, length))).toEqual(NOTHING);
  });
});

describe("a block of Exif that is damaged", () => {
  it("tells what the fields say that are there to their end", () => {
    const exif = anExif("II", [
      [MAKE, SHORT, 0],
      [ORIENTATION, SHORT, 6],
    ]);
    expect(readExif(exif.subarray(0, 8 + 2 + 12 * 2))).toEqual({
      ...NOTHING,
      hasCamera: true,
      orientation: 6,
    });
    expect(readExif(exif.subarray(0, 8 + 2 + 12 * 2 - 1))).toEqual({ ...NOTHING, hasCamera: true });
  });

  it("has no more fields than its directory counts", () => {
    const exif = anExif("II", [
      [DATE, SHORT, 0],
      [ORIENTATION, SHORT, 6],
    ]);
    exif.writeUInt16LE(1, 8);
    expect(readExif(exif)).toEqual(NOTHING);
  });

  it("has no more fields than there is room for, whatever it counts", () => {
    const exif = anExif("II", [[ORIENTATION, SHORT, 6]]);
    exif.writeUInt16LE(0xffff, 8);
    expect(readExif(exif)).toEqual({ ...NOTHING, orientation: 6 });
  });

  it.each([
    0, 1, 1_000,
  ])("tells nothing of a directory that is to lie %d bytes behind its last one", (more) => {
    const length = behind(1);
    const exif = anExif("II", [[GPS_DIRECTORY, LONG, length - 1 + more]]);
    expect(readExif(exif)).toEqual(NOTHING);
  });

  it("ends although a directory is its own", () => {
    expect(
      readExif(
        anExif("MM", [
          [EXIF_DIRECTORY, LONG, 8],
          [GPS_DIRECTORY, LONG, 8],
        ]),
      ),
    ).toEqual({
      ...NOTHING,
      hasPlace: true,
    });
  });
});

describe("a block of Exif that is written for an orientation", () => {
  it.each([2, 6, 8])("holds that and nothing else: %d", (orientation) => {
    const written = exifOfOrientation(orientation);
    expect(written).toEqual(anExif("MM", [[ORIENTATION, SHORT, orientation]]));
    expect(readExif(written)).toEqual({ ...NOTHING, orientation });
  });
});
