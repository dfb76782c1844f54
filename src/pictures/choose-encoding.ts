import { type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import {
  BEST_JPEG_QUALITY,
  compactEncodings,
  type Encoding,
  losslessEncodings,
  lossyEncodings,
  lossyFormat,
  lowEncodings,
  MAX_LONG_EDGE,
  SMALLER_LONG_EDGES,
} from "./encodings.js";
import { isUnfitForWeb, type Picture } from "./inspect-picture.js";
import type { EncodedPicture, Pixels } from "./pixels.js";

/** Re-encoding a lossy picture has to save this part of it, or the picture stays as it is. */
const WORTHWHILE_SHARE = 0.95;
/** How much a picture may grow that has to be encoded again, if its size in pixels stays. */
const TOLERATED_GROWTH = 1.05;

/** Limits for the result of an encoding, in bytes. */
interface Target {
  readonly encodings: readonly Encoding[];
  /** The first result that is not larger is taken. */
  readonly wantedBytes: number;
  /** If there is none, the smallest result up to this size is taken; 0: none at all. */
  readonly acceptedBytes: number;
}

/**
 * The best encoding of a picture that can be sent as it is (without its metadata) in `keptBytes`, if there is one that is
 * smaller. Formats that are not lossless lose quality only for a size worth it. A picture that is left as it is has been decoded to its last row.
 */
export async function findSmaller(
  picture: Picture,
  pixels: Pixels,
  keptBytes: number,
  call: CallContext,
): Promise<EncodedPicture | undefined> {
  const isFineAsItIs = fitsLongEdge(picture) && !picture.isOutsideSrgb;
  const lossless = losslessEncodings(picture, fitsLongEdge(picture) && (await pixels.fitPalette()));
  const [best, ...lower] = lossyEncodings(lossyFormat(picture.format, true), picture.quality);
  if (isFineAsItIs && lossless.length === 0) {
    if (!best || isOfModestQuality(picture)) {
      await pixels.decoded();
      return undefined;
    }
    const wantedBytes = Math.floor(keptBytes * WORTHWHILE_SHARE);
    return encodeWithin(pixels, { encodings: [best], wantedBytes, acceptedBytes: 0 }, call);
  }
  const isBoundToFormat = lossless.length > 0 && fitsLongEdge(picture);
  const lossy = best ? [best, ...lower] : [];
  const encodings = isBoundToFormat ? lossless : [...lossless, ...compactEncodings(picture), ...lossy];
  return encodeWithin(pixels, { encodings, wantedBytes: keptBytes - 1, acceptedBytes: 0 }, call);
}

/**
 * The best encoding of a picture that cannot be sent as it is: too large, not upright, or in a format that is not for the web.
 * Throws FILE_TOO_LARGE when even the lowest quality and size come out at more than `limitBytes`.
 */
export async function encodeToFit(
  picture: Picture,
  pixels: Pixels,
  sizes: { readonly sourceBytes: number; readonly limitBytes: number },
  call: CallContext,
): Promise<EncodedPicture> {
  const { limitBytes } = sizes;
  const format = lossyFormat(picture.format, await pixels.isTransparent());
  const isWhole = fitsLongEdge(picture);
  const lossy = lossyEncodings(format, picture.quality);
  const ownBytes = Math.floor(sizes.sourceBytes * TOLERATED_GROWTH);
  const isToStaySmall = ownBytes < limitBytes && (isWhole || isUnfitForWeb(picture));
  const encodings = [
    ...losslessEncodings(picture, isWhole && (await pixels.fitPalette())),
    ...compactEncodings(picture),
    ...lossy,
    ...(isToStaySmall ? lowEncodings(format, picture.quality) : []),
  ];
  const wantedBytes = isToStaySmall ? ownBytes : limitBytes;
  const found = await encodeWithin(pixels, { encodings, wantedBytes, acceptedBytes: limitBytes }, call);
  const smallest = lossy.at(-1);
  if (found || !smallest) return found ?? tooLarge(limitBytes);
  return (await shrinkToFit(pixels, smallest, limitBytes, call)) ?? tooLarge(limitBytes);
}

/** A JPEG of no more quality than it would be given loses, and gains next to nothing. */
function isOfModestQuality({ format, quality }: Picture): boolean {
  return format === "jpeg" && quality !== undefined && quality <= BEST_JPEG_QUALITY;
}

export function fitsLongEdge(picture: Picture): boolean {
  return Math.max(picture.width, picture.height) <= MAX_LONG_EDGE;
}

async function encodeWithin(
  pixels: Pixels,
  { encodings, wantedBytes, acceptedBytes }: Target,
  call: CallContext,
): Promise<EncodedPicture | undefined> {
  let accepted: EncodedPicture | undefined;
  let lastBytes = 0;
  for (const encoding of encodings) {
    if (lastBytes > wantedBytes * (encoding.triedWithin ?? Infinity)) continue;
    if (call.signal.aborted) throw interruptionError(call);
    const encoded = await pixels.encode(encoding);
    if (encoding.isExact && !(await pixels.areIn(encoded.bytes))) continue;
    lastBytes = encoded.bytes.length;
    if (lastBytes <= wantedBytes) return encoded;
    if (lastBytes <= acceptedBytes && lastBytes < (accepted?.bytes.length ?? Infinity)) accepted = encoded;
  }
  return accepted;
}

async function shrinkToFit(pixels: Pixels, encoding: Encoding, limitBytes: number, call: CallContext) {
  const { width, height } = await pixels.size();
  for (const longEdge of SMALLER_LONG_EDGES) {
    if (longEdge >= Math.max(width, height)) continue;
    if (call.signal.aborted) throw interruptionError(call);
    const encoded = await pixels.encode(encoding, longEdge);
    if (encoded.bytes.length <= limitBytes) return encoded;
  }
  return undefined;
}

function tooLarge(limitBytes: number): never {
  throw new AssetError(
    "FILE_TOO_LARGE",
    `The picture has more than ${limitBytes} bytes even at the lowest quality and size that optimize tries`,
    "crop it, or make it smaller in an image editor, and send that",
  );
}
