import { isCutAvif } from "./formats/avif-boxes.js";
import { isCutBmp } from "./formats/bmp.js";
import { isCutGif } from "./formats/gif-blocks.js";
import { isCutJpeg } from "./formats/jpeg-segments.js";
import { isCutPng } from "./formats/png-chunks.js";
import { isCutWebp } from "./formats/webp-chunks.js";

const END_OF_PDF = Buffer.from("%%EOF", "latin1");
const OBJECT_OF_PDF = Buffer.from(" obj", "latin1");
/** Readers look for the end mark in the last 1,024 bytes; some writers append more. */
const MOST_BEHIND_PDF = 4_096;

const CUTS: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  png: isCutPng,
  jpg: isCutJpeg,
  gif: isCutGif,
  webp: isCutWebp,
  avif: isCutAvif,
  bmp: isCutBmp,
  pdf: isCutPdf,
};

/** Whether a file with this extension is cut off, as by a broken download; false if that cannot be determined. */
export function isCutOff(bytes: Buffer, extension: string): boolean {
  return CUTS[extension]?.(bytes) ?? false;
}

/** ISO 32000-1, 7.5.5: the last line is `%%EOF`. */
function isCutPdf(bytes: Buffer): boolean {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= 0x20) end -= 1;
  const tail = bytes.subarray(Math.max(0, end - MOST_BEHIND_PDF), end);
  return !tail.includes(END_OF_PDF) && bytes.includes(OBJECT_OF_PDF);
}
