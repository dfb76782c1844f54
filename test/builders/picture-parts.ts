import { crc32, deflateSync } from "node:zlib";

const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

/** A PNG of these chunks, each with its length and checksum; `IEND` is added. */
export function pngOf(...chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const end: readonly [string, Buffer] = ["IEND", Buffer.alloc(0)];
  return Buffer.concat([PNG_SIGNATURE, ...[...chunks, end].map(([type, data]) => pngChunk(type, data))]);
}

/** The PNG with more chunks right after its header. */
export function withPngChunks(
  png: Buffer,
  ...chunks: readonly (readonly [type: string, data: Buffer])[]
): Buffer {
  const headerEnd = PNG_SIGNATURE.length + 25;
  const added = chunks.map(([type, data]) => pngChunk(type, data));
  return Buffer.concat([png.subarray(0, headerEnd), ...added, png.subarray(headerEnd)]);
}

/** The header of a PNG with 8 bits a channel in red, green and blue. */
export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.from("00000000000000000802000000", "hex");
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return header;
}

/** The data of the chunk `iCCP`: the pixels' levels are to be read by this profile. */
export function pngProfile(icc: Buffer): Buffer {
  return Buffer.concat([Buffer.from("profile\0\0", "latin1"), deflateSync(icc)]);
}

/** The JPEG with more segments right after its start. */
export function withJpegSegments(
  jpeg: Buffer,
  ...segments: readonly (readonly [marker: number, data: string])[]
): Buffer {
  const added = segments.map(([marker, data]) => jpegSegment(marker, Buffer.from(data, "latin1")));
  return Buffer.concat([jpeg.subarray(0, 2), ...added, jpeg.subarray(2)]);
}

/** The GIF with a comment and an application's extension before its frames. */
export function withGifExtensions(gif: Buffer, comment: string, application: string, data: string): Buffer {
  const flags = gif.readUInt8(10);
  const start = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const added = Buffer.concat([
    Buffer.of(0x21, 0xfe, comment.length),
    Buffer.from(`${comment}\0`, "latin1"),
    Buffer.of(0x21, 0xff, 11),
    Buffer.from(application, "latin1"),
    Buffer.of(data.length),
    Buffer.from(`${data}\0`, "latin1"),
  ]);
  return Buffer.concat([gif.subarray(0, start), added, gif.subarray(start)]);
}

/** Adobe RGB (1998) as an ICC profile of version 2: three primaries and a gamma of 2.2. */
export function adobeRgbProfile(): Buffer {
  const tags: readonly (readonly [signature: string, data: Buffer])[] = [
    ["desc", textDescription("Adobe RGB (1998)")],
    ["cprt", Buffer.from("text\0\0\0\0none\0\0\0\0", "latin1")],
    ["wtpt", xyz(0.9505, 1, 1.0891)],
    ["rXYZ", xyz(0.60974, 0.31111, 0.01947)],
    ["gXYZ", xyz(0.20528, 0.62567, 0.06087)],
    ["bXYZ", xyz(0.14919, 0.06322, 0.74457)],
    ...["rTRC", "gTRC", "bTRC"].map((signature) => [signature, gammaCurve(2.2)] as const),
  ];
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  let position = 128 + table.length;
  for (const [index, [signature, data]] of tags.entries()) {
    table.write(signature, 4 + 12 * index, "latin1");
    table.writeUInt32BE(position, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    position += data.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(position, 0);
  header.writeUInt32BE(0x02100000, 8);
  header.write("mntrRGB XYZ ", 12, "latin1");
  header.write("acsp", 36, "latin1");
  xyz(0.9642, 1, 0.8249).copy(header, 68, 8);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const chunk = Buffer.alloc(8 + body.length);
  chunk.writeUInt32BE(data.length);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  return chunk;
}

function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(2 + data.length, 2);
  return Buffer.concat([head, data]);
}

function textDescription(text: string): Buffer {
  const data = Buffer.alloc(12 + text.length + 1 + 78 + 1);
  data.write("desc", 0, "latin1");
  data.writeUInt32BE(text.length + 1, 8);
  data.write(text, 12, "latin1");
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

function xyz(x: number, y: number, z: number): Buffer {
  const data = Buffer.alloc(20);
  data.write("XYZ ", 0, "latin1");
  for (const [index, value] of [x, y, z].entries()) {
    data.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
  }
  return data;
}

function gammaCurve(gamma: number): Buffer {
  const data = Buffer.alloc(16);
  data.write("curv", 0, "latin1");
  data.writeUInt32BE(1, 8);
  data.writeUInt16BE(Math.round(gamma * 256), 12);
  return data;
}
