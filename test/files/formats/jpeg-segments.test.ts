import { describe, expect, it } from "vitest";
import { exifOfOrientation } from "../../../src/files/formats/exif.js";
import {
  isCutJpeg,
  jpegEnd,
  jpegExif,
  jpegForDecoder,
  jpegQuality,
  jpegSegments,
  photoshopResources,
  readJpeg,
  stripJpeg,
  topOfJpeg,
} from "../../../src/files/formats/jpeg-segments.js";

const START = Buffer.of(0xff, 0xd8);
const END = Buffer.of(0xff, 0xd9);
const [DQT, DHT, SOF0, SOF2, SOF3, SOS, COM] = [0xdb, 0xc4, 0xc0, 0xc2, 0xc3, 0xda, 0xfe];
const [APP0, APP1, APP2, APP13, APP14, APP15] = [0xe0, 0xe1, 0xe2, 0xed, 0xee, 0xef];

type Content = string | readonly number[] | Buffer;

const bytesOf = (content: Content): Buffer =>
  typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content);

function segment(marker: number, content: Content = []): Buffer {
  const data = bytesOf(content);
  return Buffer.concat([Buffer.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255), data]);
}

const joined = (...parts: readonly Content[]): Buffer => Buffer.concat(parts.map(bytesOf));
const jpeg = (...parts: readonly Content[]): Buffer => joined(START, ...parts, END);

/** 8 bits, 48 rows of 16 pixels. */
const frame = (marker = SOF0, rows = 48, components = 1): Buffer =>
  segment(marker, [8, rows >> 8, rows & 255, 0, 16, components, ...Array(components * 3).fill(1)]);
const scan = (components = 1): Buffer =>
  segment(SOS, [components, ...Array(components * 2).fill(0), 0, 63, 0]);
/** With a stuffed zero and a restart marker, which belong to it. */
const COMPRESSED = Buffer.of(0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd7, 0x78);
const TABLES = segment(DQT, [0, ...Array(64).fill(1)]);
const PICTURE = joined(TABLES, frame(), segment(DHT, [0]), scan(), COMPRESSED);

const markersOf = (bytes: Buffer): number[] => [...jpegSegments(bytes)].map(({ marker }) => marker);
const exifWith = (orientation: number): Buffer => joined("Exif\0\0", exifOfOrientation(orientation));

describe("the segments of a JPEG", () => {
  it("come in order, each with its data and where the next one begins", () => {
    const bytes = jpeg(segment(COM, "hello"), scan(), COMPRESSED);
    expect([...jpegSegments(bytes)]).toEqual([
      { marker: COM, data: Buffer.from("hello"), bytes: segment(COM, "hello"), end: 11, next: 11 },
      { marker: SOS, data: scan().subarray(4), bytes: scan(), end: 21, next: 31 },
    ]);
  });

  it.each([
    ["bytes without a marker", [0x00, 0x12]],
    ["fill bytes", [0xff, 0xff, 0xff]],
    ["a restart marker", [0xff, 0xd0, 0xff, 0xd7]],
    ["a marker that begins no segment", [0xff, 0x01, 0xff, 0xbf]],
    ["a stuffed zero", [0xff, 0x00]],
  ])("are found behind what decoders pass over: %s", (_, between) => {
    const bytes = jpeg(between, segment(COM, "one"), between, segment(APP1, "two"), between);
    expect(markersOf(bytes)).toEqual([COM, APP1]);
  });

  it("may be of the kind with the lowest number", () => {
    expect(markersOf(jpeg(frame(SOF0)))).toEqual([SOF0]);
  });

  it.each([
    ["the end of the picture", jpeg(segment(COM), END, [0, 2], segment(APP1))],
    ["the beginning of another picture", jpeg(segment(COM), START, [0, 2], segment(APP1))],
    ["a segment that is cut", joined(START, segment(COM), segment(APP1, "hello").subarray(0, -1))],
    ["a marker whose length is cut", joined(START, segment(COM), [0xff, APP1, 0])],
    ["a marker that is cut", joined(START, segment(COM), [0xff])],
  ])("end at %s", (_, bytes) => {
    expect(markersOf(bytes)).toEqual([COM]);
  });

  it("reach to the end of the file at most, and may reach there", () => {
    expect(markersOf(joined(START, segment(COM, "hello")))).toEqual([COM]);
    expect(markersOf(joined(START, segment(COM)))).toEqual([COM]);
  });

  it("are none of bytes that do not begin as a JPEG", () => {
    expect(markersOf(joined([0xff, 0xd0], segment(COM)))).toEqual([]);
    expect(markersOf(Buffer.alloc(0))).toEqual([]);
  });

  it("are ten thousand at most", () => {
    const bytes = joined(START, Buffer.concat(Array<Buffer>(10_001).fill(segment(COM))));
    expect(markersOf(bytes)).toHaveLength(10_000);
  });

  it("have compressed data that end at the next marker, behind its fill bytes or before them", () => {
    expect(jpegEnd(jpeg(scan(), COMPRESSED, [0xff, 0xff]))).toBe(2 + scan().length + COMPRESSED.length + 4);
    const [first, second] = [...jpegSegments(jpeg(scan(), COMPRESSED, scan(), [0x9a]))];
    expect(first?.next).toBe(2 + scan().length + COMPRESSED.length);
    expect(second?.next).toBe(2 + 2 * scan().length + COMPRESSED.length + 1);
  });

  it("have compressed data that reach to the end of the file where no marker follows", () => {
    const bytes = joined(START, scan(), [0x12, 0x34]);
    expect([...jpegSegments(bytes)].map(({ next }) => next)).toEqual([bytes.length]);
  });
});

