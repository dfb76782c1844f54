import { containerOf } from "./container.js";
import { gifEnd } from "./gif-blocks.js";
import { jpegEnd, jpegSegments } from "./jpeg-segments.js";
import { pngEnd } from "./png-chunks.js";
import { webpEnd } from "./webp-chunks.js";

/** A complete picture, in a format that models accept. */
export interface WholePicture {
  readonly contentType: "image/png" | "image/jpeg" | "image/gif" | "image/webp";
  /** In pixels, as stored. */
  readonly width: number;
  readonly height: number;
}

/** Where the width and height of a PNG end, which begin its first chunk. */
const PNG_HEADER_END = 24;

/** The picture in the bytes of a complete PNG, JPEG, GIF or WebP with pixels; undefined for anything else. */
export function readWholePicture(bytes: Buffer): WholePicture | undefined {
  const picture = readHeader(bytes);
  return picture && picture.width > 0 && picture.height > 0 ? picture : undefined;
}

function readHeader(bytes: Buffer): WholePicture | undefined {
  const container = containerOf(bytes);
  if (container === "png" && (pngEnd(bytes) ?? 0) >= PNG_HEADER_END)
    return { contentType: "image/png", width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (container === "gif" && gifEnd(bytes) !== undefined)
    return { contentType: "image/gif", width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (container === "jpeg") return readJpegHeader(bytes);
  return container === "webp" ? readWebpHeader(bytes) : undefined;
}

/** ITU-T T.81, B.2.2: the frame header. No segment has a lower marker, and the others up to 0xcf begin tables. */
function readJpegHeader(bytes: Buffer): WholePicture | undefined {
  if (jpegEnd(bytes) === undefined) return undefined;
  for (const { marker, data } of jpegSegments(bytes)) {
    const isFrame = marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (!isFrame || data.length < 5) continue;
    return { contentType: "image/jpeg", width: data.readUInt16BE(3), height: data.readUInt16BE(1) };
  }
  return undefined;
}

/** RFC 9649, sections 2.5 to 2.7: the first chunk tells the size. */
function readWebpHeader(bytes: Buffer): WholePicture | undefined {
  if (webpEnd(bytes) === undefined || bytes.length < 30) return undefined;
  const type = bytes.toString("latin1", 12, 16);
  const contentType = "image/webp";
  if (type === "VP8X")
    return { contentType, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (type === "VP8 ") {
    return { contentType, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  }
  if (type !== "VP8L") return undefined;
  const bits = bytes.readUInt32LE(21);
  return { contentType, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
