import { exifOfOrientation, readExif } from "./exif.js";

/** The last of the three kinds of frames that are common; no segment has a lower marker than they. */
const PROGRESSIVE_FRAME = 0xc2;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const QUANTISATION_TABLES = 0xdb;
const COMMENT = 0xfe;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const EXIF = "Exif\0\0";
const PHOTOSHOP_RESOURCE = "8BIM";

/** One for each 64 kB of metadata, and one for each scan; a file made of empty ones would take its time. */
const MOST_SEGMENTS = 10_000;

/** A JFIF segment without a thumbnail: marker, length, `JFIF\0`, version, density, and two zeros for its size. */
const BARE_JFIF_LENGTH = 18;
/** Where a frame's height stands, after marker, length and precision. */
const HEIGHT = 5;
/** Of the standard's quantisation table: T.81, annex K.1. */
const STANDARD_LUMINANCE_SUM = 3_688;

export interface JpegSegment {
  readonly marker: number;
  /** Its data, without marker and length. */
  readonly data: Buffer;
  /** All of it; that of a scan ends where its compressed data begin. */
  readonly bytes: Buffer;
  /** Where the compressed data after it begin and end; both are its own end for anything but a scan. */
  readonly end: number;
  readonly next: number;
}

/**
 * The segments of a JPEG's first picture, as far as they can be followed; bytes between two are passed over, as
 * decoders do. ITU-T T.81, annex B: https://www.w3.org/Graphics/JPEG/itu-t81.pdf
 */
export function* jpegSegments(bytes: Buffer): Generator<JpegSegment> {
  if (bytes[1] !== START_OF_IMAGE) return;
  let position = nextMarker(bytes, 2);
  for (let count = 0; count < MOST_SEGMENTS && position + 4 <= bytes.length; count += 1) {
    const marker = bytes.readUInt8(position + 1);
    if (marker === END_OF_IMAGE) return;
    const end = position + 2 + bytes.readUInt16BE(position + 2);
    if (end > bytes.length) return;
    const next = marker === START_OF_SCAN ? scanEnd(bytes, end) : end;
    const segment = bytes.subarray(position, end);
    yield { marker, data: segment.subarray(4), bytes: segment, end, next };
    position = nextMarker(bytes, next);
  }
}

/** The image resources of Photoshop in the data of an APP13 segment, each with its name left out. */
export function* photoshopResources(
  data: Buffer,
): Generator<{ readonly id: number; readonly content: Buffer }> {
  let position = data.indexOf(PHOTOSHOP_RESOURCE);
  while (position !== -1 && position + 8 <= data.length) {
    const nameEnd = position + 7 + data.readUInt8(position + 6);
    const size = nameEnd + ((nameEnd - position) % 2);
    if (size + 4 > data.length) return;
    const start = size + 4;
    const end = start + data.readUInt32BE(size);
    yield { id: data.readUInt16BE(position + 4), content: data.subarray(start, end) };
    position = data.indexOf(PHOTOSHOP_RESOURCE, end);
  }
}

/** The segments of a JPEG's first picture, and where it ends: undefined when it is cut off. */
export function readJpeg(bytes: Buffer): { segments: readonly JpegSegment[]; end: number | undefined } {
  const segments = [...jpegSegments(bytes)];
  const end = nextMarker(bytes, segments.at(-1)?.next ?? 2);
  const hasScan = segments.some(({ marker }) => marker === START_OF_SCAN);
  return { segments, end: hasScan && bytes[end + 1] === END_OF_IMAGE ? end + 2 : undefined };
}

/** Where the first picture of a JPEG ends, undefined when its end is missing: then it is cut off. */
export function jpegEnd(bytes: Buffer): number | undefined {
  return readJpeg(bytes).end;
}

/** Whether the JPEG ends before its picture does, or in the middle of a segment. */
export function isCutJpeg(bytes: Buffer): boolean {
  if (jpegEnd(bytes) !== undefined) return false;
  let position = 2;
  for (const { marker, next } of jpegSegments(bytes)) {
    if (marker === START_OF_SCAN) return true;
    position = next;
  }
  const start = nextMarker(bytes, position);
  return start + 4 <= bytes.length && bytes[start + 1] !== END_OF_IMAGE;
}

/**
 * The JPEG without Exif, XMP, IPTC, comments, thumbnails, further pictures and what else follows its end; the picture
 * itself stays bit for bit, with its colour profile. Undefined when the segments cannot be followed to the end.
 */
export function stripJpeg(bytes: Buffer): Buffer | undefined {
  const end = jpegEnd(bytes);
  if (end === undefined) return undefined;
  const kept = [bytes.subarray(0, 2)];
  for (const segment of jpegSegments(bytes)) {
    kept.push(keptPart(segment), bytes.subarray(segment.end, segment.next));
  }
  return Buffer.concat([...kept, bytes.subarray(end - 2, end)]);
}

/**
 * The JPEG for a decoder: like {@link stripJpeg}, but with its orientation, and however it ends. A decoder must not
 * see foreign Exif: a directory that points to itself keeps libexif busy for minutes.
 */
