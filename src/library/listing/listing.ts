import { abortable, type CallContext } from "../../core/call-context.js";
import { createListingEntries, type ListedAsset, type ListingEntries } from "./listing-entries.js";
import { AT_THE_START, type ListPosition, type ReadPage, readRows } from "./page-reader.js";

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
  /** Why there may be assets that it does not tell, as far as it was read. */
  readonly doubt: string | undefined;
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

const NEVER_STOOD_STILL =
  "the site changed again and again while its assets were listed: some that are new may be missing, and some may be gone";

/** `now` tells the time in milliseconds since the epoch. */
export function createAssetListing(id: string, readPage: ReadPage, now: () => number): AssetListing {
  const entries = createListingEntries();
  let position: ListPosition = AT_THE_START;
  let total = 0;
  let isComplete = false;
  let isSteady = true;
  let isOutdated = false;
  let wasInterrupted = false;
  let doubt: string | undefined;
  let readAt = now();
  let reading: Promise<void> | undefined;

  async function readOn(count: number, call: CallContext): Promise<void> {
    const read = await readRows(readPage, position, position.rows + count - entries.all.length, call);
    for (const asset of read.assets) entries.put(asset);
    position = read.position;
    readAt = now();
    isSteady &&= read.isSteady;
    if ("error" in read) throw read.error;
    if (!isSteady) {
      doubt = await readWhole(entries, readPage, call);
      isComplete = true;
    } else {
      doubt ??= read.doubt;
      isComplete = read.reachedEnd || position.rows >= (position.total ?? 0);
    }
    // The total may be too high for good, and counts what is no asset.
    total = isComplete ? entries.size : (position.total ?? entries.size);
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
    get doubt() {
      return doubt;
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
      if (!entries.remove(assetId)) return;
      total -= 1;
      position = without(assetId, position);
    },
  };
}

/** Webflow's list is one row shorter then. */
function without(assetId: string, { rows, lastId, total, pageSize }: ListPosition): ListPosition {
  return {
    rows: rows - 1,
    lastId: lastId === assetId ? undefined : lastId,
    total: total === undefined ? undefined : total - 1,
    pageSize,
  };
}

/**
 * Reads everything anew because something was added or removed between two pages: what was read before keeps its place,
 * the rest comes behind it. A site that goes on changing is read a few times, and what was seen then counts: the result
 * is what to doubt.
 */
async function readWhole(
  entries: ListingEntries,
  readPage: ReadPage,
  call: CallContext,
): Promise<string | undefined> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const read = await readRows(readPage, AT_THE_START, Number.POSITIVE_INFINITY, call);
    if ("error" in read) throw read.error;
    for (const asset of read.assets) entries.put(asset);
    if (!read.isSteady) continue;
    entries.keepOnly(new Set(read.assets.map((asset) => asset.id)));
    return read.doubt;
  }
  return NEVER_STOOD_STILL;
}
