const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;
const APP0 = 0xe0;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;

/** A JFIF segment without a thumbnail: marker, length, `JFIF\0`, version, density, and two zeros for its size. */
const BARE_JFIF_LENGTH = 18;

/**
 * The JPEG without Exif, XMP, IPTC, comments, thumbnails, further pictures and whatever else follows its end; the picture
 * itself stays bit for bit, with its colour profile. Undefined when the segments cannot be followed to the end.
 * ITU-T T.81, annex B: https://www.w3.org/Graphics/JPEG/itu-t81.pdf
 */
export function stripJpeg(bytes: Buffer): Buffer | undefined {
  if (bytes[1] !== START_OF_IMAGE) return undefined;
  const kept = [bytes.subarray(0, 2)];
  let position = 2;
  while (position + 4 <= bytes.length) {
    if (bytes[position] !== 0xff) return undefined;
    const marker = bytes.readUInt8(position + 1);
    if (marker === 0xff) {
      position += 1;
      continue;
    }
    const end = position + 2 + bytes.readUInt16BE(position + 2);
    if (end > bytes.length) return undefined;
    kept.push(keptPart(marker, bytes.subarray(position, end)));
    position = end;
    if (marker !== START_OF_SCAN) continue;
    position = scanEnd(bytes, end);
    kept.push(bytes.subarray(end, position));
    if (bytes[position + 1] !== END_OF_IMAGE) continue;
    return Buffer.concat([...kept, bytes.subarray(position, position + 2)]);
  }
  return undefined;
}

function keptPart(marker: number, segment: Buffer): Buffer {
  if (marker === COMMENT) return Buffer.alloc(0);
  if (marker < APP0 || marker > APP15) return segment;
  const name = segment.toString("latin1", 4, 16);
  if (marker === APP0 && name.startsWith("JFIF\0")) return withoutThumbnail(segment);
  if (marker === APP2 && name.startsWith("ICC_PROFILE\0")) return segment;
  if (marker === APP14 && name.startsWith("Adobe")) return segment;
  return Buffer.alloc(0);
}

function withoutThumbnail(jfif: Buffer): Buffer {
  if (jfif.length <= BARE_JFIF_LENGTH) return jfif;
  const bare = Buffer.from(jfif.subarray(0, BARE_JFIF_LENGTH));
  bare.writeUInt16BE(BARE_JFIF_LENGTH - 2, 2);
  bare.writeUInt16BE(0, BARE_JFIF_LENGTH - 2);
  return bare;
}

/** Where the next marker after a scan's data is; there, 0xff is followed by zero or by a restart marker. */
function scanEnd(bytes: Buffer, start: number): number {
  let position = bytes.indexOf(0xff, start);
  while (position !== -1 && position + 1 < bytes.length) {
    const next = bytes.readUInt8(position + 1);
    const belongsToScan = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!belongsToScan && next !== 0xff) return position;
    position = bytes.indexOf(0xff, position + (belongsToScan ? 2 : 1));
  }
  return bytes.length;
}
