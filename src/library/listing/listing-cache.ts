import { randomBytes } from "node:crypto";
import type { WebflowClient } from "../../webflow/client.js";
import type { Asset } from "../../webflow/responses.js";
import { type AssetListing, createAssetListing } from "./listing.js";
import type { ListedAsset } from "./listing-entries.js";

/** The listings that were read lately, shared by all calls and kept for those that walk through them. */
export interface ListingCache {
  /**
   * A listing of at most half a minute's age, of the site or of one folder and all below it, with the texts of the primary
   * locale unless the id of another is given. Reads nothing yet.
   */
  open(siteId: string, folderId?: string, localeId?: string): AssetListing;
  /** The very listing that a walk began with, undefined when it is no longer kept. */
  resume(listingId: string): AssetListing | undefined;
  /** What, in the primary locale, a listing of the site that may still be opened says of the asset. */
  known(siteId: string, assetId: string): ListedAsset | undefined;
  /** The asset has the texts that it has here, in the primary locale unless the id of another is given. */
  noteUpdated(asset: ListedAsset, localeId?: string): void;
  noteDeleted(assetId: string): void;
  /** Something was added to the site: the next listing to be opened is read anew. */
  noteAdded(siteId: string): void;
}

interface KeptListing {
  readonly listing: AssetListing;
  readonly siteId: string;
  readonly folderId: string | undefined;
  readonly localeId: string | undefined;
  usedAt: number;
  /** Whether something was added to the site since. */
  isSuperseded: boolean;
}

const OPENED_MAX_AGE_MS = 30_000;
/** A large site may take longer to read than the rate limit leaves to one call: the next call goes on with it. */
const INTERRUPTED_MAX_AGE_MS = 5 * 60_000;
const WALK_MAX_IDLE_MS = 10 * 60_000;
const MAX_KEPT = 8;

export interface ListingCacheOptions {
  /** Told of every asset that is read. */
  readonly onRead?: (asset: Asset) => void;
  /** The time in milliseconds since the epoch. */
  readonly now?: () => number;
}

export function createListingCache(
  webflow: Pick<WebflowClient, "listAssets">,
  { onRead, now = Date.now }: ListingCacheOptions = {},
): ListingCache {
  /** Those last used come last. */
  let kept: KeptListing[] = [];

  function touch(used: KeptListing): AssetListing {
    used.usedAt = now();
    const others = kept.filter((other) => other !== used && now() - other.usedAt < WALK_MAX_IDLE_MS);
    kept = [...others, used].slice(-MAX_KEPT);
    return used.listing;
  }

  function isOpenable({ listing, isSuperseded }: KeptListing): boolean {
    const maxAgeMs = listing.wasInterrupted ? INTERRUPTED_MAX_AGE_MS : OPENED_MAX_AGE_MS;
    return !listing.isOutdated && !isSuperseded && now() - listing.readAt < maxAgeMs;
  }

  function create(siteId: string, folderId: string | undefined, localeId: string | undefined): KeptListing {
    const listing = createAssetListing(
      randomBytes(6).toString("base64url"),
      async (page, call) => {
        const answer = await webflow.listAssets(siteId, { ...page, folderId, localeId }, call);
        if (onRead) answer.assets.forEach(onRead);
        return answer;
      },
      now,
    );
    return { listing, siteId, folderId, localeId, usedAt: now(), isSuperseded: false };
  }

  return {
    open(siteId, folderId, localeId) {
      const isWanted = (one: KeptListing): boolean =>
        one.siteId === siteId && one.folderId === folderId && one.localeId === localeId;
      const current = kept.find((one) => isWanted(one) && isOpenable(one));
      return touch(current ?? create(siteId, folderId, localeId));
    },

    resume(listingId) {
      const found = kept.find(({ listing }) => listing.id === listingId);
      return found && now() - found.usedAt < WALK_MAX_IDLE_MS ? touch(found) : undefined;
    },

    known(siteId, assetId) {
      const isMeant = (one: KeptListing): boolean => one.siteId === siteId && one.localeId === undefined;
      for (const { listing } of kept.filter((one) => isMeant(one) && isOpenable(one))) {
        const index = listing.indexOf(assetId);
        if (index !== undefined) return listing.entries[index];
      }
      return undefined;
    },

    noteUpdated(asset, localeId) {
      for (const one of kept) {
        if (one.localeId === localeId) one.listing.update(asset);
        // Other locales show the texts of the primary one where they have none.
        else if (localeId === undefined && one.listing.indexOf(asset.id) !== undefined)
          one.isSuperseded = true;
      }
    },

    noteDeleted(assetId) {
      for (const { listing } of kept) listing.remove(assetId);
    },

    noteAdded(siteId) {
      for (const one of kept) if (one.siteId === siteId) one.isSuperseded = true;
    },
  };
}
