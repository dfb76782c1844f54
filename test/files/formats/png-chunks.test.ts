import { crc32, deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exifOfOrientation } from "../../../src/files/formats/exif.js";
import {
  isAnimatedPng,
  isCutPng,
  pngChunks,
  pngEnd,
  pngExif,
  pngForDecoder,
  pngTexts,
  stripPng,
} from "../../../src/files/formats/png-chunks.js";
import { pngHeader, pngOf } from "../../builders/picture-parts.js";

type Chunk = readonly [type: string, data: Buffer];

const HEADER: Chunk = ["IHDR", pngHeader(4, 4)];
const PIXELS: Chunk = ["IDAT", Buffer.from("pixels")];
const EMPTY_CHUNK = 12;
const END_LENGTH = 12;
const MEBIBYTE = 1024 * 1024;

const chunk = (type: string, data: string | Buffer = ""): Chunk => [
  type,
  Buffer.from(data as string, "latin1"),
];
const typesOf = (bytes: Buffer): string[] => [...pngChunks(bytes)].map(({ type }) => type);
const withoutEnd = (png: Buffer): Buffer => png.subarray(0, -END_LENGTH);

describe("the chunks of a PNG", () => {
  it("come in order, each with its data and all of its bytes", () => {
    const [, found] = [...pngChunks(pngOf(HEADER, chunk("tEXt", "Hi\0you")))];
    expect(found?.data).toEqual(Buffer.from("Hi\0you"));
    expect(found?.bytes.readUInt32BE(0)).toBe(6);
    expect(found?.bytes.subarray(4, 14)).toEqual(Buffer.from("tEXtHi\0you"));
    expect(found?.bytes.readUInt32BE(14)).toBe(crc32("tEXtHi\0you"));
    expect(found?.bytes).toHaveLength(18);
    expect(typesOf(pngOf(HEADER, PIXELS))).toEqual(["IHDR", "IDAT", "IEND"]);
  });

  it("are none of bytes that do not begin as a PNG", () => {
    expect(typesOf(Buffer.concat([Buffer.alloc(1), pngOf(HEADER).subarray(1)]))).toEqual([]);
    expect(typesOf(Buffer.alloc(0))).toEqual([]);
  });

  it.each([
    ["the end of the picture", pngOf(HEADER, chunk("IEND"), PIXELS), ["IHDR", "IEND"]],
    ["a chunk that is cut", pngOf(HEADER, PIXELS).subarray(0, -END_LENGTH - 1), ["IHDR"]],
    ["the head of a chunk that is cut", pngOf(HEADER).subarray(0, -1), ["IHDR"]],
    ["what has no name of a chunk", pngOf(HEADER, chunk("ID4T"), PIXELS), ["IHDR"]],
  ])("end at %s", (_, bytes, types) => {
    expect(typesOf(bytes)).toEqual(types);
  });

  it("are a hundred thousand at most", () => {
    const bytes = pngOf();
    const empty = withoutEnd(pngOf(chunk("teST"))).subarray(8);
    const many = Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(EMPTY_CHUNK * 100_001, empty)]);
    expect(typesOf(many)).toHaveLength(100_000);
  });
});

describe("the end of a PNG", () => {
  it("is behind its last chunk, whatever follows", () => {
    const png = pngOf(HEADER, PIXELS);
    expect(pngEnd(png)).toBe(png.length);
    expect(pngEnd(Buffer.concat([png, Buffer.from("more")]))).toBe(png.length);
  });

  it("is unknown where that is missing", () => {
    expect(pngEnd(withoutEnd(pngOf(HEADER, PIXELS)))).toBeUndefined();
  });
});

