/** Pixels of a BMP, from the top, as red, green and blue, and alpha where it has some. */
export interface BmpPixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

/** What the header of a BMP says. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly masks: Masks;
  /** Of a picture without masks. */
  readonly palette: Buffer;
  readonly bytesAColour: number;
  /** Where the pixels begin. */
  readonly start: number;
}

type Masks = readonly [red: number, green: number, blue: number, alpha: number];

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const INFO_HEADER = 40;
const NONE = 0;
const RLE8 = 1;
const RLE4 = 2;
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  [NONE]: [1, 4, 8, 16, 24, 32],
  [RLE8]: [8],
  [RLE4]: [4],
  [BIT_FIELDS]: [16, 32],
  [ALPHA_BIT_FIELDS]: [16, 32],
};
const MASKS_16: Masks = [0x7c00, 0x03e0, 0x001f, 0];
const MASKS_32: Masks = [0xff0000, 0xff00, 0xff, 0];

/**
 * The header of a BMP; undefined for one that is damaged or of a kind that nothing writes. sharp reads no BMP, and the
 * decoders on npm lack depths or mix up palettes. Microsoft: "Bitmap Storage",
 * https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 */
export function readBmpHeader(bytes: Buffer): BmpHeader | undefined {
  if (bytes.length < FILE_HEADER + CORE_HEADER || bytes.toString("latin1", 0, 2) !== "BM") return undefined;
  const headerLength = bytes.readUInt32LE(FILE_HEADER);
  const header = bytes.subarray(FILE_HEADER, FILE_HEADER + headerLength);
  const isCore = headerLength === CORE_HEADER;
  if (header.length < headerLength || (!isCore && headerLength < INFO_HEADER)) return undefined;
  const height = isCore ? header.readUInt16LE(6) : header.readInt32LE(8);
  const bits = header.readUInt16LE(isCore ? 10 : 14);
  const compression = isCore ? NONE : header.readUInt32LE(16);
  const width = isCore ? header.readUInt16LE(4) : header.readInt32LE(4);
  if (width < 1 || height === 0 || !DEPTHS[compression]?.includes(bits)) return undefined;
  const masks = masksOf(bytes, { headerLength, bits, compression });
  const start = bytes.readUInt32LE(10);
  const palette = bytes.subarray(FILE_HEADER + headerLength, Math.max(start, FILE_HEADER));
  return {
    width,
    height: Math.abs(height),
    isTopDown: height < 0,
    bits,
    compression,
    masks,
    palette,
    bytesAColour: isCore ? 3 : 4,
    start,
  };
}

/** Whether the BMP holds fewer rows than its header says. */
export function isCutBmp(bytes: Buffer): boolean {
  const header = readBmpHeader(bytes);
  if (!header || header.compression === RLE8 || header.compression === RLE4) return false;
  return header.start + leastBytes(header) > bytes.length;
}

/** For pixels that are not packed; some writers leave out the padding of the last row. */
function leastBytes({ width, height, bits }: BmpHeader): number {
  return rowLengthOf(width, bits) * (height - 1) + Math.ceil((width * bits) / 8);
}

function rowLengthOf(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}

/** The pixels; undefined if some are missing. */
export function decodeBmp(bytes: Buffer, header: BmpHeader): BmpPixels | undefined {
  const { width, height, bits, compression, isTopDown } = header;
  const isRunLength = compression === RLE8 || compression === RLE4;
  const rowLength = rowLengthOf(width, bits);
  const rows = isRunLength ? undefined : bytes.subarray(header.start, header.start + rowLength * height);
  if (rows && rows.length < leastBytes(header)) return undefined;
  const indices = isRunLength ? unpackRuns(bytes.subarray(header.start), header) : undefined;
  if (isRunLength && !indices) return undefined;
  const colours = bits <= 8 ? paletteColours(header) : undefined;
  const hasAlpha = header.masks[3] !== 0;
  const channels = hasAlpha ? 4 : 3;
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y += 1) {
    const row = isTopDown ? y : height - 1 - y;
    const target = y * width * channels;
    if (colours) {
      const indexAt = indices
        ? (x: number) => indices[row * width + x] ?? 0
        : indexReader(rows, row * rowLength, bits);
      for (let x = 0; x < width; x += 1)
        colours.copy(data, target + x * 3, indexAt(x) * 3, indexAt(x) * 3 + 3);
    } else if (rows) {
      copyRow(rows.subarray(row * rowLength), data.subarray(target), { ...header, channels });
    }
  }
  return hasAlpha ? withoutIdleAlpha({ data, width, height, channels }) : { data, width, height, channels };
}

