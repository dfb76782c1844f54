import type { ListAssetsRequest } from "../contract/list-assets.js";
import { fileTypeByContentType, fileTypeByExtension } from "./file-types.js";

export type AssetType = NonNullable<ListAssetsRequest["type"]>;

/** The kind of an asset that is already on the site, by its media type, or by its name if that says nothing. */
export function assetTypeOf(contentType: string, name: string): AssetType {
  const mediaType = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (mediaType.startsWith("image/")) return "image";
  if (mediaType.startsWith("video/")) return "video";
  const known = fileTypeByContentType(mediaType);
  if (known) return known.kind;
  if (!["", "application/octet-stream", "application/zip"].includes(mediaType)) return "other";
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return fileTypeByExtension(extension)?.kind ?? "other";
}
