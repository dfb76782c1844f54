import { createHash } from "node:crypto";
import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { ContentUrls, WithUrls } from "../database/content-records.js";
import type { Database } from "../database/database.js";
import type { ObjectUrls } from "./object-urls.js";

/** What every service of the emulator works with. */
export interface EmulatorContext {
  readonly database: Database;
  readonly switches: EmulatorSwitches;
  readonly urls: ObjectUrls;
}

/** A value of content, with the URLs that it holds. */
export function withUrls<Value>(value: WithUrls<Value>, urls: ContentUrls): Value {
  return typeof value === "function" ? (value as (urls: ContentUrls) => Value)(urls) : value;
}

/** URLs as the CMS and the designer store them. */
export function storedUrls({ database, switches, urls }: EmulatorContext): ContentUrls {
  return {
    asset: (id) => urls.onCdn(assetKey(database, id)),
    variant: (id, width) => urls.onCdn(variantKey(assetKey(database, id), width)),
    cmsFile: (id) => urls.onCdn(cmsFileKey(database, switches, id)),
  };
}

/** URLs as published pages have them. `siteOrigin` is where a proxy serves assets, with the switch. */
export function publishedUrls(
  { database, switches, urls }: EmulatorContext,
  siteOrigin: string,
): ContentUrls {
  const written = (key: string): string => {
    const url = urls.onCdn(key);
    const [, bucket = "", name = ""] = /([^/]+)\/([^/]+)$/.exec(url) ?? [];
    const base = switches.siteProxy === "rewrites-assets" ? `${siteOrigin}/assets/` : urls.onCdn("");
    return `${base}${bucket}${switches.encodedSlash}${name}`;
  };
  return {
    asset: (id) => written(assetKey(database, id)),
    variant: (id, width) => written(variantKey(assetKey(database, id), width)),
    cmsFile: (id) => written(asServed(cmsFileKey(database, switches, id), id, switches)),
  };
}

function assetKey(database: Database, id: string): string {
  const asset = database.assetRecords.get(id) ?? database.deletedAssets.find((deleted) => deleted.id === id);
  return asset?.key ?? `unknown/${id}_unknown`;
}

function cmsFileKey({ content, sites }: Database, { cmsBucket }: EmulatorSwitches, id: string): string {
  const file = content.cmsFiles.get(id);
  const site = sites.get(file?.siteId ?? "");
  const bucket = cmsBucket === "site" ? site?.id : site?.cmsBucketId;
  return `${bucket ?? "unknown"}/${file?.hostedName ?? `${id}_unknown`}`;
}

function variantKey(key: string, width: number): string {
  return key.replace(/(\.[^./]*)?$/, `-p-${width}$1`);
}

/** Pages were seen with other URLs than the CMS has stored. */
function asServed(key: string, id: string, { servedImages }: EmulatorSwitches): string {
  if (servedImages === "avif") return key.replace(/\.[^./]*$/, ".avif");
  if (servedImages === "as-stored") return key;
  return key.replace(id, createHash("md5").update(id).digest("hex").slice(0, id.length));
}