describe("the end of a JPEG", () => {
  it("is behind its end marker, whatever follows", () => {
    expect(jpegEnd(jpeg(PICTURE))).toBe(PICTURE.length + 4);
    expect(jpegEnd(joined(jpeg(PICTURE), "more", END))).toBe(PICTURE.length + 4);
    expect(readJpeg(jpeg(PICTURE)).segments.map(({ marker }) => marker)).toEqual([DQT, SOF0, DHT, SOS]);
  });

  it("is behind all of its scans", () => {
    expect(jpegEnd(jpeg(PICTURE, scan(), COMPRESSED))).toBe(
      PICTURE.length + scan().length + COMPRESSED.length + 4,
    );
  });

  it.each([
    ["it is cut anywhere", jpeg(PICTURE).subarray(0, -1)],
    ["its end marker is missing", jpeg(PICTURE).subarray(0, -2)],
    ["it has no pixels", jpeg(TABLES)],
    ["it has neither pixels nor tables", jpeg()],
    ["another marker is at its end", joined(START, PICTURE, [0xff, APP1, 0xff, 0xff])],
  ])("is unknown where %s", (_, bytes) => {
    expect(jpegEnd(bytes)).toBeUndefined();
  });
});

describe("a JPEG that is cut off", () => {
  const PIXELS_AT = 2 + PICTURE.length - COMPRESSED.length;

  it.each([
    ["in the middle of its pixels", jpeg(PICTURE).subarray(0, PIXELS_AT + 4)],
    ["right behind its pixels", joined(START, PICTURE)],
    ["in the middle of a segment", joined(START, TABLES.subarray(0, 40))],
    ["in a segment behind another", joined(START, segment(COM, "x"), TABLES.subarray(0, 40))],
    ["behind the length of a segment", joined(START, [0xff, DQT, 0, 67])],
  ])("is told as such: %s", (_, bytes) => {
    expect(isCutJpeg(bytes)).toBe(true);
  });

  it.each([
    ["a whole one", jpeg(PICTURE)],
    ["one with something behind it", joined(jpeg(PICTURE), "more")],
    ["one without pixels that has an end", jpeg(TABLES)],
    ["one that is nothing but its beginning", START],
    ["one with bytes that are no segment", joined(START, "hello, world")],
    ["one that ends between two segments", joined(START, TABLES)],
    ["one of which an end marker has a tail", joined(START, TABLES, END, [0, 0, 0])],
  ])("is none of these: %s", (_, bytes) => {
    expect(isCutJpeg(bytes)).toBe(false);
  });
});

