import { fileTypeFromBuffer } from "file-type";
import { isAvif } from "../files/detect-type.js";
import { isAnimation } from "../files/formats/container.js";

/** The formats that can be optimized. */
export type PictureFormat = "jpeg" | "png" | "webp" | "avif" | "tiff" | "gif" | "bmp";

/** What bytes are, as far as the optimizer has to tell them apart. */
export type Recognition =
  | { readonly is: "picture" | "animation"; readonly format: PictureFormat }
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
  bmp: { extension: "bmp", contentType: "image/bmp", title: "BMP" },
};

const FORMATS = Object.keys(PICTURE_FORMATS) as PictureFormat[];

/** Recognises a picture or an animation by its bytes. Raw files of cameras, which are TIFF inside, count as other. */
export async function recognisePicture(bytes: Buffer): Promise<Recognition> {
  const found = await fileTypeFromBuffer(bytes);
  if (/^image\/hei[cf]/.test(found?.mime ?? "") && !isAvif(bytes)) return { is: "heic" };
  const format = formatOf(bytes, found?.ext);
  if (!format) return { is: "other" };
  return { is: isAnimation(bytes) ? "animation" : "picture", format };
}

function formatOf(bytes: Buffer, extension: string | undefined): PictureFormat | undefined {
  if (isAvif(bytes)) return "avif";
  if (extension === undefined) return isTiff(bytes) ? "tiff" : undefined;
  if (extension === "apng") return "png";
  return FORMATS.find((format) => PICTURE_FORMATS[format].extension === extension);
}

/** TIFF 6.0, section 2. A TIFF that is cut off has lost its directory, by which it is recognised otherwise. */
function isTiff(bytes: Buffer): boolean {
  return ["II*\0", "MM\0*"].includes(bytes.toString("latin1", 0, 4));
}
