import { randomBytes } from "node:crypto";
import type { CallContext } from "../../core/call-context.js";
import type { FolderStore } from "../../folders/folder-store.js";
import type { Page, WebflowClient } from "../../webflow/data-api/client.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import { createFolderPages } from "./folder-pages.js";
import { type AssetListing, createAssetListing, type ReadPage } from "./listing.js";
import type { ListedAsset } from "./listing-entries.js";

/** Recent listings, shared by all calls and kept for those that walk through them. */
export interface ListingCache {
  /**
   * A listing at most half a minute old, of the site or of one folder and all below it, with the texts of the primary
   * locale unless the id of another one is given. Reads nothing yet.
   */
  open(siteId: string, folderId?: string, localeId?: string): AssetListing;
  /** The very listing with which a walk began; undefined if it is no longer kept. */
  resume(listingId: string): AssetListing | undefined;
  /** The asset as it is, in the primary locale, in a listing of the site that may still be opened. */
  known(siteId: string, assetId: string): ListedAsset | undefined;
  /** The asset now has these texts, in the primary locale unless the id of another one is given. */
  noteUpdated(asset: ListedAsset, localeId?: string): void;
  noteDeleted(assetId: string): void;
  /** Something was added to the site: the next listing that is opened will be read again. */
  noteAdded(siteId: string): void;
}

interface KeptListing {
  readonly listing: AssetListing;
  readonly siteId: string;
  readonly folderId: string | undefined;
  readonly localeId: string | undefined;
  usedAt: number;
}

const OPENED_MAX_AGE_MS = 30_000;
/** A large site may take longer to read than the rate limit leaves to one call: the next call continues. */
const INTERRUPTED_MAX_AGE_MS = 5 * 60_000;
const WALK_MAX_IDLE_MS = 10 * 60_000;
const MAX_KEPT = 8;

export interface ListingCacheOptions {
  /** Called with every asset that is read. */
  readonly onRead?: (asset: Asset) => void;
  /** Finds out where assets are if the listing of a folder also contains others. */
  readonly folders?: Pick<FolderStore, "tree" | "folderOfAsset">;
  /** The time in milliseconds since the epoch. */
  readonly now?: () => number;
}

export function createListingCache(
  webflow: Pick<WebflowClient, "listAssets">,
  { onRead, folders, now = Date.now }: ListingCacheOptions = {},
): ListingCache {
  /** Most recently used last. */
  let kept: KeptListing[] = [];

  function touch(used: KeptListing): AssetListing {
    used.usedAt = now();
    const others = kept.filter((other) => other !== used && now() - other.usedAt < WALK_MAX_IDLE_MS);
    kept = [...others, used].slice(-MAX_KEPT);
    return used.listing;
  }

  function isOpenable({ listing }: KeptListing): boolean {
    const maxAgeMs = listing.wasInterrupted ? INTERRUPTED_MAX_AGE_MS : OPENED_MAX_AGE_MS;
    return !listing.isOutdated && !listing.isSuperseded && now() - listing.readAt < maxAgeMs;
  }

  function pagesOf(siteId: string, folderId: string | undefined, localeId: string | undefined): ReadPage {
    const readPage = async (page: Page & { folderId?: string | undefined }, call: CallContext) => {
      const answer = await webflow.listAssets(siteId, { ...page, localeId }, call);
      if (onRead) answer.entries.forEach(onRead);
      return answer;
    };
    if (folderId === undefined) return readPage;
    if (folders === undefined) return (page, call) => readPage({ ...page, folderId }, call);
    return createFolderPages({
      siteId,
      folderId,
      folders,
      readPage,
      openSite: () => open(siteId, undefined, localeId),
    });
  }

  function create(siteId: string, folderId: string | undefined, localeId: string | undefined): KeptListing {
    const id = randomBytes(6).toString("base64url");
    const listing = createAssetListing(id, pagesOf(siteId, folderId, localeId), now);
    return { listing, siteId, folderId, localeId, usedAt: now() };
  }

  function open(siteId: string, folderId?: string, localeId?: string): AssetListing {
    const isWanted = (one: KeptListing): boolean =>
      one.siteId === siteId && one.folderId === folderId && one.localeId === localeId;
    const current = kept.find((one) => isWanted(one) && isOpenable(one));
    return touch(current ?? create(siteId, folderId, localeId));
  }

  return {
    open,

    resume(listingId) {
      const found = kept.find(({ listing }) => listing.id === listingId);
      return found && now() - found.usedAt < WALK_MAX_IDLE_MS ? touch(found) : undefined;
    },

    known(siteId, assetId) {
      const isOfSite = (one: KeptListing): boolean => one.siteId === siteId && one.localeId === undefined;
      const openable = kept.filter((one) => isOfSite(one) && isOpenable(one));
      return openable.map(({ listing }) => listing.get(assetId)).find((asset) => asset !== undefined);
    },

    noteUpdated(asset, localeId) {
      for (const one of kept) {
        if (one.localeId === localeId) one.listing.update(asset);
        // Other locales show the texts of the primary one where they have none of their own.
        else if (localeId === undefined && one.listing.indexOf(asset.id) !== undefined)
          one.listing.supersede();
      }
    },

    noteDeleted(assetId) {
      for (const { listing } of kept) listing.remove(assetId);
    },

    noteAdded(siteId) {
      for (const one of kept) if (one.siteId === siteId) one.listing.supersede();
    },
  };
}
