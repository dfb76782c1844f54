import type { GetAssetResult } from "../../../contract/get-asset.js";
import type { ListAssetsRequest, ListAssetsResult } from "../../../contract/list-assets.js";
import { THUMBNAILS_KEY } from "../../thumbnails-key.js";
import { webUrl } from "../elements/dom.js";
import { listField, numberField, textField } from "../elements/read-fields.js";
import { asRecord } from "../host/rpc.js";
import type { ToolResult } from "../host/tool-result.js";

/** An asset as `listAssets` and `showGallery` give it, with a small version of its picture where Webflow has made one. */
export type Asset = ListAssetsResult["assets"][number] & { readonly thumbnailUrl?: string | undefined };

/** What `getAsset` knows besides. */
export type AssetDetails = Asset &
  Pick<GetAssetResult["asset"], "fileName" | "createdOn" | "lastUpdated"> & {
    readonly variants: readonly Variant[];
  };

/** A smaller version of a picture. */
export interface Variant {
  /** Pixels. */
  readonly width: number;
  readonly url: string;
}

export type AssetPage = Omit<ListAssetsResult, "siteId" | "assets"> & {
  readonly siteId?: string | undefined;
  readonly assets: readonly Asset[];
};

export type AssetKind = NonNullable<ListAssetsRequest["type"]>;
export const ASSET_KINDS: readonly AssetKind[] = ["image", "document", "lottie", "video", "other"];

/** Reads what `showGallery` and `listAssets` answer. */
export function readAssetPage({ data, meta }: ToolResult): AssetPage {
  const thumbnails = asRecord(meta[THUMBNAILS_KEY]);
  const assets = listField(data, "assets")
    .map(readAsset)
    .map((asset) => ({ ...asset, thumbnailUrl: webUrl(textField(thumbnails, asset.id)) }));
  return {
    siteId: textField(data, "siteId"),
    assets,
    total: numberField(data, "total") ?? assets.length,
    nextCursor: textField(data, "nextCursor"),
  };
}

export function readAssetDetails(data: Record<string, unknown>): AssetDetails {
  const asset = asRecord(data["asset"]);
  return {
    ...readAsset(asset),
    folder: textField(asRecord(asset["folder"]), "path"),
    fileName: textField(asset, "fileName"),
    createdOn: textField(asset, "createdOn"),
    lastUpdated: textField(asset, "lastUpdated"),
    variants: listField(asset, "variants").flatMap(readVariant),
  };
}

function readAsset(asset: Record<string, unknown>): Asset {
  return {
    id: textField(asset, "id") ?? "",
    name: textField(asset, "name") ?? textField(asset, "fileName") ?? "(no name)",
    contentType: (textField(asset, "contentType") ?? "").toLowerCase(),
    size: numberField(asset, "size") ?? 0,
    url: webUrl(textField(asset, "url")),
    folder: textField(asset, "folder"),
    altText: textField(asset, "altText"),
  };
}

function readVariant(variant: Record<string, unknown>): Variant[] {
  const url = webUrl(textField(variant, "url"));
  const width = numberField(variant, "width");
  return url && width ? [{ width, url }] : [];
}

export function kindOf({ contentType }: Asset): AssetKind {
  if (contentType.startsWith("image/")) return "image";
  if (contentType.startsWith("video/")) return "video";
  if (/json|dotlottie/.test(contentType)) return "lottie";
  return /pdf|text\/|document|msword|ms-|officedocument/.test(contentType) ? "document" : "other";
}

/** `PNG`, `PDF`: the extension of the name, or the media type's second half. At most 8 characters. */
export function typeLabel({ name, contentType }: Asset): string {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1];
  const subtype = contentType.split("/")[1]?.replace(/\+.*|^x-/g, "");
  return (extension ?? subtype ?? "file").slice(0, 8).toUpperCase();
}

/** Pictures that browsers draw. */
export function isPicture({ contentType, url }: Asset): boolean {
  return url !== undefined && /^image\/(png|jpe?g|gif|webp|avif|bmp|svg)/.test(contentType);
}

export function lacksAltText({ altText = "" }: Asset): boolean {
  return altText.trim() === "";
}

/** The smallest version that is at least `width` pixels wide; the original when none is. */
export function fittingUrl(asset: AssetDetails, width: number): string | undefined {
  const fitting = asset.variants.filter((variant) => variant.width >= width);
  return fitting.sort((a, b) => a.width - b.width)[0]?.url ?? asset.url;
}

/** When it was created, in seconds, by its id (an ObjectId): listings carry no date. 0 for other ids. */
export function createdAt({ id }: Asset): number {
  return /^[0-9a-f]{24}$/i.test(id) ? Number.parseInt(id.slice(0, 8), 16) : 0;
}
