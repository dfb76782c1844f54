const HEADER_LENGTH = 13;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
const COMMENT_LABEL = 0xfe;
const APPLICATION_LABEL = 0xff;

/** Applications whose extensions say how to show the picture; any other (XMP, above all) is metadata. */
const DISPLAY_APPLICATIONS = ["NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"];

/**
 * The GIF without comments, XMP and other applications' data, and without what follows its end; its frames stay bit for bit.
 * Undefined when the blocks cannot be followed to the end. GIF89a, https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function stripGif(bytes: Buffer): Buffer | undefined {
  if (bytes.length < HEADER_LENGTH) return undefined;
  let position = HEADER_LENGTH + colourTableLength(bytes.readUInt8(10));
  const kept = [bytes.subarray(0, position)];
  while (position < bytes.length) {
    if (bytes[position] === TRAILER) return Buffer.concat([...kept, Buffer.of(TRAILER)]);
    const end = blockEnd(bytes, position);
    if (end === undefined) return undefined;
    if (!isMetadata(bytes, position)) kept.push(bytes.subarray(position, end));
    position = end;
  }
  return undefined;
}

function colourTableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

function blockEnd(bytes: Buffer, position: number): number | undefined {
  if (bytes[position] === EXTENSION) return subBlocksEnd(bytes, position + 2);
  if (bytes[position] !== IMAGE || position + 10 > bytes.length) return undefined;
  const colourTable = colourTableLength(bytes.readUInt8(position + 9));
  return subBlocksEnd(bytes, position + 10 + colourTable + 1);
}

function subBlocksEnd(bytes: Buffer, start: number): number | undefined {
  let position = start;
  while (position < bytes.length) {
    const length = bytes.readUInt8(position);
    position += 1 + length;
    if (length === 0) return position;
  }
  return undefined;
}

function isMetadata(bytes: Buffer, position: number): boolean {
  if (bytes[position] !== EXTENSION) return false;
  const label = bytes[position + 1];
  if (label === COMMENT_LABEL) return true;
  if (label !== APPLICATION_LABEL) return false;
  return !DISPLAY_APPLICATIONS.includes(bytes.toString("latin1", position + 3, position + 14));
}
