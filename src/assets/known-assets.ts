import type { Call } from "../call.js";
import type { ListedAsset } from "./asset-listing.js";
import { LISTING_PAGE_SIZE } from "./asset-listing.js";
import type { AssetListings } from "./asset-listings.js";
import type { Ledger } from "./ledger.js";

/** Finds assets by the MD5 of their bytes, for one job: by the ledger, confirmed by the site's listing. */
export interface KnownAssets {
  find(md5: string, size: number, call: Call): Promise<ListedAsset | undefined>;
}

/**
 * The listing is read once, and only when reading it costs fewer calls than the `worth` that it may save.
 */
export function createKnownAssets(
  siteId: string,
  worth: number,
  { ledger, listings }: { ledger: Ledger; listings: AssetListings },
): KnownAssets {
  let reading: Promise<Map<string, ListedAsset>> | undefined;

  async function readListing(call: Call): Promise<Map<string, ListedAsset>> {
    const listing = listings.open(siteId);
    await listing.readUpTo(1, call);
    if (listing.total > worth * LISTING_PAGE_SIZE) return new Map();
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return new Map(listing.entries.flatMap((asset) => (asset ? [[asset.id, asset]] : [])));
  }

  return {
    async find(md5, size, call) {
      const entry = await ledger.find(siteId, md5);
      if (!entry || entry.size !== size) return undefined;
      reading ??= readListing(call);
      const asset = (await reading.catch(() => undefined))?.get(entry.id);
      return asset?.size === size ? asset : undefined;
    },
  };
}
