import { stripAvif } from "../files/formats/avif-boxes.js";
import { stripGif } from "../files/formats/gif-blocks.js";
import { stripJpeg } from "../files/formats/jpeg-segments.js";
import { stripPng } from "../files/formats/png-chunks.js";
import { stripWebp } from "../files/formats/webp-chunks.js";
import type { PictureFormat } from "./picture-format.js";

/**
 * The file with everything left out that is not needed to show the picture or the animation, without decoding it: the same
 * pixels, frames and colours. The very same `bytes` when there was nothing to leave out. Undefined when the format does not
 * allow it (TIFF and BMP, which are not for the web anyway) or the file cannot be followed to its end.
 */
export function stripMetadata(bytes: Buffer, format: PictureFormat): Buffer | undefined {
  const stripped = strip(bytes, format);
  return stripped?.equals(bytes) ? bytes : stripped;
}

function strip(bytes: Buffer, format: PictureFormat): Buffer | undefined {
  switch (format) {
    case "jpeg":
      return stripJpeg(bytes);
    case "png":
      return stripPng(bytes);
    case "webp":
      return stripWebp(bytes);
    case "gif":
      return stripGif(bytes);
    case "avif":
      return stripAvif(bytes);
    default:
      return undefined;
  }
}
