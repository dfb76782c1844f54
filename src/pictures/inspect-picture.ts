import { AssetError } from "../core/errors.js";
import type { Sharp } from "./load-sharp.js";
import { isLosslessWebp } from "./metadata/webp-chunks.js";
import { PICTURE_FORMATS, type PictureFormat } from "./picture-format.js";

/** A picture may have so many pixels, as its header says, to be decoded at all. */
export const MAX_PIXELS = 100_000_000;

/** What the header of a picture says. */
export interface Picture {
  readonly format: PictureFormat;
  /** In pixels, as stored: before it is turned upright. */
  readonly width: number;
  readonly height: number;
  readonly isUpright: boolean;
  readonly isAnimated: boolean;
  /** Whether its format, or the way it uses it, keeps each pixel as it was. */
  readonly isLossless: boolean;
  readonly isPalette: boolean;
  readonly isGrey: boolean;
  readonly isCmyk: boolean;
  readonly has16Bits: boolean;
  readonly hasAlpha: boolean;
  readonly hasExifOrXmp: boolean;
  readonly hasGainMap: boolean;
  /** Whether its colours are in another space than sRGB, which is what untagged pictures on the web are in. */
  readonly isOutsideSrgb: boolean;
  readonly pages: number;
}

/**
 * Reads the header. Throws FILE_TOO_LARGE when the picture has more than {@link MAX_PIXELS}, and INVALID_INPUT when the
 * header cannot be read.
 */
export async function inspectPicture(sharp: Sharp, bytes: Buffer, format: PictureFormat): Promise<Picture> {
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw damagedPicture(format, cause);
    });
  if (header.width * header.height > MAX_PIXELS) throw tooManyPixels(header.width, header.height);
  const pages = header.pages ?? 1;
  return {
    format,
    width: header.width,
    height: header.height,
    isUpright: (header.orientation ?? 1) === 1,
    isAnimated: pages > 1 && (format === "gif" || format === "webp"),
    isLossless: format === "png" || format === "gif" || (format === "webp" && isLosslessWebp(bytes)),
    isPalette: header.isPalette,
    isGrey: header.space === "b-w" || header.space === "grey16",
    isCmyk: header.space === "cmyk",
    has16Bits: header.space === "rgb16" || header.space === "grey16",
    hasAlpha: header.hasAlpha,
    hasExifOrXmp: header.exif !== undefined || header.xmp !== undefined,
    hasGainMap: header.gainMap !== undefined,
    isOutsideSrgb: header.space === "cmyk" || (header.icc !== undefined && !isSrgbProfile(header.icc)),
    pages,
  };
}

/** Whether browsers do not show the picture, or not all alike, however small it is: TIFF and CMYK. */
export function isUnfitForWeb(picture: Picture): boolean {
  return picture.format === "tiff" || picture.isCmyk;
}

/** The picture cannot be decoded to its last row. */
export function damagedPicture(format: PictureFormat, cause: unknown): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The picture cannot be read as ${PICTURE_FORMATS[format].title} to its end: it is damaged or cut off`,
    "get an intact copy of it, for example by copying or downloading it once more, and send that",
    { cause },
  );
}

function tooManyPixels(width: number, height: number): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The picture has ${width} x ${height} pixels; optimize takes up to ${MAX_PIXELS / 1_000_000} megapixels`,
    "make it smaller in an image editor and send that",
  );
}

/** Profiles name themselves in ASCII (ICC version 2) or in UTF-16 (version 4). */
function isSrgbProfile(icc: Buffer): boolean {
  return icc.includes("sRGB", 0, "latin1") || icc.includes(Buffer.from("\0s\0R\0G\0B", "latin1"));
}
