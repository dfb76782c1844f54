import { crc32, deflateSync } from "node:zlib";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue, 256 times; without it each pixel has its own three bytes. */
  readonly palette?: Buffer;
  /** Row by row. */
  readonly data: Buffer;
}

export const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const TRUECOLOUR = 2;
const INDEXED = 3;

/** A PNG of 8 bits a channel. `level` is zlib's: 0 leaves noise as large as it is. */
export function png({ width, height, palette, data }: Pixels, level = 6): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, palette ? INDEXED : TRUECOLOUR, 0, 0, 0], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk("IHDR", header),
    ...(palette ? [pngChunk("PLTE", palette)] : []),
    pngChunk("IDAT", deflateSync(withFilters(data, data.length / height), { level })),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}

/** Each row begins with its filter: none. */
function withFilters(data: Buffer, rowBytes: number): Buffer {
  const rows = data.length / rowBytes;
  const filtered = Buffer.alloc(data.length + rows);
  for (let row = 0; row < rows; row += 1)
    data.copy(filtered, row * (rowBytes + 1) + 1, row * rowBytes, (row + 1) * rowBytes);
  return filtered;
}
