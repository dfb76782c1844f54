import { AssetError } from "../core/errors.js";
import { PICTURE_FORMATS, type PictureFormat } from "./picture-format.js";

/** How many pixels a picture may have, according to its header, to be decoded at all. */
export const MAX_PIXELS = 100_000_000;

/** The picture cannot be decoded to its last row. */
export function damagedPicture(format: PictureFormat, cause?: unknown): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The picture cannot be read as ${PICTURE_FORMATS[format].title} to its end: it is damaged or cut off`,
    "get an intact copy of it, for example by copying or downloading it once more, and send that",
    { cause },
  );
}

export function tooManyPixels(width: number, height: number, limit = MAX_PIXELS): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The picture has ${width} x ${height} pixels; optimize takes up to ${limit / 1_000_000} megapixels`,
    "make it smaller in an image editor and send that",
  );
}

/** The file holds colours or samples that cannot be converted without a guess. */
export function unknownColours(title: string): AssetError {
  return new AssetError(
    "TYPE_NOT_SUPPORTED",
    `The picture has ${title}, which cannot be converted faithfully here`,
    "save it as an ordinary RGB picture with 8 or 16 bits a channel in an image editor, and send that",
  );
}
