import { deflateSync } from "node:zlib";

/** Small files that cost an unwary reader minutes or gigabytes. */

/** 200 bytes: a ZIP64 end record that claims four thousand million entries. */
export function zipWithClaimedEntries(): Buffer {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const zip64End = Buffer.alloc(56);
  zip64End.writeUInt32LE(0x06064b50, 0);
  zip64End.writeUInt32LE(44, 4);
  zip64End.writeUInt32LE(4_294_967_280, 24);
  zip64End.writeUInt32LE(4_294_967_280, 32);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeUInt32LE(local.length, 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(0, 4);
  end.writeUInt16LE(0, 20);
  return Buffer.concat([local, zip64End, locator, end]);
}

/** A ZIP whose central directory names the same entry, 1 MiB unpacked, again and again. */
export function zipOfOneNameOften(entries = 60_000, name = "[Content_Types].xml"): Buffer {
  const unpacked = Buffer.alloc(1024 * 1024, " ");
  const packed = deflateRawOf(unpacked);
  const local = Buffer.concat([zipHeader(0x04034b50, 30, name, packed.length, unpacked.length), packed]);
  const central = zipHeader(0x02014b50, 46, name, packed.length, unpacked.length);
  const directory = Buffer.concat(Array.from({ length: entries }, () => central));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

function deflateRawOf(bytes: Buffer): Buffer {
  // Without the two bytes of zlib's header and the four of its checksum.
  return deflateSync(bytes).subarray(2, -4);
}

function zipHeader(signature: number, length: number, name: string, packed: number, unpacked: number) {
  const isCentral = length === 46;
  const header = Buffer.alloc(length + name.length);
  header.writeUInt32LE(signature, 0);
  const at = isCentral ? 10 : 8;
  header.writeUInt16LE(8, at);
  header.writeUInt32LE(packed, at + 10);
  header.writeUInt32LE(unpacked, at + 14);
  header.writeUInt16LE(name.length, at + 18);
  header.write(name, length, "latin1");
  return header;
}

/** Each end tag is compared with every open element. */
export function svgOfWrongEndTags(count = 5_000): Buffer {
  return Buffer.from(`<svg>${"<a>".repeat(count)}${"</b>".repeat(count)}`);
}

export function svgNestedDeeply(levels = 1_000_000): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${"<g>".repeat(levels)}`);
}

/** Each `<!ENTITY` is the beginning of a declaration that never ends. */
export function svgOfOpenEntities(count = 40_000): Buffer {
  return Buffer.from(`<!DOCTYPE svg [${"<!ENTITY ".repeat(count)}]><svg/>`);
}

/** A compound file with sectors of 64 KiB, whose DIFAT names the same sector again and again. */
export function compoundFileOfOneSector(): Buffer {
  const header = Buffer.alloc(65_536, 0xff);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  header.writeUInt16LE(16, 30);
  header.writeUInt32LE(0, 48);
  header.writeUInt32LE(0, 68);
  for (let position = 76; position < 512; position += 4) header.writeUInt32LE(0, position);
  return Buffer.concat([header, Buffer.alloc(65_536)]);
}

/** The same with the sectors of version 3, which are allowed. */
export function compoundFileOfOneSmallSector(difatSectors = 2_000): Buffer {
  const header = Buffer.alloc(512, 0);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(0, 48);
  header.writeUInt32LE(1, 68);
  const sectors = Array.from({ length: difatSectors + 1 }, (_, index) => {
    const sector = Buffer.alloc(512);
    sector.writeUInt32LE(index + 1, 508);
    return sector;
  });
  return Buffer.concat([header, ...sectors]);
}

/** A value that a reader gathers character by character, and that is none of the long ones that may be skipped. */
export function svgOfOneAttribute(length = 3_900_000): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><g id="${"=a".repeat(length / 2)}"/></svg>`);
}

export function svgOfElements(count = 970_000): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${"<g/>".repeat(count)}</svg>`);
}

export function svgOfAttributes(count = 300_000): Buffer {
  const attributes = Array.from({ length: count }, (_, index) => `a${index}="1"`);
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes.join(" ")}/>`);
}

/** Each of its values takes dozens of bytes for the two that it is written with. */
export function jsonOfObjects(count = 3_300_000): Buffer {
  return Buffer.from(`{"layers":[${"{},".repeat(count)}{}]}`);
}

/** JSON that takes a reader many times its size to hold. */
export function jsonNestedDeeply(levels = 5_000_000): Buffer {
  return Buffer.from("[".repeat(levels));
}

/** A PNG of 1 x 1 pixel with these chunks before its pixels; checksums are left out. */
export function pngWithChunks(chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    pngChunk("IHDR", Buffer.from("00000001000000010802000000", "hex")),
    ...chunks,
    pngChunk("IDAT", deflateSync(Buffer.alloc(4))),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  data.copy(chunk, 8);
  return chunk;
}

/** A PNG of about 2.8 MB whose texts unpack to gigabytes, each under a keyword that stands for metadata. */
export function pngOfPackedTexts(texts = 900): Buffer {
  const packed = deflateSync(Buffer.alloc(3 * 1024 * 1024, "x"));
  const text = Buffer.concat([Buffer.from("Raw profile type xmp\0\0", "latin1"), packed]);
  return pngWithChunks(Array.from({ length: texts }, () => pngChunk("zTXt", text)));
}

