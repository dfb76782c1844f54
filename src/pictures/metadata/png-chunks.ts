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

/** Texts under these keywords hold XMP or Exif: Adobe's own, and those that ImageMagick and ExifTool write. */
const METADATA_KEYWORD = /^(?:XML:com\.adobe\.xmp|xmp|exif|Raw profile type (?:exif|APP1|xmp|iptc))$/i;
const LONGEST_KEYWORD = 79;
/** Other texts are read up to this many bytes in all. */
const MOST_OTHER_TEXT_BYTES = 64 * 1024;

/**
 * What of a PNG tells about the one who took it: its header, the first Exif, the first text of each keyword that stands for
 * metadata, and the first of the uncompressed texts. Nothing from where its chunks cannot be followed any more. Any other bytes as they
 * are. What is left unpacks to a bounded size, however many texts the PNG holds.
 */
export function metadataOfPng(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, SIGNATURE_LENGTH).equals(SIGNATURE)) return bytes;
  const kept = [bytes.subarray(0, SIGNATURE_LENGTH)];
  const seen = new Set<string>();
  let otherTextBytes = 0;
  for (const chunk of readableChunks(bytes)) {
    const type = chunk.toString("latin1", 4, 8);
    const keyword = type.endsWith("Xt") ? keywordOf(chunk) : type;
    if (type === "IHDR" || type === "eXIf" || METADATA_KEYWORD.test(keyword)) {
      if (!seen.has(keyword)) kept.push(chunk);
      seen.add(keyword);
    } else if (type === "tEXt" && otherTextBytes + chunk.length <= MOST_OTHER_TEXT_BYTES) {
      otherTextBytes += chunk.length;
      kept.push(chunk);
    }
  }
  return Buffer.concat(kept);
}

function* readableChunks(bytes: Buffer): Generator<Buffer> {
  let position = SIGNATURE_LENGTH;
  while (position + 12 <= bytes.length) {
    if (!/^[a-z]{4}$/i.test(bytes.toString("latin1", position + 4, position + 8))) return;
    const end = position + 12 + bytes.readUInt32BE(position);
    yield bytes.subarray(position, end);
    position = end;
  }
}

function keywordOf(text: Buffer): string {
  const end = text.indexOf(0, 8);
  return end < 0 || end > 8 + LONGEST_KEYWORD ? "" : text.toString("latin1", 8, end).toLowerCase();
}
