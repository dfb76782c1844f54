import { fileTypeFromBuffer } from "file-type";
import { isAvif } from "../files/detect-type.js";

/** The formats that can be optimized. */
export type PictureFormat = "jpeg" | "png" | "webp" | "avif" | "tiff" | "gif";

/** What bytes are, as far as the optimizer has to tell them apart. */
export type Recognition =
  | { readonly is: "picture"; readonly format: PictureFormat }
  | { readonly is: "animation" }
  | { readonly is: "heic" }
  | { readonly is: "other" };

interface FormatDescription {
  readonly extension: string;
  readonly contentType: string;
  readonly title: string;
}

export const PICTURE_FORMATS: Readonly<Record<PictureFormat, FormatDescription>> = {
  jpeg: { extension: "jpg", contentType: "image/jpeg", title: "JPEG" },
  png: { extension: "png", contentType: "image/png", title: "PNG" },
  webp: { extension: "webp", contentType: "image/webp", title: "WebP" },
  avif: { extension: "avif", contentType: "image/avif", title: "AVIF" },
  tiff: { extension: "tif", contentType: "image/tiff", title: "TIFF" },
  gif: { extension: "gif", contentType: "image/gif", title: "GIF" },
};

const FORMATS_BY_EXTENSION: Readonly<Record<string, PictureFormat>> = {
  jpg: "jpeg",
  png: "png",
  webp: "webp",
  tif: "tiff",
  gif: "gif",
};

/**
 * Recognises a picture by its bytes. Raw files of cameras, which are TIFF inside, count as other; so do animated GIF
 * and WebP as pictures here, since only their frames tell.
 */
export async function recognisePicture(bytes: Buffer): Promise<Recognition> {
  if (isAvif(bytes)) return isImageSequence(bytes) ? { is: "animation" } : { is: "picture", format: "avif" };
  const found = await fileTypeFromBuffer(bytes);
  if (found === undefined) return isTiff(bytes) ? { is: "picture", format: "tiff" } : { is: "other" };
  if (found.ext === "apng") return { is: "animation" };
  if (/^image\/hei[cf]/.test(found.mime)) return { is: "heic" };
  const format = FORMATS_BY_EXTENSION[found.ext];
  return format ? { is: "picture", format } : { is: "other" };
}

/** TIFF 6.0, section 2. A TIFF that is cut off has lost its directory, by which it is recognised otherwise. */
function isTiff(bytes: Buffer): boolean {
  return ["II*\0", "MM\0*"].includes(bytes.toString("latin1", 0, 4));
}

/** AVIF 1.1, section 6.3: the brand of an image sequence, as the first brand. */
function isImageSequence(avif: Buffer): boolean {
  return avif.toString("latin1", 8, 12) === "avis";
}
