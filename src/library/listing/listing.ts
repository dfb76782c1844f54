import { abortable, type CallContext } from "../../core/call-context.js";
import { createListingEntries, type ListedAsset, type ListingEntries } from "./listing-entries.js";
import { createPageReader, type ListedPage, type PageReader, type ReadPage } from "./page-reader.js";

/**
 * One reading of the assets of a site, or of a folder with all below it, in Webflow's order. It is read page by page
 * as far as somebody asked; an entry keeps its index for good, so that a walk never skips or doubles one.
 */
export interface AssetListing {
  readonly id: string;
  /** What was read so far. An asset that is gone leaves its place empty. */
  readonly entries: readonly (ListedAsset | undefined)[];
  /** How many assets there are, read or not. 0 before the first page was read. */
  readonly total: number;
  readonly isComplete: boolean;
  /** Whether a change came while pages were on their way, so that some may tell of the time before it. */
  readonly isOutdated: boolean;
  /** Whether reading it failed half way, for instance at the rate limit. What was read is kept, to go on from there. */
  readonly wasInterrupted: boolean;
  /** When the last page came, or when it was begun: milliseconds since the epoch. */
  readonly readAt: number;
  /** Reads on until `count` entries are there, or all. Calls that ask at the same time share the reading. */
  readUpTo(count: number, call: CallContext): Promise<void>;
  /** The index of an asset that was read and is not gone. */
  indexOf(assetId: string): number | undefined;
  update(asset: ListedAsset): void;
  remove(assetId: string): void;
}

/** How often a site that changes while it is read is read anew. */
const ROUNDS = 3;

/** `now` tells the time in milliseconds since the epoch. */
export function createAssetListing(id: string, readPage: ReadPage, now: () => number): AssetListing {
  const entries = createListingEntries();
  const reader = createPageReader(readPage);
  let total = 0;
  let isComplete = false;
  let isOutdated = false;
  let wasInterrupted = false;
  let readAt = now();
  let reading: Promise<void> | undefined;

  async function readOn(count: number, call: CallContext): Promise<void> {
    const pages: ListedPage[] = [];
    if (entries.all.length === 0) {
      const first = await reader.readFirst(call);
      total = first.pagination.total;
      pages.push(first);
    }
    const start = entries.size + (pages[0]?.assets.length ?? 0);
    const end = Math.min(total, entries.size + count - entries.all.length);
    const rest = await reader.readBetween(start, end, call);
    pages.push(...rest.pages);

    const assets = pages.flatMap((page) => page.assets);
    const sizeWithThese = entries.size + assets.length;
    const expected = rest.reachedEnd ? sizeWithThese : Math.max(end, sizeWithThese);
    for (const asset of assets) entries.put(asset);
    readAt = now();
    if ("error" in rest) throw rest.error;
    const isSteady = pages.every((page) => page.pagination.total === total) && entries.size === expected;
    if (isSteady && rest.reachedEnd) {
      // The total may be too high for good.
      total = entries.size;
    } else if (!isSteady) {
      await readWhole(entries, reader, call);
      total = entries.size;
    }
    isComplete = entries.size >= total;
  }

  return {
    id,
    entries: entries.all,
    get total() {
      return total;
    },
    get isComplete() {
      return isComplete;
    },
    get isOutdated() {
      return isOutdated;
    },
    get wasInterrupted() {
      return wasInterrupted;
    },
    get readAt() {
      return readAt;
    },
    async readUpTo(count, call) {
      while (!isComplete && entries.all.length < count) {
        if (reading !== undefined) {
          // The call that reads for all of us may only have been cancelled: then the next round reads on our own.
          await abortable(call, reading).catch((error) => {
            if (call.signal.aborted) throw error;
          });
        } else {
          // Until it has ended well.
          wasInterrupted = true;
          reading = readOn(count, call).finally(() => {
            reading = undefined;
          });
          await reading;
          wasInterrupted = false;
        }
      }
    },
    indexOf: entries.indexOf,
    update(asset) {
      if (reading !== undefined) isOutdated = true;
      const index = entries.indexOf(asset.id);
      if (index === undefined) return;
      // Only a listing tells the folder.
      entries.put({ ...asset, folderId: asset.folderId ?? entries.all[index]?.folderId });
    },
    remove(assetId) {
      if (reading !== undefined) isOutdated = true;
      if (entries.remove(assetId)) total -= 1;
    },
  };
}

/**
 * Reads everything anew because something was added or removed between two pages: what was read before keeps its place,
 * the rest comes behind it. A site that goes on changing is read a few times, and what was seen then counts.
 */
async function readWhole(entries: ListingEntries, reader: PageReader, call: CallContext): Promise<void> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const first = await reader.readFirst(call);
    const rest = await reader.readBetween(first.assets.length, first.pagination.total, call);
    if ("error" in rest) throw rest.error;
    const pages = [first, ...rest.pages];
    const seen = new Set<string>();
    for (const asset of pages.flatMap((page) => page.assets)) {
      seen.add(asset.id);
      entries.put(asset);
    }
    const { total } = first.pagination;
    const claimed = pages.every((page) => page.pagination.total === total);
    const isSteady = claimed && (rest.reachedEnd ? seen.size === countOf(pages) : seen.size === total);
    if (isSteady) return entries.keepOnly(seen);
  }
}

function countOf(pages: readonly ListedPage[]): number {
  return pages.reduce((sum, page) => sum + page.assets.length, 0);
}
