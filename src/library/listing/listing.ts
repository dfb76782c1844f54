import { type CallContext, sharedWork } from "../../core/call-context.js";
import type { Writable } from "../../core/writable.js";
import type { Page } from "../../webflow/data-api/client.js";
import type { ListPage } from "../../webflow/data-api/lenient.js";
import { createListReading, type ListSource } from "../../webflow/data-api/list-reading.js";
import { createListingEntries, type ListedAsset, type ListingEntries } from "./listing-entries.js";

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
  /** The asset, if it was read and is not gone. */
  get(assetId: string): ListedAsset | undefined;
  update(asset: ListedAsset): void;
  remove(assetId: string): void;
  supersede(): void;
}

/** A page of a listing, and why there may be more than it can ever show. */
export type ReadPage = (
  page: Page,
  call: CallContext,
) => Promise<ListPage<ListedAsset> & { readonly doubt?: string | undefined }>;

/** How often a site that changes during the reading is read again. */
const ROUNDS = 3;

const SAME_PAGE =
  "Webflow answered every offset with the same full page and reported no total: there may be more assets than were listed";
const NEVER_STOOD_STILL =
  "the site changed again and again while its assets were listed: some that are new may be missing, and some may be gone";

/** `now` returns the time in milliseconds since the epoch. */
export function createAssetListing(id: string, readPage: ReadPage, now: () => number): AssetListing {
  const entries = createListingEntries();
  const source: ListSource<ListedAsset> = {
    async readPage(page, call) {
      const answer = await readPage(page, call);
      listing.doubt ??= answer.doubt;
      return answer;
    },
    idOf: (asset) => asset.id,
    inWaves: true,
  };
  const list = createListReading(source, entries.put);
  let reading: Promise<void> | undefined;

  async function readOn(count: number, call: CallContext): Promise<void> {
    try {
      await list.readUpTo(list.rows + count - entries.all.length, call);
    } finally {
      listing.readAt = now();
    }
    if (list.mayHoldMore) listing.doubt ??= SAME_PAGE;
    if (!list.isSteady) listing.doubt = await readWhole(entries, source, call);
    listing.isComplete = list.isComplete || !list.isSteady;
    // The total may be too high for good, and include rows that are not assets.
    listing.total = listing.isComplete ? entries.size : (list.total ?? entries.size);
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
    get: entries.get,
    update(asset) {
      if (reading !== undefined) listing.isOutdated = true;
      const before = entries.get(asset.id);
      // Only listings show the folder.
      if (before) entries.put({ ...asset, folderId: asset.folderId ?? before.folderId });
    },
    remove(assetId) {
      if (reading !== undefined) listing.isOutdated = true;
      if (!entries.remove(assetId)) return;
      listing.total -= 1;
      list.noteRemoved(assetId);
    },
    supersede() {
      listing.isSuperseded = true;
    },
  };
  return listing;
}

/**
 * Reads everything again because the site changed between two pages: what was read keeps its place, and the rest
 * follows. If it keeps changing, the last of a few readings counts. Resolves to what is in doubt.
 */
async function readWhole(entries: ListingEntries, source: ListSource<ListedAsset>, call: CallContext) {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const ids = new Set<string>();
    const list = createListReading(source, (asset) => {
      ids.add(asset.id);
      entries.put(asset);
    });
    await list.readUpTo(Number.POSITIVE_INFINITY, call);
    if (!list.isSteady) continue;
    entries.keepOnly(ids);
    return list.mayHoldMore ? SAME_PAGE : undefined;
  }
  return NEVER_STOOD_STILL;
}
