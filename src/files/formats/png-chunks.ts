import { crc32, deflateSync, inflateSync } from "node:zlib";
import { exifOfOrientation, readExif } from "./exif.js";

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const FRAME_LENGTH = 12;
const CHUNK_TYPE = /^[a-z]{4}$/i;
/** Encoders write some thousand at most; a file made of empty ones would take its time. */
const MOST_CHUNKS = 100_000;

/** How many bytes a compressed text may unpack to, and all of them. */
const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_TEXTS_BYTES = 4 * MAX_TEXT_BYTES;

/** What makes up the picture, its colours and its frames: not text, time, Exif and private chunks. */
const PICTURE_CHUNKS = new Set(
  "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT".split(" "),
);
const COLOUR_CHUNKS = new Set("iCCP gAMA cHRM sRGB cICP".split(" "));

export interface PngChunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its length and checksum. */
  readonly bytes: Buffer;
}

/** A text that a PNG holds besides its picture. */
export interface PngText {
  readonly keyword: string;
  readonly text: Buffer;
}

/**
 * The chunks of a PNG from `IHDR` to `IEND`, and as far as they can be followed when that is missing.
 * W3C: PNG, https://www.w3.org/TR/png-3/#5DataRep
 */
export function* pngChunks(bytes: Buffer): Generator<PngChunk> {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return;
  let position = SIGNATURE.length;
  for (let count = 0; count < MOST_CHUNKS && position + FRAME_LENGTH <= bytes.length; count += 1) {
    const type = bytes.toString("latin1", position + 4, position + 8);
    const end = position + FRAME_LENGTH + bytes.readUInt32BE(position);
    if (end > bytes.length || !CHUNK_TYPE.test(type)) return;
    yield { type, data: bytes.subarray(position + 8, end - 4), bytes: bytes.subarray(position, end) };
    if (type === "IEND") return;
    position = end;
  }
}

/** Where the PNG ends, undefined when its end is missing: then it is cut off. */
export function pngEnd(bytes: Buffer): number | undefined {
  let end = SIGNATURE.length;
  for (const chunk of pngChunks(bytes)) {
    end += chunk.bytes.length;
    if (chunk.type === "IEND") return end;
  }
  return undefined;
}

/** Whether the PNG ends before its pixels do, or in the middle of a chunk. */
export function isCutPng(bytes: Buffer): boolean {
  let end = SIGNATURE.length;
  for (const { type, bytes: chunk } of pngChunks(bytes)) {
    if (type === "IEND") return false;
    end += chunk.length;
    if (type === "IDAT") return pngEnd(bytes) === undefined;
  }
  return bytes.length - end < FRAME_LENGTH || CHUNK_TYPE.test(bytes.toString("latin1", end + 4, end + 8));
}

/** Whether the PNG is an animation (APNG). */
export function isAnimatedPng(bytes: Buffer): boolean {
  for (const { type } of pngChunks(bytes)) {
    if (type === "acTL") return true;
    if (type === "IDAT") return false;
  }
  return false;
}

/**
 * The PNG without text, time, Exif and XMP, and without what follows its end; the picture itself, and each frame of an
 * animation, stays bit for bit. Undefined when the chunks cannot be followed to the end.
 */
export function stripPng(bytes: Buffer): Buffer | undefined {
  return pngEnd(bytes) === undefined ? undefined : pngOfChunks(keptChunks(bytes));
}

/**
 * The PNG for a decoder: like {@link stripPng}, but with its orientation, and in the colours of `profile` if one is
 * given. A decoder must not see foreign Exif: a directory that points to itself keeps libexif busy for minutes.
 */
export function pngForDecoder(bytes: Buffer, profile?: Buffer): Buffer | undefined {
  if (pngEnd(bytes) === undefined) return undefined;
  const [header, ...rest] = keptChunks(bytes);
  if (!header) return undefined;
  const { orientation } = readExif(pngExif(bytes) ?? Buffer.alloc(0));
  return pngOfChunks([
    header,
    ...(profile
      ? [pngChunk("iCCP", Buffer.concat([Buffer.from("p\0\0", "latin1"), deflateSync(profile)]))]
      : []),
    ...(orientation === 1 ? [] : [pngChunk("eXIf", exifOfOrientation(orientation))]),
    ...rest.filter(({ type }) => !(profile && COLOUR_CHUNKS.has(type))),
  ]);
}

/** The Exif block of the PNG. */
export function pngExif(bytes: Buffer): Buffer | undefined {
  for (const { type, data } of pngChunks(bytes)) if (type === "eXIf") return data;
  return undefined;
}

/**
 * The texts of the PNG (`tEXt`, `zTXt`, `iTXt`). Compressed ones are unpacked to 1 MiB each and 4 MiB in all, the
 * attempts counted: a chunk of 3 kB may hold 3 MB, and a picture hundreds of them.
 */
export function pngTexts(bytes: Buffer): PngText[] {
  let left = MAX_TEXTS_BYTES;
  const texts: PngText[] = [];
  for (const { type, data } of pngChunks(bytes)) {
    if (!["tEXt", "zTXt", "iTXt"].includes(type)) continue;
    const keywordEnd = data.indexOf(0);
    if (keywordEnd === -1) continue;
    const text = unpackedText(type, data, keywordEnd + 1, Math.min(left, MAX_TEXT_BYTES));
    left -= text?.length ?? MAX_TEXT_BYTES;
    if (!text) continue;
    texts.push({ keyword: data.toString("latin1", 0, keywordEnd), text });
  }
  return texts;
}

/** Undefined when it cannot be unpacked, or not to so few bytes; what is compressed needs room for one at least. */
function unpackedText(type: string, data: Buffer, start: number, maxLength: number): Buffer | undefined {
  if (type === "tEXt") return data.subarray(start);
  if (type === "zTXt") return inflated(data.subarray(start + 1), maxLength);
  const languageEnd = data.indexOf(0, start + 2);
  const translationEnd = languageEnd === -1 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translationEnd === -1) return Buffer.alloc(0);
  const text = data.subarray(translationEnd + 1);
  return data[start] === 1 ? inflated(text, maxLength) : text;
}

function inflated(data: Buffer, maxLength: number): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: maxLength });
  } catch {
    return undefined;
  }
}

function keptChunks(bytes: Buffer): PngChunk[] {
  return [...pngChunks(bytes)].filter(({ type }) => PICTURE_CHUNKS.has(type));
}

function pngOfChunks(chunks: readonly PngChunk[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks.map((chunk) => chunk.bytes)]);
}

function pngChunk(type: string, data: Buffer): PngChunk {
  const bytes = Buffer.alloc(FRAME_LENGTH + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return { type, data, bytes };
}
