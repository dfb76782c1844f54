import type { CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import type { WebflowClient } from "../../webflow/data-api/client.js";
import { LARGEST_PAGE } from "../../webflow/data-api/list-reading.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import type { ListingCache } from "./listing-cache.js";
import type { ListedAsset } from "./listing-entries.js";

/** Finds the assets of a site by id. An asset of another site is not found, whatever the token may do there. */
export interface AssetFinder {
  /** The asset as Webflow has it now. Throws ASSET_NOT_FOUND. */
  fresh(siteId: string, assetId: string, call: CallContext): Promise<Asset>;
  /** Many at once: from recent listings, by a new listing, or one by one, whichever costs the fewest calls. */
  many(siteId: string, assetIds: readonly string[], call: CallContext): Promise<Map<string, FoundAsset>>;
}

/** The asset, or the error that kept it from being looked at. */
export type FoundAsset = { readonly asset: ListedAsset } | { readonly error: unknown };

/** This few are asked for one by one, without checking how long the listing is. */
const FEW = 3;

export function createAssetFinder(webflow: WebflowClient, listings: ListingCache): AssetFinder {
  async function fresh(siteId: string, assetId: string, call: CallContext): Promise<Asset> {
    const asset = await webflow.getAsset(assetId, call);
    if (asset.siteId === siteId) return asset;
    if (asset.siteId === undefined && (await isListed(siteId, assetId, call))) return asset;
    throw onAnotherSite(asset, siteId);
  }

  /** Webflow promises to name an asset's site; if it does not, only the site's listing proves where it belongs. */
  async function isListed(siteId: string, assetId: string, call: CallContext): Promise<boolean> {
    const listing = listings.open(siteId);
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    return listing.indexOf(assetId) !== undefined;
  }

  async function one(siteId: string, assetId: string, call: CallContext): Promise<FoundAsset> {
    try {
      return { asset: listings.known(siteId, assetId) ?? (await fresh(siteId, assetId, call)) };
    } catch (error) {
      return { error };
    }
  }

  async function readListingIfCheaper(siteId: string, assetIds: readonly string[], call: CallContext) {
    const unknown = (): number => assetIds.filter((id) => !listings.known(siteId, id)).length;
    if (unknown() <= FEW) return;
    const listing = listings.open(siteId);
    await listing.readUpTo(1, call);
    const pagesLeft = Math.ceil((listing.total - listing.entries.length) / LARGEST_PAGE);
    if (pagesLeft < unknown()) await listing.readUpTo(Number.POSITIVE_INFINITY, call);
  }

  return {
    fresh,
    async many(siteId, assetIds, call) {
      await readListingIfCheaper(siteId, assetIds, call);
      return new Map(
        await Promise.all(assetIds.map(async (id) => [id, await one(siteId, id, call)] as const)),
      );
    },
  };
}

function onAnotherSite({ id, siteId: actual }: Asset, siteId: string): AssetError {
  const where = actual === undefined ? "" : `; it belongs to the site ${actual}`;
  return new AssetError(
    "ASSET_NOT_FOUND",
    `The site ${siteId} has no asset ${id}${where}`,
    "give the asset's own site as siteId, or an id that listAssets returned for this site",
  );
}
