import type { Sharp as SharpImage } from "sharp";
import type { Picture } from "./inspect-picture.js";
import type { PictureFormat } from "./picture-format.js";

/** The long edge of a result in pixels: at first, and when the lowest quality is still too large. */
export const MAX_LONG_EDGE = 3_200;
export const SMALLER_LONG_EDGES = [2_560, 2_048, 1_600];

/** Changes whenever the same source may come out as other bytes: results are remembered by it. */
export const RECIPE_REVISION = "r2";

/** One way to write a picture. */
export interface Encoding {
  readonly format: PictureFormat;
  /** Tried only when the encoding before it came out at most so many times too large. */
  readonly triedWithin?: number;
  apply(image: SharpImage): SharpImage;
}

/**
 * The first quality is the lowest one that is not visibly worse than its source, the last one the lowest at all.
 * AVIF reaches the same look at lower figures.
 */
const QUALITIES = { jpeg: [80, 70, 60, 50], webp: [80, 70, 60, 50], avif: [65, 58, 50] };

type LossyFormat = keyof typeof QUALITIES;

const PNG: Encoding = {
  format: "png",
  apply: (image) => image.png({ compressionLevel: 9, adaptiveFiltering: true }),
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

/** Ways to keep every pixel, in the picture's own format where it has such a way; none for a lossy source. */
export function losslessEncodings(picture: Picture): Encoding[] {
  if (!picture.isLossless) return [];
  return picture.format === "webp" ? [LOSSLESS_WEBP] : [PNG];
}

/** Ways to write a picture that was lossless and comes out too large: still without losses that show. */
export function compactEncodings(picture: Picture): Encoding[] {
  if (!picture.isLossless || picture.format === "webp") return [];
  return picture.isPalette ? [...PALETTE_PNGS, LOSSLESS_WEBP_AFTER_PNG] : [LOSSLESS_WEBP_AFTER_PNG];
}

/** From the best quality to the lowest. */
export function lossyEncodings(format: LossyFormat): Encoding[] {
  return QUALITIES[format].map((quality) => lossyEncoding(format, quality));
}

/** The family that a picture is written in when pixels may change. */
export function lossyFormat(format: PictureFormat, isTransparent: boolean): LossyFormat {
  if (format === "jpeg" || format === "avif") return format;
  return format === "tiff" && !isTransparent ? "jpeg" : "webp";
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
