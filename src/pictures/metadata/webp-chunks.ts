const HEADER_LENGTH = 12;
const PICTURE_CHUNKS = new Set(["VP8X", "ICCP", "ALPH", "VP8 ", "VP8L"]);

/** The flags of the VP8X chunk that announce Exif and XMP. */
const METADATA_FLAGS = 0x08 | 0x04;

/**
 * The still WebP without Exif, XMP and unknown chunks, and without what follows its end; the picture itself stays bit for bit.
 * Undefined when the chunks cannot be followed to the end. RFC 9649, section 2.
 */
export function stripWebp(bytes: Buffer): Buffer | undefined {
  const chunks = webpChunks(bytes);
  if (chunks === undefined) return undefined;
  const kept = chunks.filter((chunk) => PICTURE_CHUNKS.has(chunk.type)).map(withoutMetadataFlags);
  const stripped = Buffer.concat([bytes.subarray(0, HEADER_LENGTH), ...kept]);
  stripped.writeUInt32LE(stripped.length - 8, 4);
  return stripped;
}

/** Whether the WebP keeps every pixel as it was (RFC 9649, section 3). */
export function isLosslessWebp(bytes: Buffer): boolean {
  return webpChunks(bytes)?.some((chunk) => chunk.type === "VP8L") ?? false;
}

interface Chunk {
  readonly type: string;
  /** With its header and padding. */
  readonly bytes: Buffer;
}

function webpChunks(bytes: Buffer): Chunk[] | undefined {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return undefined;
  const chunks: Chunk[] = [];
  let position = HEADER_LENGTH;
  while (position + 8 <= end) {
    const size = bytes.readUInt32LE(position + 4);
    const next = position + 8 + size + (size % 2);
    if (next > end) return undefined;
    chunks.push({
      type: bytes.toString("latin1", position, position + 4),
      bytes: bytes.subarray(position, next),
    });
    position = next;
  }
  return chunks;
}

function withoutMetadataFlags({ type, bytes }: Chunk): Buffer {
  if (type !== "VP8X" || bytes.length <= 8) return bytes;
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(8) & ~METADATA_FLAGS, 8);
  return copy;
}
