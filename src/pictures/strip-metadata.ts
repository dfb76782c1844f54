import { stripGif } from "./metadata/gif-blocks.js";
import { stripJpeg } from "./metadata/jpeg-segments.js";
import { stripPng } from "./metadata/png-chunks.js";
import { stripWebp } from "./metadata/webp-chunks.js";
import type { PictureFormat } from "./picture-format.js";

/**
 * The file with everything left out that is not needed to show the picture, without decoding it: the same pixels and the
 * same colour profile. The very same `bytes` when there was nothing to leave out. Undefined when the format does not
 * allow it (AVIF and TIFF refer to their parts by offsets) or the file cannot be followed to its end.
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
    default:
      return undefined;
  }
}