describe("a PNG that is cut off", () => {
  const whole = pngOf(HEADER, chunk("tEXt", "a\0hello"), PIXELS);
  const pixelsAt = whole.indexOf("IDAT") - 4;

  it.each([
    ["behind its pixels", withoutEnd(whole)],
    ["within its end", whole.subarray(0, -1)],
    ["within its pixels", whole.subarray(0, pixelsAt + 14)],
    ["behind the head of a chunk", whole.subarray(0, pixelsAt + 12)],
    ["within the head of a chunk", whole.subarray(0, pixelsAt + 11)],
    ["between two chunks", whole.subarray(0, pixelsAt)],
    ["within its text", whole.subarray(0, pixelsAt - 1)],
    ["behind its signature", whole.subarray(0, 8)],
    ["behind its pixels, where something else follows", Buffer.concat([withoutEnd(whole), Buffer.alloc(20)])],
  ])("is told as such: %s", (_, bytes) => {
    expect(isCutPng(bytes)).toBe(true);
  });

  it.each([
    ["a whole one", whole],
    ["one with something behind it", Buffer.concat([whole, Buffer.from("more")])],
    ["one without pixels", pngOf(HEADER)],
    ["one whose chunks end in something else", Buffer.concat([withoutEnd(pngOf(HEADER)), Buffer.alloc(12)])],
  ])("is none of these: %s", (_, bytes) => {
    expect(isCutPng(bytes)).toBe(false);
  });
});

describe("a PNG", () => {
  it("is an animation if it says so before its pixels", () => {
    expect(isAnimatedPng(pngOf(HEADER, chunk("acTL"), PIXELS))).toBe(true);
    expect(isAnimatedPng(pngOf(HEADER, PIXELS, chunk("acTL")))).toBe(false);
    expect(isAnimatedPng(pngOf(HEADER, PIXELS))).toBe(false);
    expect(isAnimatedPng(pngOf(HEADER))).toBe(false);
  });

  it("has the Exif of its first block", () => {
    expect(pngExif(pngOf(HEADER, PIXELS, chunk("eXIf", "one"), chunk("eXIf", "two")))).toEqual(
      Buffer.from("one"),
    );
    expect(pngExif(pngOf(HEADER, PIXELS))).toBeUndefined();
  });
});

const COLOURS = ["cHRM", "gAMA", "iCCP", "sRGB", "cICP"];
const OTHER_KEPT = ["PLTE", "tRNS", "sBIT", "mDCV", "cLLI", "bKGD", "pHYs", "acTL", "fcTL", "fdAT"];

describe("a PNG that is freed of its metadata", () => {
  it.each(["tEXt", "zTXt", "iTXt", "tIME", "eXIf", "caBX", "prVt", "hIST", "sPLT"])("loses %s", (type) => {
    expect(stripPng(pngOf(HEADER, chunk(type, "private"), PIXELS, chunk(type)))).toEqual(
      pngOf(HEADER, PIXELS),
    );
  });

  it.each([...COLOURS, ...OTHER_KEPT])("keeps %s", (type) => {
    const png = pngOf(HEADER, chunk(type, "kept"), PIXELS);
    expect(stripPng(png)).toEqual(png);
  });

  it("loses what follows its end, and is none where that is missing", () => {
    const png = pngOf(HEADER, PIXELS);
    expect(stripPng(Buffer.concat([png, Buffer.from("a video")]))).toEqual(png);
    expect(stripPng(withoutEnd(png))).toBeUndefined();
  });
});

describe("a PNG for a decoder", () => {
  it("has its orientation behind its header, and no other metadata", () => {
    const exif = Buffer.concat([exifOfOrientation(6), Buffer.from("more")]);
    const bytes = pngOf(HEADER, chunk("gAMA", "four"), chunk("tEXt", "a\0b"), PIXELS, chunk("eXIf", exif));
    expect(pngForDecoder(bytes)).toEqual(
      pngOf(HEADER, chunk("eXIf", exifOfOrientation(6)), chunk("gAMA", "four"), PIXELS),
    );
  });

  it("has no Exif where it is upright", () => {
    expect(pngForDecoder(pngOf(HEADER, PIXELS, chunk("eXIf", exifOfOrientation(1))))).toEqual(
      pngOf(HEADER, PIXELS),
    );
  });

  it("has the colours that it is given, and none of its own", () => {
    const profile = Buffer.from("a profile");
    const given = Buffer.concat([Buffer.from("p\0\0"), deflateSync(profile)]);
    const own = COLOURS.map((type) => chunk(type, "own"));
    expect(pngForDecoder(pngOf(HEADER, ...own, chunk("tRNS", "x"), PIXELS), profile)).toEqual(
      pngOf(HEADER, ["iCCP", given], chunk("tRNS", "x"), PIXELS),
    );
    expect(pngForDecoder(pngOf(HEADER, ...own, PIXELS))).toEqual(pngOf(HEADER, ...own, PIXELS));
  });

  it("is none where its end is missing", () => {
    expect(pngForDecoder(withoutEnd(pngOf(HEADER, PIXELS)))).toBeUndefined();
  });
});

