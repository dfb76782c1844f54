import type { Sharp as SharpImage } from "sharp";
import type { Picture } from "./inspect-picture.js";
import type { PictureFormat } from "./picture-format.js";

/** The long edge of a result in pixels: at first, and when the lowest quality is still too large. */
export const MAX_LONG_EDGE = 3_200;
export const SMALLER_LONG_EDGES = [2_560, 2_048, 1_600];

/** Changes whenever the same source may come out as different bytes: results are remembered by it. */
export const RECIPE_REVISION = "r6";

/** One way to write a picture. */
export interface Encoding {
  readonly format: PictureFormat;
  /** Tried only if the previous encoding came out at most this many times too large. */
  readonly triedWithin?: number;
  /** Whether its result only counts when each pixel of it is as it was. */
  readonly isExact?: true;
  apply(image: SharpImage): SharpImage;
}

/**
 * The first quality is the lowest one that is not visibly worse than its source, the last one the lowest at all.
 * AVIF reaches the same look at lower figures.
 */
export const BEST_JPEG_QUALITY = 80;
const QUALITIES = { jpeg: [BEST_JPEG_QUALITY, 70, 60, 50], webp: [80, 70, 60, 50], avif: [65, 58, 50] };
/** For sources that were of low quality themselves: further steps, which would show in others. */
const LOW_QUALITIES = { jpeg: [42, 35, 28, 20], webp: [40, 30, 20], avif: [42, 35, 28] };

export type LossyFormat = keyof typeof QUALITIES;

const PNG: Encoding = {
  format: "png",
  apply: (image) => image.png({ compressionLevel: 9, adaptiveFiltering: true }),
};
/** Of at most 256 colours, each pixel as it was. */
const EXACT_PALETTE_PNG: Encoding = {
  format: "png",
  isExact: true,
  apply: (image) => image.png({ palette: true, dither: 0, quality: 100, compressionLevel: 9 }),
};
const PALETTE_PNGS: readonly Encoding[] = [1, 0].map((dither) => ({
  format: "png",
  apply: (image) => image.png({ palette: true, dither }),
}));
const LOSSLESS_WEBP: Encoding = {
  format: "webp",
  apply: (image) => image.webp({ lossless: true, effort: 2 }),
};

/** A lossless WebP takes about two thirds of the PNG, and long to find out. */
const LOSSLESS_WEBP_AFTER_PNG: Encoding = { ...LOSSLESS_WEBP, triedWithin: 1.5 };

/**
 * Ways to keep every pixel, in the picture's own format where it has such a way; none for a lossy source, or for one whose
 * format does not tell, unless it has so few colours that it was drawn.
 */
export function losslessEncodings(picture: Picture, fitsPalette: boolean): Encoding[] {
  if (picture.format === "webp") return picture.isLossless ? [LOSSLESS_WEBP] : [];
  const isBitmap = picture.format === "tiff" || picture.format === "bmp";
  const isDrawn = fitsPalette && (picture.isLossless || isBitmap);
  return [
    ...(isDrawn ? [EXACT_PALETTE_PNG] : []),
    ...(picture.isLossless && picture.format !== "bmp" ? [PNG] : []),
    ...(isDrawn && isBitmap ? [LOSSLESS_WEBP] : []),
  ];
}

/** Ways to write a picture that was lossless and comes out too large: still without losses that show. */
export function compactEncodings(picture: Picture): Encoding[] {
  if (!picture.isLossless || picture.format === "webp" || picture.format === "bmp") return [];
  return picture.isPalette ? [...PALETTE_PNGS, LOSSLESS_WEBP_AFTER_PNG] : [LOSSLESS_WEBP_AFTER_PNG];
}

/** From the best quality, which is no better than the source's own where that is known, to the lowest. */
export function lossyEncodings(format: LossyFormat, ownQuality = 100): Encoding[] {
  const best = Math.min(QUALITIES[format][0] ?? ownQuality, ownQuality);
  const lower = QUALITIES[format].filter((quality) => quality < best);
  return [best, ...lower].map((quality) => lossyEncoding(format, quality));
}

/** Below {@link lossyEncodings}, for a picture that would grow otherwise; at last without loss, which little drawings need least for. */
export function lowEncodings(format: LossyFormat, ownQuality = 100): Encoding[] {
  const lower = LOW_QUALITIES[format].filter((quality) => quality < ownQuality);
  return [
    ...(format === "jpeg" ? [baselineJpeg(Math.min(BEST_JPEG_QUALITY, ownQuality))] : []),
    ...lower.map((quality) => lossyEncoding(format, quality)),
    LOSSLESS_WEBP,
  ];
}

/** The family that a picture is written in when pixels may change. */
export function lossyFormat(format: PictureFormat, isTransparent: boolean): LossyFormat {
  if (format === "jpeg" || format === "avif") return format;
  return (format === "tiff" || format === "bmp") && !isTransparent ? "jpeg" : "webp";
}

function lossyEncoding(format: LossyFormat, quality: number): Encoding {
  switch (format) {
    case "jpeg":
      return { format, apply: (image) => image.jpeg({ quality, progressive: true }) };
    case "webp":
      return { format, apply: (image) => image.webp({ quality, effort: 2, smartSubsample: true }) };
    case "avif":
      return { format, apply: (image) => image.avif({ quality, effort: 2 }) };
  }
}

/** Smaller than a progressive one for little pictures, since that writes more tables. */
function baselineJpeg(quality: number): Encoding {
  return { format: "jpeg", apply: (image) => image.jpeg({ quality, optimiseCoding: true }) };
}