export function jpegForDecoder(bytes: Buffer): Buffer {
  const orientation = jpegOrientation(bytes);
  const exif = Buffer.concat([Buffer.from(EXIF, "latin1"), exifOfOrientation(orientation)]);
  const kept = [bytes.subarray(0, 2), ...(orientation === 1 ? [] : [jpegSegment(APP1, exif)])];
  let position = 2;
  for (const segment of jpegSegments(bytes)) {
    if (segment.marker === START_OF_SCAN) break;
    kept.push(keptPart(segment));
    position = segment.next;
  }
  return Buffer.concat([...kept, bytes.subarray(position)]);
}

/** As Exif counts: 1 is upright. */
export function jpegOrientation(bytes: Buffer): number {
  return readExif(jpegExif(bytes) ?? Buffer.alloc(0)).orientation;
}

/** The first Exif block. */
export function jpegExif(bytes: Buffer): Buffer | undefined {
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === START_OF_SCAN) return undefined;
    if (marker === APP1 && data.toString("latin1", 0, EXIF.length) === EXIF)
      return data.subarray(EXIF.length);
  }
  return undefined;
}

/**
 * The quality, from 11 to 100, at which libjpeg would write quantisation tables like these, by how their sum compares
 * with that of the standard's table for luminance. Undefined without tables of 8 bits.
 */
export function jpegQuality(bytes: Buffer): number | undefined {
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker !== QUANTISATION_TABLES || data[0] !== 0 || data.length < 65) continue;
    const sum = data.subarray(1, 65).reduce((total, step) => total + step, 0);
    const scale = (100 * sum) / STANDARD_LUMINANCE_SUM;
    return Math.round(scale <= 100 ? (200 - scale) / 2 : 5_000 / scale);
  }
  return undefined;
}

function keptPart({ marker, data, bytes }: JpegSegment): Buffer {
  if (marker === COMMENT) return Buffer.alloc(0);
  if (marker < APP0 || marker > APP15) return bytes;
  const name = data.toString("latin1", 0, 12);
  if (marker === APP0 && name.startsWith("JFIF\0")) return withoutThumbnail(bytes);
  if (marker === APP2 && name.startsWith("ICC_PROFILE\0")) return bytes;
  if (marker === APP14 && name.startsWith("Adobe")) return bytes;
  return Buffer.alloc(0);
}

function withoutThumbnail(jfif: Buffer): Buffer {
  if (jfif.length < BARE_JFIF_LENGTH) return jfif;
  const bare = Buffer.from(jfif.subarray(0, BARE_JFIF_LENGTH));
  bare.writeUInt16BE(BARE_JFIF_LENGTH - 2, 2);
  bare.writeUInt16BE(0, BARE_JFIF_LENGTH - 2);
  return bare;
}

function jpegSegment(marker: number, data: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0);
  head.writeUInt16BE(2 + data.length, 2);
  return Buffer.concat([head, data]);
}

/** Where the next marker is that begins a segment; the length of the bytes when there is none. */
function nextMarker(bytes: Buffer, start: number): number {
  let position = bytes.indexOf(0xff, start);
  while (position !== -1 && position + 1 < bytes.length) {
    const next = bytes.readUInt8(position + 1);
    if (next === START_OF_IMAGE) return bytes.length;
    if (next === 0xff) {
      // Fill bytes: there may be millions.
      position += 1;
      continue;
    }
    if (next >= 0xc0 && !isRestart(next)) return position;
    position = bytes.indexOf(0xff, position + 2);
  }
  return bytes.length;
}

/** Where the next marker after a scan's data is; there, 0xff is followed by zero or by a restart marker. */
function scanEnd(bytes: Buffer, start: number): number {
  let position = bytes.indexOf(0xff, start);
  while (position !== -1 && position + 1 < bytes.length) {
    const next = bytes.readUInt8(position + 1);
    const belongsToScan = next === 0 || isRestart(next);
    if (!belongsToScan && next !== 0xff) return position;
    position = belongsToScan ? bytes.indexOf(0xff, position + 2) : position + 1;
  }
  return bytes.length;
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

/**
 * The first `rows` of a JPEG, which decode in a part of the time: its height is changed, and of a progressive one only
 * the first scan is kept, which is coarse. Undefined when that scan does not hold every component.
 */
export function topOfJpeg(bytes: Buffer, rows: number): Buffer | undefined {
  const kept = [bytes.subarray(0, 2)];
  let components = 0;
  for (const segment of jpegSegments(bytes)) {
    if (segment.marker <= PROGRESSIVE_FRAME) {
      components = segment.data[5] ?? 0;
      const frame = Buffer.from(segment.bytes);
      frame.writeUInt16BE(Math.min(rows, frame.readUInt16BE(HEIGHT)), HEIGHT);
      kept.push(frame);
      continue;
    }
    kept.push(segment.bytes);
    if (segment.marker !== START_OF_SCAN) continue;
    if (segment.data[0] !== components) return undefined;
    return Buffer.concat([...kept, bytes.subarray(segment.end, segment.next), Buffer.of(0xff, END_OF_IMAGE)]);
  }
  return undefined;
}