describe("a JPEG that is freed of its metadata", () => {
  it.each([
    ["Exif", segment(APP1, exifWith(6))],
    ["XMP", segment(APP1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")],
    ["a comment", segment(COM, "by Jane")],
    ["an extension of JFIF with a thumbnail", segment(APP0, "JFXX\0thumbnail")],
    ["the index of further pictures", segment(APP2, "MPF\0MM")],
    ["what Photoshop wrote", segment(APP13, "Photoshop 3.0\0")],
    ["another application's segment", segment(APP14, "Camera")],
    ["the last kind of application's segment", segment(APP15, "ICC_PROFILE\0")],
    ["a profile where none belongs", segment(APP1, "ICC_PROFILE\0\x01\x01")],
    ["a JFIF where none belongs", segment(APP15, "JFIF\0\x01\x02\x01\0\x48\0\x48\0\0")],
    ["Adobe's mark where none belongs", segment(APP1, "Adobe\0")],
  ])("loses %s", (_, metadata) => {
    expect(stripJpeg(jpeg(metadata, PICTURE))).toEqual(jpeg(PICTURE));
  });

  it.each([
    ["its colour profile", segment(APP2, "ICC_PROFILE\0\x01\x01profile")],
    ["how its colours are coded", segment(APP14, "Adobe\0\x64\0\0\0\0\x01")],
    ["its density", segment(APP0, "JFIF\0\x01\x02\x01\0\x48\0\x48\0\0")],
    ["a JFIF that is too short for a thumbnail", segment(APP0, "JFIF\0\x01")],
    ["a kind of tables with a high number", segment(0xdf, [1])],
    ["a reserved segment behind the applications'", segment(0xf0, [1])],
    ["a further scan", joined(scan(), COMPRESSED)],
    [
      "compressed data in which fill bytes stand",
      joined(scan(), [0x12, 0xff, 0xff, 0x00, 0x34, 0xff, 0xff, 0xd0, 0x56]),
    ],
  ])("keeps %s", (_, part) => {
    expect(stripJpeg(jpeg(part, PICTURE))).toEqual(jpeg(part, PICTURE));
  });

  it("keeps its density without the thumbnail beside it", () => {
    const bare = "JFIF\0\x01\x02\x01\0\x48\0\x48";
    const thumbnail = joined(bare, [1, 2], Array(6).fill(0x99));
    expect(stripJpeg(jpeg(segment(APP0, thumbnail), PICTURE))).toEqual(
      jpeg(segment(APP0, joined(bare, [0, 0])), PICTURE),
    );
  });

  it("claims no thumbnail where none is", () => {
    const bare = "JFIF\0\x01\x02\x01\0\x48\0\x48";
    expect(stripJpeg(jpeg(segment(APP0, joined(bare, [1, 2])), PICTURE))).toEqual(
      jpeg(segment(APP0, joined(bare, [0, 0])), PICTURE),
    );
  });

  it("loses what stands between its segments and behind its end", () => {
    const bytes = joined(START, "idle", TABLES, "idle", scan(), COMPRESSED, END, "a video");
    expect(stripJpeg(bytes)).toEqual(jpeg(TABLES, scan(), COMPRESSED));
  });

  it("is none where its end is missing", () => {
    expect(stripJpeg(joined(START, PICTURE))).toBeUndefined();
  });
});

describe("a JPEG for a decoder", () => {
  it("has its orientation at its beginning, and no other metadata", () => {
    const bytes = jpeg(segment(COM, "by Jane"), segment(APP1, joined(exifWith(6), "more")), PICTURE);
    expect(jpegForDecoder(bytes)).toEqual(jpeg(segment(APP1, exifWith(6)), PICTURE));
  });

  it("has no Exif where it is upright", () => {
    expect(jpegForDecoder(jpeg(segment(APP1, exifWith(1)), PICTURE))).toEqual(jpeg(PICTURE));
    expect(jpegForDecoder(jpeg(segment(COM, "by Jane"), PICTURE))).toEqual(jpeg(PICTURE));
  });

  it("stays as it is from its pixels on, however it ends", () => {
    const rest = joined(scan(), COMPRESSED, segment(COM, "late"), scan(), COMPRESSED.subarray(0, 3));
    expect(jpegForDecoder(joined(START, segment(COM, "early"), TABLES, rest))).toEqual(
      joined(START, TABLES, rest),
    );
    expect(jpegForDecoder(joined(START, segment(COM, "early"), TABLES.subarray(0, 9)))).toEqual(
      joined(START, TABLES.subarray(0, 9)),
    );
  });
});

describe("the Exif of a JPEG", () => {
  it("is that of its first block", () => {
    const bytes = jpeg(
      segment(APP1, "http://ns.adobe.com/xap/1.0/\0"),
      segment(APP2, exifWith(2)),
      segment(APP1, exifWith(3)),
      segment(APP1, exifWith(6)),
      PICTURE,
    );
    expect(jpegExif(bytes)).toEqual(exifOfOrientation(3));
  });

  it("is none of what stands behind its pixels", () => {
    expect(jpegExif(jpeg(PICTURE, segment(APP1, exifWith(6))))).toBeUndefined();
    expect(jpegExif(jpeg(PICTURE))).toBeUndefined();
  });
});

describe("the resources of Photoshop", () => {
  const resource = (id: number, name: string, content: string): Buffer => {
    const head = joined("8BIM", [id >> 8, id & 255, name.length], name, name.length % 2 === 0 ? [0] : []);
    return joined(head, [0, 0, 0, content.length], content, content.length % 2 === 0 ? [] : [0]);
  };
  const read = (data: Buffer) =>
    [...photoshopResources(data)].map(({ id, content }) => [id, content.toString("latin1")]);

  it("have an identifier and a content, whatever their name", () => {
    const data = joined(
      "Photoshop 3.0\0",
      resource(0x0404, "", "first"),
      resource(0x0422, "odd", "second"),
      resource(0x0424, "even", ""),
    );
    expect(read(data)).toEqual([
      [0x0404, "first"],
      [0x0422, "second"],
      [0x0424, ""],
    ]);
  });

  it("are not looked for in the content of another", () => {
    expect(read(resource(1, "", `x${resource(2, "", "inner").toString("latin1")}`))).toHaveLength(1);
  });

  it("are read as far as they are there", () => {
    const data = resource(0x0422, "", "hello");
    expect(read(data.subarray(0, -3))).toEqual([[0x0422, "hel"]]);
    for (let length = 0; length < 12; length += 1) expect(read(data.subarray(0, length))).toEqual([]);
    expect(read(Buffer.from("nothing"))).toEqual([]);
  });
});

describe("the quality of a JPEG", () => {
  const tables = (first: number, step: number, count = 64): Buffer =>
    segment(DQT, [first, ...Array(count).fill(step)]);

  it.each([
    [1, 99],
    [29, 75],
    [58, 50],
    [115, 25],
    [255, 11],
    [0, 100],
  ])("is told by the steps of its table for luminance: of %d on the average it is %d", (step, quality) => {
    expect(jpegQuality(jpeg(tables(0, step), frame()))).toBe(quality);
  });

  it("is told by the first table for luminance with 8 bits a step", () => {
    const others = joined(segment(COM, Array(65).fill(0)), tables(0x10, 255, 128), tables(1, 255));
    expect(jpegQuality(jpeg(others, tables(0, 1), tables(0, 255)))).toBe(99);
  });

  it("is told by 64 steps, whatever follows them in the segment", () => {
    expect(jpegQuality(jpeg(segment(DQT, [0, ...Array(64).fill(1), 1, ...Array(64).fill(200)])))).toBe(99);
  });

  it("is unknown without such a table, or with a part of one", () => {
    expect(jpegQuality(jpeg(frame()))).toBeUndefined();
    expect(jpegQuality(jpeg(tables(0, 1, 63)))).toBeUndefined();
  });
});

describe("the top of a JPEG", () => {
  it("says that it has so many rows, and lies as the picture does", () => {
    const head = joined(segment(APP1, exifWith(6)), TABLES);
    expect(topOfJpeg(jpeg(head, frame(SOF0, 300), segment(DHT, [0]), scan(), COMPRESSED), 16)).toEqual(
      jpeg(head, frame(SOF0, 16), segment(DHT, [0]), scan(), COMPRESSED),
    );
  });

  it("is never higher than the picture", () => {
    expect(topOfJpeg(jpeg(PICTURE), 64)).toEqual(jpeg(PICTURE));
  });

  it("has the first scan of a progressive one", () => {
    const bytes = jpeg(frame(SOF2, 300, 3), scan(3), COMPRESSED, scan(1), [0x99]);
    expect(topOfJpeg(bytes, 32)).toEqual(jpeg(frame(SOF2, 32, 3), scan(3), COMPRESSED));
  });

  it("leaves the bytes as they are that it is taken of", () => {
    const bytes = jpeg(PICTURE);
    topOfJpeg(bytes, 16);
    expect(bytes).toEqual(jpeg(PICTURE));
  });

  it("is none where the first scan lacks a component, or is missing", () => {
    expect(topOfJpeg(jpeg(frame(SOF2, 48, 3), scan(1), COMPRESSED), 16)).toBeUndefined();
    expect(topOfJpeg(jpeg(frame(SOF3), scan(1), COMPRESSED), 16)).toBeUndefined();
    expect(topOfJpeg(jpeg(frame()), 16)).toBeUndefined();
  });
});
