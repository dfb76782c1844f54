const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const SIGNATURE_LENGTH = SIGNATURE.length;

/** The chunks that make up the picture and its colours; text, time, Exif and private chunks are not among them. */
const PICTURE_CHUNKS = new Set(
  "IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs".split(" "),
);

/**
 * The PNG without text, time, Exif and XMP, and without what follows its end; the picture itself stays bit for bit. Undefined
 * when the chunks cannot be followed to the end. W3C: PNG, https://www.w3.org/TR/png-3/#5DataRep
 */
export function stripPng(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, SIGNATURE_LENGTH)];
  let position = SIGNATURE_LENGTH;
  while (position + 12 <= bytes.length) {
    const type = bytes.toString("latin1", position + 4, position + 8);
    const end = position + 12 + bytes.readUInt32BE(position);
    if (end > bytes.length) return undefined;
    if (PICTURE_CHUNKS.has(type)) kept.push(bytes.subarray(position, end));
    if (type === "IEND") return Buffer.concat(kept);
    position = end;
  }
  return undefined;
}

/** The PNG up to where its chunks cannot be followed any more; any other bytes as they are. */
export function readablePng(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, SIGNATURE_LENGTH).equals(SIGNATURE)) return bytes;
  let position = SIGNATURE_LENGTH;
  while (position + 12 <= bytes.length) {
    if (!/^[a-z]{4}$/i.test(bytes.toString("latin1", position + 4, position + 8))) break;
    position += 12 + bytes.readUInt32BE(position);
  }
  return bytes.subarray(0, position);
}