function masksOf(
  bytes: Buffer,
  { headerLength, bits, compression }: { headerLength: number; bits: number; compression: number },
): Masks {
  if (compression < BIT_FIELDS) return bits === 16 ? MASKS_16 : MASKS_32;
  const position = FILE_HEADER + INFO_HEADER;
  const hasAlpha = headerLength >= 56 || compression === ALPHA_BIT_FIELDS;
  const maskAt = (index: number): number =>
    position + 4 * index + 4 <= bytes.length ? bytes.readUInt32LE(position + 4 * index) : 0;
  return [maskAt(0), maskAt(1), maskAt(2), hasAlpha ? maskAt(3) : 0];
}

/** Red, green and blue of each entry; entries that are missing are black. */
function paletteColours({ palette, bytesAColour, bits }: BmpHeader): Buffer {
  const colours = Buffer.alloc(3 * 2 ** bits);
  for (let index = 0; index < 2 ** bits; index += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      colours[index * 3 + channel] = palette[index * bytesAColour + 2 - channel] ?? 0;
    }
  }
  return colours;
}

function indexReader(rows: Buffer | undefined, start: number, bits: number): (x: number) => number {
  const mask = 2 ** bits - 1;
  return (x) => {
    const position = x * bits;
    const byte = rows?.[start + (position >> 3)] ?? 0;
    return (byte >> (8 - bits - (position & 7))) & mask;
  };
}

function copyRow(
  row: Buffer,
  target: Buffer,
  { width, bits, masks, channels }: BmpHeader & { channels: number },
): void {
  if (bits === 24) {
    for (let x = 0; x < width; x += 1) {
      target[x * 3] = row[x * 3 + 2] ?? 0;
      target[x * 3 + 1] = row[x * 3 + 1] ?? 0;
      target[x * 3 + 2] = row[x * 3] ?? 0;
    }
    return;
  }
  for (let x = 0; x < width; x += 1) {
    const value = bits === 16 ? row.readUInt16LE(x * 2) : row.readUInt32LE(x * 4);
    for (let channel = 0; channel < channels; channel += 1) {
      const mask = masks[channel] ?? 0;
      target[x * channels + channel] = mask === 0 ? 0 : Math.round((255 * ((value & mask) >>> 0)) / mask);
    }
  }
}

/** The palette's index of each pixel, row after row from the bottom; undefined when the runs end too early. */
function unpackRuns(runs: Buffer, { width, height, bits }: BmpHeader): Uint8Array | undefined {
  const indices = new Uint8Array(width * height);
  const put = (x: number, y: number, index: number): void => {
    if (x < width && y < height) indices[y * width + x] = index;
  };
  const nibble = (byte: number, at: number): number =>
    bits === 8 ? byte : at % 2 === 0 ? byte >> 4 : byte & 15;
  let [x, y, position] = [0, 0, 0];
  while (position + 1 < runs.length) {
    const [count = 0, value = 0] = runs.subarray(position, position + 2);
    position += 2;
    if (count > 0) {
      for (let at = 0; at < Math.min(count, width - x); at += 1) put(x + at, y, nibble(value, at));
      x += count;
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      x += runs[position] ?? 0;
      y += runs[position + 1] ?? 0;
      position += 2;
    } else {
      for (let at = 0; at < value; at += 1) {
        put(x + at, y, nibble(runs[position + Math.floor((at * bits) / 8)] ?? 0, at));
      }
      x += value;
      position += Math.ceil((value * bits) / 16) * 2;
    }
    if (y >= height) return indices;
  }
  return undefined;
}

/** Alpha that is zero everywhere is no alpha: programs leave that byte empty. */
function withoutIdleAlpha(pixels: BmpPixels): BmpPixels {
  const { data, width, height } = pixels;
  for (let position = 3; position < data.length; position += 4) if (data[position] !== 0) return pixels;
  const opaque = Buffer.alloc(width * height * 3);
  for (let index = 0; index < width * height; index += 1)
    data.copy(opaque, index * 3, index * 4, index * 4 + 3);
  return { data: opaque, width, height, channels: 3 };
}
