import { exifOfOrientation, readExif } from "./exif.js";

const HEADER_LENGTH = 12;
/** A frame of an animation is one; a file made of empty ones would take its time. */
const MOST_CHUNKS = 20_000;
const PICTURE_CHUNKS = new Set(["VP8X", "ICCP", "ALPH", "VP8 ", "VP8L", "ANIM", "ANMF"]);

/** Flags of the chunk VP8X. */
const ANIMATION = 0x02;
const XMP = 0x04;
const EXIF = 0x08;
/** Where they are in that chunk, after its type and length. */
const FLAGS = 8;

/**
 * The WebP without Exif, XMP, unknown chunks, and what follows its end; the picture itself, and each frame of an
 * animation, stays bit for bit. Undefined when the chunks cannot be followed to the end. RFC 9649, section 2.
 */
export function stripWebp(bytes: Buffer): Buffer | undefined {
  const chunks = webpChunks(bytes);
  if (chunks === undefined) return undefined;
  const kept = chunks.filter(({ type }) => PICTURE_CHUNKS.has(type));
  return webpOf(
    bytes,
    kept.map((chunk) => withFlags(chunk, (flags) => flags & ~(EXIF | XMP))),
  );
}

/**
 * The WebP for a decoder: like {@link stripWebp}, but with its orientation. A decoder must not see foreign Exif: a
 * directory that points to itself keeps libexif busy for minutes.
 */
export function webpForDecoder(bytes: Buffer): Buffer | undefined {
  const { orientation } = readExif(webpMetadata(bytes, "EXIF") ?? Buffer.alloc(0));
  const stripped = stripWebp(bytes);
  const chunks = stripped && webpChunks(stripped);
  if (!chunks || orientation === 1) return stripped;
  const exif = webpChunk("EXIF", exifOfOrientation(orientation));
  return webpOf(bytes, [...chunks.map((chunk) => withFlags(chunk, (flags) => flags | EXIF)), exif]);
}

/** The metadata in chunks of this type, without the `Exif` that some writers put before it. */
export function webpMetadata(bytes: Buffer, type: "EXIF" | "XMP " | "C2PA"): Buffer | undefined {
  const data = webpChunks(bytes)
    ?.find((chunk) => chunk.type === type)
    ?.bytes.subarray(8);
  return data?.toString("latin1", 0, 6) === "Exif\0\0" ? data.subarray(6) : data;
}

/** Whether the WebP keeps every pixel as it was (RFC 9649, section 3). */
export function isLosslessWebp(bytes: Buffer): boolean {
  return webpChunks(bytes)?.some((chunk) => chunk.type === "VP8L") ?? false;
}

/** Whether the WebP says that it is an animation, be it of one frame. */
export function isAnimatedWebp(bytes: Buffer): boolean {
  return (
    webpChunks(bytes)?.some(
      ({ type, bytes: chunk }) => type === "VP8X" && ((chunk[FLAGS] ?? 0) & ANIMATION) !== 0,
    ) ?? false
  );
}

/** Where the WebP ends, by its header. */
export function webpEnd(bytes: Buffer): number | undefined {
  return webpChunks(bytes) && Math.min(bytes.length, paddedEnd(bytes));
}

/** Whether the WebP is shorter than its header says. */
export function isCutWebp(bytes: Buffer): boolean {
  return bytes.length < HEADER_LENGTH || paddedEnd(bytes) > bytes.length + 1;
}

interface Chunk {
  readonly type: string;
  /** With its header and padding. */
  readonly bytes: Buffer;
}

function webpChunks(bytes: Buffer): Chunk[] | undefined {
  if (bytes.length < HEADER_LENGTH) return undefined;
  const end = paddedEnd(bytes);
  // Some writers leave out the padding of the last chunk.
  if (end > bytes.length + 1) return undefined;
  const chunks: Chunk[] = [];
  let position = HEADER_LENGTH;
  while (position + 8 <= Math.min(end, bytes.length)) {
    if (chunks.length === MOST_CHUNKS) return undefined;
    const size = bytes.readUInt32LE(position + 4);
    const next = position + 8 + size + (size % 2);
    if (next > end) return undefined;
    const type = bytes.toString("latin1", position, position + 4);
    chunks.push({ type, bytes: padded(bytes.subarray(position, next), next - position) });
    position = next;
  }
  return chunks;
}

function paddedEnd(bytes: Buffer): number {
  const end = 8 + bytes.readUInt32LE(4);
  return end + (end % 2);
}

function padded(bytes: Buffer, length: number): Buffer {
  return bytes.length === length ? bytes : Buffer.concat([bytes], length);
}

function webpOf(bytes: Buffer, chunks: readonly Chunk[]): Buffer {
  const parts = chunks.map((chunk) => chunk.bytes);
  const webp = Buffer.concat([bytes.subarray(0, HEADER_LENGTH), ...parts]);
  webp.writeUInt32LE(webp.length - 8, 4);
  return webp;
}

/** Of data with an even length, which needs no padding. */
function webpChunk(type: string, data: Buffer): Chunk {
  const bytes = Buffer.alloc(8 + data.length);
  bytes.write(type, 0, "latin1");
  bytes.writeUInt32LE(data.length, 4);
  data.copy(bytes, 8);
  return { type, bytes };
}

function withFlags(chunk: Chunk, change: (flags: number) => number): Chunk {
  if (chunk.type !== "VP8X" || chunk.bytes.length <= FLAGS) return chunk;
  const bytes = Buffer.from(chunk.bytes);
  bytes.writeUInt8(change(bytes.readUInt8(FLAGS)), FLAGS);
  return { ...chunk, bytes };
}
