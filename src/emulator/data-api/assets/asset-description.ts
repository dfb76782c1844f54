import mime from "mime-types";
import type { EmulatorSwitches } from "../../behaviour/switches.js";
import type { EmulatedCmsFile } from "../../database/content-records.js";
import type { Database } from "../../database/database.js";
import type { EmulatedAsset } from "../../database/records.js";
import type { ApiContext } from "../protocol/endpoint.js";
import type { AskedLocale } from "../protocol/locales.js";
import { shownAltText } from "./alt-texts.js";

/** An asset in a locale, without fileHash and parentFolder; only listings show its `folderId`. */
export function describeAsset(
  asset: EmulatedAsset,
  { database, switches, urls }: ApiContext,
  locale: AskedLocale,
) {
  return {
    id: asset.id,
    originalFileName: asset.originalFileName,
    displayName: asset.displayName,
    contentType: asset.contentType,
    size: sizeOf(asset, database, switches),
    siteId: asset.siteId,
    createdOn: asset.createdOn,
    lastUpdated: asset.lastUpdated,
    hostedUrl: urls.onS3(hostedKey(asset, switches)),
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
    altText: shownAltText(asset, locale, switches),
  };
}

/** A CMS file in the form of an asset. */
export function describeCmsFile({ id, siteId, hostedName }: EmulatedCmsFile, { database, urls }: ApiContext) {
  const key = `${database.sites.get(siteId)?.cmsBucketId}/${hostedName}`;
  return {
    id,
    originalFileName: hostedName,
    displayName: hostedName,
    contentType: database.object(key)?.contentType ?? null,
    size: database.object(key)?.size ?? 0,
    siteId,
    hostedUrl: urls.onS3(key),
    variants: [],
    altText: null,
  };
}

/** Compression in the designer gives a raster image another format, name and URL. */
function hostedKey({ key, contentType }: EmulatedAsset, { compressesImages }: EmulatorSwitches): string {
  return compressesImages && /^image\/(png|jpeg)$/.test(contentType) ? key.replace(/\.[^.]*$/, ".webp") : key;
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