/** XMP of less than a megabyte in which every element opens a namespace, one in the other: half a minute for a parser. */
export function pngOfNestedNamespaces(levels = 30_000): Buffer {
  const elements = Array.from({ length: levels }, (_, index) => `<q xmlns:n${index}="u${index}">`).join("");
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/">${elements}`;
  const text = Buffer.concat([Buffer.from("XML:com.adobe.xmp\0\0\0\0\0", "latin1"), Buffer.from(xmp)]);
  return pngWithChunks([pngChunk("iTXt", text)]);
}

/** A JPEG (of any picture) with an Exif segment whose directory links to itself, entry by entry. */
export function jpegOfCircularExif(jpeg: Buffer, entries = 100): Buffer {
  const tiff = Buffer.alloc(8 + 2 + entries * 12 + 4);
  tiff.write("II*\0", 0, "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(entries, 8);
  for (let index = 0; index < entries; index += 1) {
    const at = 10 + index * 12;
    // Exif, GPS and interoperability directories, each of them this very one.
    tiff.writeUInt16LE([0x8769, 0x8825, 0xa005][index % 3] ?? 0, at);
    tiff.writeUInt16LE(4, at + 2);
    tiff.writeUInt32LE(1, at + 4);
    tiff.writeUInt32LE(8, at + 8);
  }
  tiff.writeUInt32LE(8, 10 + entries * 12);
  const content = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const marker = Buffer.alloc(4);
  marker.writeUInt16BE(0xffe1, 0);
  marker.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), marker, content, jpeg.subarray(2)]);
}

/** One file of each format that is made of nothing but empty parts, or of parts that lie on each other. */
export const FILES_OF_EMPTY_PARTS: Readonly<Record<string, () => Buffer>> = {
  "chunks.webp": () => riffOf("WEBP", repeated("JUNK\0\0\0\0", 400_000)),
  "blocks.gif": () => Buffer.concat([GIF_HEADER, repeated("\x21\xfe\0", 1_000_000)]),
  "comments.gif": () =>
    Buffer.concat([GIF_HEADER, repeated(`\x21\xfe\xfa${"<a:b ".repeat(50)}\0`, 14_000), Buffer.from(";")]),
  "fill.jpg": () => Buffer.concat([JPEG_START, Buffer.alloc(3_800_000, 0xff)]),
  "segments.jpg": () => Buffer.concat([JPEG_START, repeated("\xff\xe1\0\x02", 900_000)]),
  "scans.jpg": () => Buffer.concat([JPEG_START, repeated("\xff\xda\0\x02", 900_000)]),
  "xmp.png": () =>
    pngWithChunks([
      pngChunk("iTXt", Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${"<a:b x".repeat(600_000)}`, "latin1")),
    ]),
  "items.avif": () => avifOfItems(9_000, 9_000, 1),
  "extents.avif": () => avifOfItems(9_000, 1, 60_000),
};

const GIF_HEADER = Buffer.from("GIF89a\x01\0\x01\0\0\0\0", "latin1");
const JPEG_START = Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex");

function repeated(part: string, times: number): Buffer {
  return Buffer.from(part.repeat(times), "latin1");
}

function riffOf(type: string, chunks: Buffer): Buffer {
  const head = Buffer.from(`RIFF\0\0\0\0${type}`, "latin1");
  head.writeUInt32LE(4 + chunks.length, 4);
  return Buffer.concat([head, chunks]);
}

/** Each item is said to be Exif, and each place to be all of the file. */
function avifOfItems(items: number, places: number, extents: number): Buffer {
  const box = (type: string, ...content: readonly Buffer[]): Buffer => {
    const body = Buffer.concat(content);
    return Buffer.concat([uint(8 + body.length, 4), Buffer.from(type, "latin1"), body]);
  };
  const entries = Array.from({ length: items }, (_, index) =>
    box("infe", uint(2 * 2 ** 24, 4), uint(index % places, 2), uint(0, 2), Buffer.from("Exif\0", "latin1")),
  );
  const everything = Buffer.concat(
    Array<Buffer>(extents).fill(Buffer.concat([uint(0, 4), uint(0xffffffff, 4)])),
  );
  const locations = Array.from({ length: places }, (_, index) =>
    Buffer.concat([uint(index, 2), uint(0, 2), uint(extents, 2), everything]),
  );
  return Buffer.concat([
    box("ftyp", Buffer.from("avif\0\0\0\0", "latin1")),
    box(
      "meta",
      uint(0, 4),
      box("iloc", uint(0, 4), uint(0x4400, 2), uint(places, 2), ...locations),
      box("iinf", uint(0, 4), uint(items, 2), ...entries),
    ),
  ]);
}

function uint(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}

/** An instruction that never ends, and in which each third character could begin a declaration. */
export function textOfOneInstruction(count = 3_000_000): Buffer {
  return Buffer.from(`<?xml ${"<a ".repeat(count)}`);
}

/** A declaration that never ends: the reader looks at all of it again with each character. */
export function svgOfOneLongDeclaration(length = 2_000_000): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><!${"a".repeat(length)}`);
}
