import { isAvif } from "../../files/detect-type.js";
import { stripAvif } from "../../files/formats/avif-boxes.js";
import { containerOf } from "../../files/formats/container.js";
import { stripGif } from "../../files/formats/gif-blocks.js";
import { jpegEnd, jpegForDecoder, stripJpeg } from "../../files/formats/jpeg-segments.js";
import { pngForDecoder, stripPng } from "../../files/formats/png-chunks.js";
import { stripWebp, webpForDecoder } from "../../files/formats/webp-chunks.js";

/**
 * The file without everything that is not needed to show the picture or the animation: the same pixels, frames and
 * colours. The very same `bytes` when there was nothing to leave out. Undefined for TIFF and BMP, which are not for the
 * web anyway, and when the file cannot be followed to its end.
 */
export function stripMetadata(bytes: Buffer): Buffer | undefined {
  return sameOr(bytes, stepsFor(bytes)?.strip(bytes));
}

/** Like {@link stripMetadata}, for a picture that stays lying as it does: its orientation is kept. */
export function stripAllButOrientation(bytes: Buffer): Buffer | undefined {
  return sameOr(bytes, stepsFor(bytes)?.stripTurned(bytes));
}

type Strip = (bytes: Buffer) => Buffer | undefined;

function stepsFor(bytes: Buffer): { readonly strip: Strip; readonly stripTurned: Strip } | undefined {
  const container = containerOf(bytes);
  if (container === "jpeg") return { strip: stripJpeg, stripTurned: stripTurnedJpeg };
  if (container === "png") return { strip: stripPng, stripTurned: pngForDecoder };
  if (container === "webp") return { strip: stripWebp, stripTurned: webpForDecoder };
  if (container === "gif") return { strip: stripGif, stripTurned: stripGif };
  return isAvif(bytes) ? { strip: stripAvif, stripTurned: stripAvif } : undefined;
}

function stripTurnedJpeg(bytes: Buffer): Buffer | undefined {
  const end = jpegEnd(bytes);
  return end === undefined ? undefined : jpegForDecoder(bytes.subarray(0, end));
}

function sameOr(bytes: Buffer, stripped: Buffer | undefined): Buffer | undefined {
  return stripped?.equals(bytes) ? bytes : stripped;
}
