import type { CreatedAsset } from "./data-api/responses.js";

/** Which URL of a file is shown where it has two: the CDN's, from which pages load it, and not the storage's. */
export interface PublicUrls {
  /** Learns how the two URLs are related from a new record, which has both. */
  learn(created: Pick<CreatedAsset, "assetUrl" | "hostedUrl">): void;
  /** The CDN's URL if it is known to lead to the same object, or else the URL as it is. */
  of(url: string): string;
}

/**
 * For the same object, listings and single assets have the first of these, and the answer to a new record the second:
 * https://developers.webflow.com/data/reference/assets/assets/create
 */
const KNOWN: readonly (readonly [storage: string, cdn: string])[] = [
  ["https://s3.amazonaws.com/webflow-prod-assets/", "https://cdn.prod.website-files.com/"],
  ["https://webflow-prod-assets.s3.amazonaws.com/", "https://cdn.prod.website-files.com/"],
];

/** What both end with: the ids of site and asset, and the name. Variants have another name and lie next to it. */
const KEY = /^(https?:\/\/.*\/)([0-9a-f]{24}\/[0-9a-f]{24}_[^/?#]+)$/i;

export function createPublicUrls(): PublicUrls {
  const cdnOf = new Map<string, string>(KNOWN);
  return {
    learn({ assetUrl = "", hostedUrl = "" }) {
      const [, storage, storedKey] = KEY.exec(assetUrl) ?? [];
      const [, cdn, hostedKey] = KEY.exec(hostedUrl) ?? [];
      if (storage && cdn && storedKey === hostedKey) cdnOf.set(storage, cdn);
    },

    of(url) {
      const [, storage = "", key = ""] = KEY.exec(url) ?? [];
      const cdn = cdnOf.get(storage);
      return cdn === undefined ? url : cdn + key;
    },
  };
}

/** The same answer with the public URL for every `url` in it. */
export function withPublicUrls<Value>(value: Value, urls: PublicUrls): Value {
  return replaceIn(value, urls) as Value;
}

function replaceIn(value: unknown, urls: PublicUrls): unknown {
  if (Array.isArray(value)) return value.map((entry) => replaceIn(entry, urls));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === "url" && typeof entry === "string" ? urls.of(entry) : replaceIn(entry, urls),
    ]),
  );
}
