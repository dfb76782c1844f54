import type { Metadata } from "sharp";
import { jpegQuality, jpegSegments } from "../files/formats/jpeg-segments.js";
import { isLosslessWebp } from "../files/formats/webp-chunks.js";
import { type DecoderInput, decoderInput } from "./decoder-input.js";
import type { Sharp } from "./load-sharp.js";
import { damagedPicture, MAX_PIXELS, tooManyPixels } from "./picture-errors.js";
import type { PictureFormat } from "./picture-format.js";
import { decodeSpecialTiff } from "./tiff-pixels.js";

/** What the header of a picture says. */
export interface Picture {
  readonly format: PictureFormat;
  /** In pixels, as stored: before it is turned upright. */
  readonly width: number;
  readonly height: number;
  /** Of Exif (1 to 8): which of its sides is the upper one. */
  readonly orientation: number;
  /** Whether its format, or the way it uses it, keeps every pixel unchanged. */
  readonly isLossless: boolean;
  readonly isPalette: boolean;
  readonly isGrey: boolean;
  readonly isCmyk: boolean;
  readonly has16Bits: boolean;
  readonly hasAlpha: boolean;
  readonly hasGainMap: boolean;
  /** Whether its colours are in another space than sRGB, which is what untagged pictures on the web are in. */
  readonly isOutsideSrgb: boolean;
  /** What only the file as it is can show: HDR, for example. */
  readonly shownOnlyAsItIs: string | undefined;
  /** Of a JPEG, at which quality it was written, as far as its tables tell. */
  readonly quality: number | undefined;
  /** How many pictures the file holds, of which the largest one is meant. */
  readonly pages: number;
  readonly input: DecoderInput;
}

/**
 * Reads the header. Throws FILE_TOO_LARGE for more than {@link MAX_PIXELS}, INVALID_INPUT when it cannot be read, and
 * TYPE_NOT_SUPPORTED for samples or colours that cannot be converted.
 */
export async function inspectPicture(sharp: Sharp, bytes: Buffer, format: PictureFormat): Promise<Picture> {
  const stored = decoderInput(bytes, format);
  const special = await decodeSpecialTiff(sharp, stored);
  const header = await sharp(special.bytes, { ...special.options, limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw damagedPicture(format, cause);
    });
  if (header.width * header.height > MAX_PIXELS) throw tooManyPixels(header.width, header.height);
  const input = shownFirst(special, header);
  const { colours } = input;
  return {
    format,
    width: header.width,
    height: header.height,
    orientation: header.orientation ?? 1,
    isLossless: isLossless(bytes, format),
    isPalette: header.isPalette,
    isGrey: header.space === "b-w" || header.space === "grey16",
    isCmyk: header.space === "cmyk",
    has16Bits: header.space === "rgb16" || header.space === "grey16",
    hasAlpha: header.hasAlpha,
    hasGainMap: format === "jpeg" && hasGainMap(bytes),
    isOutsideSrgb: colours.is === "convertible" || isOutsideSrgb(header),
    shownOnlyAsItIs: colours.is === "only as it is" ? colours.title : undefined,
    quality: format === "jpeg" ? jpegQuality(bytes) : undefined,
    pages: input.pages,
    input,
  };
}

/** Whether its rows become columns when it is turned upright. */
export function isTurnedBySide(orientation: number): boolean {
  return orientation >= 5;
}

/** Whether browsers do not show the picture, or not all alike, however small it is: TIFF, BMP and CMYK. */
export function isUnfitForWeb(picture: Picture): boolean {
  return picture.format === "tiff" || picture.format === "bmp" || picture.isCmyk;
}

/** A grid of AVIF lists its tiles as pages beside the picture that they make up. */
function shownFirst(input: DecoderInput, { pagePrimary }: Metadata): DecoderInput {
  return pagePrimary === undefined || input.options.page !== undefined
    ? input
    : { ...input, options: { ...input.options, page: pagePrimary } };
}

function isLossless(bytes: Buffer, format: PictureFormat): boolean {
  if (format === "webp") return isLosslessWebp(bytes);
  return format === "png" || format === "gif" || format === "bmp";
}

/** Ultra HDR (Adobe) and ISO 21496-1: a second picture that brightens the first one on HDR screens. */
function hasGainMap(jpeg: Buffer): boolean {
  for (const { data } of jpegSegments(jpeg)) {
    if (data.includes("hdrgm:Version") || data.includes("urn:iso:std:iso:ts:21496")) return true;
  }
  return false;
}

function isOutsideSrgb({ space, icc }: Metadata): boolean {
  return space === "cmyk" || (icc !== undefined && !isSrgbProfile(icc));
}

/** Profiles name themselves in ASCII (ICC version 2) or in UTF-16 (version 4). */
function isSrgbProfile(icc: Buffer): boolean {
  return icc.includes("sRGB", 0, "latin1") || icc.includes(Buffer.from("\0s\0R\0G\0B", "latin1"));
}
