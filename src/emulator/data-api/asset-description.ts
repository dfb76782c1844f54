import mime from "mime-types";
import type { Database, EmulatedAsset } from "../database.js";
import type { EmulatorSwitches } from "../switches.js";
import type { ApiContext } from "./endpoint.js";

/** An asset as the API shows it. Neither fileHash nor parentFolder is in it; `folderId` is only in listings. */
export function describeAsset(asset: EmulatedAsset, { database, switches, urls }: ApiContext) {
  return {
    id: asset.id,
    originalFileName: asset.originalFileName,
    displayName: asset.displayName,
    contentType: asset.contentType,
    size: sizeOf(asset, database, switches),
    siteId: asset.siteId,
    createdOn: asset.createdOn,
    lastUpdated: asset.lastUpdated,
    hostedUrl: urls.onS3(asset.key),
    variants: variantWidths(asset, database, switches).map((width) => {
      const name = variantName(asset.originalFileName, width);
      return {
        hostedUrl: urls.onS3(variantName(asset.key, width)),
        originalFileName: name,
        displayName: name,
        format: mime.extension(asset.contentType) || "png",
        width,
        height: null,
        quality: 100,
        error: null,
      };
    }),
    altText: asset.altText,
  };
}

function sizeOf({ key }: EmulatedAsset, database: Database, { sizeLagMs }: EmulatorSwitches): number {
  const stored = database.object(key);
  return stored && database.now() - stored.storedAtMs >= sizeLagMs ? stored.size : 0;
}

/** Webflow makes smaller versions of raster images some time after the upload. */
function variantWidths(
  asset: EmulatedAsset,
  database: Database,
  { variantWidths, variantDelayMs }: EmulatorSwitches,
): number[] {
  const stored = database.object(asset.key);
  if (!stored || !/^image\/(png|jpeg|webp|avif)$/.test(asset.contentType)) return [];
  return database.now() - stored.storedAtMs >= variantDelayMs ? variantWidths : [];
}

/** `picture.png` at 500 pixels is `picture-p-500.png`. */
function variantName(name: string, width: number): string {
  return name.replace(/(\.[^.]*)?$/, `-p-${width}$1`);
}
