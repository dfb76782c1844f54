import type { CallContext } from "../../core/call-context.js";
import type { AssetListing } from "../../library/listing/listing.js";
import type { ListingCache } from "../../library/listing/listing-cache.js";
import type { ListedAsset } from "../../library/listing/listing-entries.js";
import { LARGEST_PAGE } from "../../webflow/data-api/list-reading.js";
import type { Ledger } from "./ledger.js";

/** Finds the assets that one job meets again by the site's listing, which shows a hundred of them in one call. */
export interface UploadRecall {
  /** The asset that the ledger has under `key`, if the site lists it with the size that was uploaded. */
  find(key: string, call: CallContext): Promise<ListedAsset | undefined>;
  /**
   * The asset by a listing of at most a minute's age. Undefined if it is not listed, and until so many were asked for
   * that looking at each of them has cost as many calls as reading the listing would.
   */
  listed(assetId: string, call: CallContext): Promise<ListedAsset | undefined>;
}

/** So many assets are looked at before the first page of the listing is read, which tells how long it is. */
const FIRST_LOOKS = 3;
const LISTED_MAX_AGE_MS = 60_000;

/** For what the ledger knows, the listing is read once, if that costs fewer calls than the `worth` that it may save. */
export function createUploadRecall(
  siteId: string,
  worth: number,
  { ledger, listings }: { ledger: Ledger; listings: ListingCache },
): UploadRecall {
  let reading: Promise<Map<string, ListedAsset>> | undefined;
  let recent: AssetListing | undefined;
  /** Assets asked for since the listing was opened. */
  let looks = 0;
  let isReadable = true;

  async function readListing(call: CallContext): Promise<Map<string, ListedAsset>> {
    const listing = listings.open(siteId);
    await listing.readUpTo(1, call);
    if (listing.total > worth * LARGEST_PAGE) return new Map();
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return new Map(listing.entries.flatMap((asset) => (asset ? [[asset.id, asset]] : [])));
  }

  function openRecent(): AssetListing {
    if (recent && Date.now() - recent.readAt < LISTED_MAX_AGE_MS) return recent;
    if (recent) looks = FIRST_LOOKS;
    recent = listings.open(siteId);
    return recent;
  }

  async function findListed(assetId: string, call: CallContext): Promise<ListedAsset | undefined> {
    const listing = openRecent();
    await listing.readUpTo(1, call);
    if (listing.total > looks * LARGEST_PAGE) return undefined;
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return listing.get(assetId);
  }

  return {
    async find(key, call) {
      const entry = await ledger.find(siteId, key);
      if (!entry) return undefined;
      reading ??= readListing(call);
      const asset = (await reading.catch(() => undefined))?.get(entry.id);
      return asset?.size === entry.size ? asset : undefined;
    },

    async listed(assetId, call) {
      looks += 1;
      if (looks <= FIRST_LOOKS || !isReadable) return undefined;
      return findListed(assetId, call).catch(() => {
        isReadable = false;
        return undefined;
      });
    },
  };
}