describe("the texts of a PNG", () => {
  const read = (...chunks: Chunk[]) =>
    pngTexts(pngOf(HEADER, ...chunks)).map(({ keyword, text }) => [keyword, text.toString("latin1")]);
  const packed = (length: number, keyword = "Big"): Chunk =>
    chunk("zTXt", Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(Buffer.alloc(length, "x"))]));
  const keywords = (...chunks: Chunk[]) => read(...chunks).map(([keyword]) => keyword);

  it.each([
    ["plain", chunk("tEXt", "Author\0Jane")],
    ["compressed", chunk("zTXt", Buffer.concat([Buffer.from("Author\0\0"), deflateSync("Jane")]))],
    ["international", chunk("iTXt", "Author\0\0\0en\0Auteur\0Jane")],
    ["international without a language", chunk("iTXt", "Author\0\0\0\0\0Jane")],
    [
      "international and compressed",
      chunk("iTXt", Buffer.concat([Buffer.from("Author\0\x01\0en\0Auteur\0"), deflateSync("Jane")])),
    ],
  ])("are read by their keyword: %s", (_, text) => {
    expect(read(text)).toEqual([["Author", "Jane"]]);
  });

  it("are empty where an international one ends within its head", () => {
    expect(read(chunk("iTXt", "Author\0\0\0en"))).toEqual([["Author", ""]]);
    expect(read(chunk("iTXt", "Author\0\0\0en\0Auteur"))).toEqual([["Author", ""]]);
  });

  it("are none of what other chunks hold, has no keyword or cannot be unpacked", () => {
    expect(read(chunk("prVt", "Author\0Jane"), chunk("tEXt", "Author"), chunk("zTXt", "A\0\0no"))).toEqual(
      [],
    );
    expect(keywords(chunk("tEXt", "Author"), chunk("zTXt", "A\0\0no"), chunk("tEXt", "B\0c"))).toEqual(["B"]);
  });

  it("are unpacked to a mebibyte each", () => {
    expect(keywords(packed(MEBIBYTE, "Most"), packed(MEBIBYTE + 1, "More"))).toEqual(["Most"]);
  });

  it("are unpacked to four mebibytes in all", () => {
    expect(keywords(...Array<Chunk>(4).fill(packed(MEBIBYTE)), packed(1, "Late"))).toEqual(
      Array(4).fill("Big"),
    );
    expect(
      keywords(...Array<Chunk>(3).fill(packed(MEBIBYTE)), packed(MEBIBYTE - 1), packed(1, "Fits")),
    ).toEqual([...Array(4).fill("Big"), "Fits"]);
  });

  it("count against that though they cannot be unpacked, and plain ones do", () => {
    const broken = chunk("zTXt", "A\0\0no");
    const plain = chunk("tEXt", Buffer.concat([Buffer.from("Plain\0"), Buffer.alloc(4 * MEBIBYTE, "x")]));
    expect(keywords(...Array<Chunk>(3).fill(broken), packed(1, "Fits"))).toEqual(["Fits"]);
    expect(keywords(...Array<Chunk>(4).fill(broken), packed(1, "Late"))).toEqual([]);
    expect(keywords(plain, packed(1, "Late"), chunk("tEXt", "Still\0read"))).toEqual(["Plain", "Still"]);
  });
});
