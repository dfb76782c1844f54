import { type CallContext, partOfCall } from "../core/call-context.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { FolderTree, PlacedFolder } from "../folders/folder-tree.js";
import type { AssetListing } from "../library/listing/listing.js";
import type { ListingCache } from "../library/listing/listing-cache.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import { isInterruption } from "./record/agenda.js";
import { createSiteReading, type SiteReading, type SiteReadingParts } from "./site-reading.js";

/** The assets of a site, and a reading of what refers to them. */
export interface UsageMap {
  readonly listing: AssetListing;
  readonly reading: SiteReading;
}

/** The most recent maps. */
export interface UsageMaps {
  /**
   * The map of a site, at most 10 minutes old, as far as it has been read; a new one if there is none, if it does not
   * search for one of `needed`, or if the last one is complete and either `refresh` asks for another or something was
   * uploaded since. Lists the assets if need be.
   */
  open(siteId: string, call: CallContext, wanted?: WantedMap): Promise<UsageMap>;
  /** A map of a few assets, kept for nobody else, if listing all of them would cost many calls. */
  ofFew(siteId: string, assets: readonly ListedAsset[]): SiteReading;
  /** The map of a site that searches for all of `needed`, if there is one. */
  known(siteId: string, needed: readonly string[]): SiteReading | undefined;
}

export interface WantedMap {
  readonly refresh?: boolean | undefined;
  readonly needed?: readonly string[] | undefined;
  /** A walk through the pages of an answer stays with the map that it began with. */
  readonly isNextPage?: boolean | undefined;
}

const MAX_AGE_MS = 10 * 60_000;
/** How many sites' maps are kept: a map of 20,000 assets takes some 20 MB. */
const MOST_SITES = 3;

export function createUsageMaps(parts: SiteReadingParts & { readonly listings: ListingCache }): UsageMaps {
  const { listings } = parts;
  const maps = new Map<string, UsageMap>();
  const inTurn = createKeyedQueue();

  function keep(siteId: string, map: UsageMap): UsageMap {
    maps.delete(siteId);
    maps.set(siteId, map);
    for (const oldest of [...maps.keys()].slice(0, -MOST_SITES)) maps.delete(oldest);
    return map;
  }

  function fresh(siteId: string): UsageMap | undefined {
    const kept = maps.get(siteId);
    if (!kept || Date.now() - kept.reading.readAt > MAX_AGE_MS) return undefined;
    // So that the listing stays among those that are updated: one that did not knows nothing of what changed.
    if (listings.resume(kept.listing.id) === undefined) kept.listing.supersede();
    return kept;
  }

  return {
    open: (siteId, call, { refresh = false, needed = [], isNextPage = false } = {}) =>
      // One after the other, so that concurrent calls get the same map.
      inTurn(siteId, call, async () => {
        const kept = fresh(siteId);
        const isStale = refresh || (kept?.listing.isSuperseded && !isNextPage);
        const isWanted = kept && !(isStale && kept.reading.isComplete);
        if (isWanted && needed.every((id) => kept.reading.seeks(id))) return keep(siteId, kept);
        const listing = listings.open(siteId);
        await listing.readUpTo(Number.POSITIVE_INFINITY, call);
        const newlyFound = needed.some((id) => listing.indexOf(id) !== undefined && !kept?.reading.seeks(id));
        if (isWanted && !newlyFound) return keep(siteId, kept);
        const assets = listing.entries.flatMap((entry) => entry ?? []);
        return keep(siteId, { listing, reading: createSiteReading(siteId, assets, parts) });
      }),
    ofFew: (siteId, assets) => createSiteReading(siteId, assets, parts),
    known(siteId, needed) {
      const kept = fresh(siteId);
      return kept && needed.every((id) => kept.reading.seeks(id)) ? kept.reading : undefined;
    },
  };
}

/** The map of a site, read on until `deadline` (since the epoch); undefined if not even its assets were listed. */
export async function readMap(
  maps: UsageMaps,
  siteId: string,
  wanted: WantedMap,
  call: CallContext,
  deadline: number,
): Promise<UsageMap | undefined> {
  const part = partOfCall(call, deadline);
  try {
    const map = await maps.open(siteId, part.call, wanted);
    await map.reading.readOn(part.call);
    return map;
  } catch (error) {
    if (call.signal.aborted || !isInterruption(error, part.call)) throw error;
    return undefined;
  } finally {
    part.stop();
  }
}

/** The listed assets that are among `ids`, if there are any, and in the folder or below it. */
export function assetsInScope(
  { entries }: AssetListing,
  ids: readonly string[],
  folder: PlacedFolder | undefined,
  tree: FolderTree | undefined,
): ListedAsset[] {
  const wanted = new Set(ids);
  const within = folder && tree?.idsWithin(folder.id);
  return entries
    .filter((asset) => asset !== undefined)
    .filter(({ id }) => wanted.size === 0 || wanted.has(id.toLowerCase()))
    .filter((asset) => !within || within.has(tree?.folderOf(asset)?.id ?? ""));
}
