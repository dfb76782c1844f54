import { type CallContext, sharedWork } from "../../core/call-context.js";
import type { Writable } from "../../core/writable.js";
import { createListingEntries, type ListedAsset, type ListingEntries } from "./listing-entries.js";
import { AT_THE_START, type ListPosition, type ReadPage, readRows } from "./page-reader.js";

/**
 * One reading of the assets of a site, or of a folder with all below it, in Webflow's order. It is read page by page,
 * as far as somebody has asked; an entry keeps its index for good, so that a walk never skips or repeats one.
 */
export interface AssetListing {
  readonly id: string;
  /** What has been read so far. An asset that is gone leaves its place empty. */
  readonly entries: readonly (ListedAsset | undefined)[];
  /** How many assets there are, read or not. 0 before the first page was read. */
  readonly total: number;
  readonly isComplete: boolean;
  /** Whether something changed while pages were in flight, so that some of them may show an earlier state. */
  readonly isOutdated: boolean;
  /** Whether reading failed half way, for instance at the rate limit; it continues from what was read. */
  readonly wasInterrupted: boolean;
  /** Why there may be assets that it does not show, as far as it was read. */
  readonly doubt: string | undefined;
  /** When the last page arrived, or when reading began: milliseconds since the epoch. */
  readonly readAt: number;
  /** Whether this server has since added something to the site, or changed texts that it shows. */
  readonly isSuperseded: boolean;
  /** Reads on until there are `count` entries, or all. Calls that ask at the same time share the reading. */
  readUpTo(count: number, call: CallContext): Promise<void>;
  /** The index of an asset that was read and is not gone. */
  indexOf(assetId: string): number | undefined;
  update(asset: ListedAsset): void;
  remove(assetId: string): void;
  supersede(): void;
}

/** How often a site that changes during the reading is read again. */
const ROUNDS = 3;

const NEVER_STOOD_STILL =
  "the site changed again and again while its assets were listed: some that are new may be missing, and some may be gone";

/** `now` returns the time in milliseconds since the epoch. */
export function createAssetListing(id: string, readPage: ReadPage, now: () => number): AssetListing {
  const entries = createListingEntries();
  let position: ListPosition = AT_THE_START;
  let isSteady = true;
  let reading: Promise<void> | undefined;

  async function readOn(count: number, call: CallContext): Promise<void> {
    const read = await readRows(readPage, position, position.rows + count - entries.all.length, call);
    for (const asset of read.assets) entries.put(asset);
    position = read.position;
    listing.readAt = now();
    isSteady &&= read.isSteady;
    if ("error" in read) throw read.error;
    if (!isSteady) {
      listing.doubt = await readWhole(entries, readPage, call);
      listing.isComplete = true;
    } else {
      listing.doubt ??= read.doubt;
      listing.isComplete = read.reachedEnd || position.rows >= (position.total ?? 0);
    }
    // The total may be too high for good, and include rows that are not assets.
    listing.total = listing.isComplete ? entries.size : (position.total ?? entries.size);
  }

  const listing: Writable<AssetListing> = {
    id,
    entries: entries.all,
    total: 0,
    isComplete: false,
    isOutdated: false,
    isSuperseded: false,
    wasInterrupted: false,
    doubt: undefined,
    readAt: now(),
    async readUpTo(count, call) {
      while (!listing.isComplete && entries.all.length < count) {
        if (reading !== undefined) await sharedWork(call, reading);
        else {
          // Until it has ended successfully.
          listing.wasInterrupted = true;
          reading = readOn(count, call).finally(() => {
            reading = undefined;
          });
          await reading;
          listing.wasInterrupted = false;
        }
      }
    },
    indexOf: entries.indexOf,
    update(asset) {
      if (reading !== undefined) listing.isOutdated = true;
      const index = entries.indexOf(asset.id);
      if (index === undefined) return;
      // Only listings show the folder.
      entries.put({ ...asset, folderId: asset.folderId ?? entries.all[index]?.folderId });
    },
    remove(assetId) {
      if (reading !== undefined) listing.isOutdated = true;
      if (!entries.remove(assetId)) return;
      listing.total -= 1;
      position = without(assetId, position);
    },
    supersede() {
      listing.isSuperseded = true;
    },
  };
  return listing;
}

/** Webflow's list is then one row shorter. */
function without(assetId: string, { rows, lastId, total, pageSize }: ListPosition): ListPosition {
  return {
    rows: rows - 1,
    lastId: lastId === assetId ? undefined : lastId,
    total: total === undefined ? undefined : total - 1,
    pageSize,
  };
}

/**
 * Reads everything again because the site changed between two pages: what was read keeps its place, and the rest
 * follows. If it keeps changing, the last of a few readings counts, and the result says what is in doubt.
 */
async function readWhole(entries: ListingEntries, readPage: ReadPage, call: CallContext) {
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
