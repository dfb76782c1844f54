const HEADER_LENGTH = 13;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
const COMMENT_LABEL = 0xfe;
const APPLICATION_LABEL = 0xff;

/** Applications whose extensions say how to show the picture; any other (XMP, above all) is metadata. */
const DISPLAY_APPLICATIONS = ["NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"];

/** Two a frame, and some more; a file made of empty ones would take its time. */
const MOST_BLOCKS = 100_000;

interface GifBlock {
  readonly start: number;
  readonly end: number;
}

/** The blocks of a GIF after its header, up to its trailer. GIF89a, https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
function* gifBlocks(bytes: Buffer): Generator<GifBlock> {
  let start = headerEnd(bytes);
  for (let count = 0; count < MOST_BLOCKS; count += 1) {
    const end = blockEnd(bytes, start);
    if (end === undefined) return;
    yield { start, end };
    start = end;
  }
}

/** Where the GIF ends, undefined when its blocks cannot be followed to the end: then it is cut off. */
export function gifEnd(bytes: Buffer): number | undefined {
  let end = headerEnd(bytes);
  for (const block of gifBlocks(bytes)) end = block.end;
  return bytes[end] === TRAILER ? end + 1 : undefined;
}

/** Whether the GIF ends in the middle of a block. (Some writers leave out the last byte, which no browser misses.) */
export function isCutGif(bytes: Buffer): boolean {
  let end = headerEnd(bytes);
  for (const block of gifBlocks(bytes)) end = block.end;
  return [IMAGE, EXTENSION].includes(bytes[end] ?? TRAILER) || end > bytes.length;
}

/** Whether the GIF has more than one frame. */
export function isAnimatedGif(bytes: Buffer): boolean {
  let frames = 0;
  for (const { start } of gifBlocks(bytes)) {
    if (bytes[start] === IMAGE) frames += 1;
    if (frames > 1) return true;
  }
  return false;
}

/**
 * The GIF without comments, XMP, other applications' data, and what follows its end; its frames stay bit for bit.
 * Undefined when the blocks cannot be followed to the end.
 */
export function stripGif(bytes: Buffer): Buffer | undefined {
  if (gifEnd(bytes) === undefined) return undefined;
  const kept = [...gifBlocks(bytes)].filter(({ start }) => !isMetadata(bytes, start));
  const parts = kept.map(({ start, end }) => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, headerEnd(bytes)), ...parts, Buffer.of(TRAILER)]);
}

/** Comments, XMP and what other applications wrote, as it stands there. */
export function gifMetadata(bytes: Buffer): Buffer {
  const blocks = [...gifBlocks(bytes)].filter(({ start }) => isMetadata(bytes, start));
  return Buffer.concat(blocks.map(({ start, end }) => bytes.subarray(start, end)));
}

function headerEnd(bytes: Buffer): number {
  return bytes.length < HEADER_LENGTH ? bytes.length : HEADER_LENGTH + colourTableLength(bytes.readUInt8(10));
}

function colourTableLength(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

/** Undefined for a block that is cut off, and for what is none, such as the trailer. */
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
