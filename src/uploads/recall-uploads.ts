import type { CallContext } from "../core/call-context.js";
import type { ListingCache } from "../library/listing/listing-cache.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import { LISTING_PAGE_SIZE } from "../library/listing/page-reader.js";
import type { Ledger } from "./ledger.js";

/** Finds the assets of sources for one job: by the ledger, confirmed by the site's listing. */
export interface UploadRecall {
  /** The asset that the ledger has under `key`, when the site lists it with the size that it was uploaded with. */
  find(key: string, call: CallContext): Promise<ListedAsset | undefined>;
}

/** The listing is read once, and only when that costs fewer calls than the `worth` that it may save. */
export function createUploadRecall(
  siteId: string,
  worth: number,
  { ledger, listings }: { ledger: Ledger; listings: ListingCache },
): UploadRecall {
  let reading: Promise<Map<string, ListedAsset>> | undefined;

  async function readListing(call: CallContext): Promise<Map<string, ListedAsset>> {
    const listing = listings.open(siteId);
    await listing.readUpTo(1, call);
    if (listing.total > worth * LISTING_PAGE_SIZE) return new Map();
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return new Map(listing.entries.flatMap((asset) => (asset ? [[asset.id, asset]] : [])));
  }

  return {
    async find(key, call) {
      const entry = await ledger.find(siteId, key);
      if (!entry) return undefined;
      reading ??= readListing(call);
      const asset = (await reading.catch(() => undefined))?.get(entry.id);
      return asset?.size === entry.size ? asset : undefined;
    },
  };
}
