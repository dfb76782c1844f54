import type { CallContext } from "../../core/call-context.js";
import type { WebflowClient } from "../../webflow/client.js";
import { LISTING_PAGE_SIZE, type ListedAsset } from "./listing.js";
import type { ListingCache } from "./listing-cache.js";

/** Finds assets by id with few calls of the Data API. */
export interface AssetFinder {
  /** From a listing that was read lately, else from Webflow. Throws ASSET_NOT_FOUND. */
  one(assetId: string, call: CallContext): Promise<ListedAsset>;
  /**
   * Many of one site, by a listing or one by one, whichever costs fewer calls. Those that cannot be found are left
   * out.
   */
  many(siteId: string, assetIds: readonly string[], call: CallContext): Promise<Map<string, FoundAsset>>;
}

/** The asset, or the error that kept it from being looked at. */
export type FoundAsset = { readonly asset: ListedAsset } | { readonly error: unknown };

/** So few are asked for one by one, without a look at how long the listing is. */
const FEW = 3;

export function createAssetFinder(webflow: WebflowClient, listings: ListingCache): AssetFinder {
  async function one(assetId: string, call: CallContext): Promise<ListedAsset> {
    return listings.known(assetId) ?? (await webflow.getAsset(assetId, call));
  }

  async function readListingIfCheaper(
    siteId: string,
    assetIds: readonly string[],
    call: CallContext,
  ): Promise<void> {
    const unknown = (): number => assetIds.filter((id) => !listings.known(id)).length;
    if (unknown() <= FEW) return;
    const listing = listings.open(siteId);
    await listing.readUpTo(1, call);
    const pagesLeft = Math.ceil((listing.total - listing.entries.length) / LISTING_PAGE_SIZE);
    if (pagesLeft < unknown()) await listing.readUpTo(Number.POSITIVE_INFINITY, call);
  }

  return {
    one,
    async many(siteId, assetIds, call) {
      await readListingIfCheaper(siteId, assetIds, call);
      const found = await Promise.all(
        assetIds.map(async (id): Promise<[string, FoundAsset]> => {
          try {
            return [id, { asset: await one(id, call) }];
          } catch (error) {
            return [id, { error }];
          }
        }),
      );
      return new Map(found);
    },
  };
}
