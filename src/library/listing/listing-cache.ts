import { randomBytes } from "node:crypto";
import type { WebflowClient } from "../../webflow/client.js";
import type { Asset } from "../../webflow/responses.js";
import { type AssetListing, createAssetListing, type ListedAsset } from "./listing.js";

/** The listings that were read lately, shared by all calls and kept for those that walk through them. */
export interface ListingCache {
  /** A listing of at most half a minute's age, of the site or of one folder and all below it. Reads nothing yet. */
  open(siteId: string, folderId?: string): AssetListing;
  /** The very listing that a walk began with, undefined when it is no longer kept. */
  resume(listingId: string): AssetListing | undefined;
  /** What a listing of the site that may still be opened says of the asset. */
  known(siteId: string, assetId: string): ListedAsset | undefined;
  /** The asset has the texts that it has here. */
  noteUpdated(asset: ListedAsset): void;
  noteDeleted(assetId: string): void;
  /** Something was added to the site: the next listing to be opened is read anew. */
  noteAdded(siteId: string): void;
}

interface KeptListing {
  readonly listing: AssetListing;
  readonly siteId: string;
  readonly folderId: string | undefined;
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

  function create(siteId: string, folderId: string | undefined): KeptListing {
    const listing = createAssetListing(
      randomBytes(6).toString("base64url"),
      async (page, call) => {
        const answer = await webflow.listAssets(siteId, { ...page, folderId }, call);
        if (onRead) answer.assets.forEach(onRead);
        return answer;
      },
      now,
    );
    return { listing, siteId, folderId, usedAt: now(), isSuperseded: false };
  }

  return {
    open(siteId, folderId) {
      const current = kept.find(
        (one) => one.siteId === siteId && one.folderId === folderId && isOpenable(one),
      );
      return touch(current ?? create(siteId, folderId));
    },

    resume(listingId) {
      const found = kept.find(({ listing }) => listing.id === listingId);
      return found && now() - found.usedAt < WALK_MAX_IDLE_MS ? touch(found) : undefined;
    },

    known(siteId, assetId) {
      for (const { listing } of kept.filter((one) => one.siteId === siteId && isOpenable(one))) {
        const index = listing.indexOf(assetId);
        if (index !== undefined) return listing.entries[index];
      }
      return undefined;
    },

    noteUpdated(asset) {
      for (const { listing } of kept) listing.update(asset);
    },

    noteDeleted(assetId) {
      for (const { listing } of kept) listing.remove(assetId);
    },

    noteAdded(siteId) {
      for (const one of kept) if (one.siteId === siteId) one.isSuperseded = true;
    },
  };
}
