import { abortable, type CallContext } from "../../core/call-context.js";
import type { Page } from "../../webflow/client.js";
import type { Asset, AssetPage } from "../../webflow/responses.js";

/** What a listing keeps of each asset. */
export type ListedAsset = Pick<
  Asset,
  "id" | "displayName" | "originalFileName" | "contentType" | "size" | "hostedUrl" | "altText" | "folderId"
>;

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

/** Webflow: "List Assets", `limit`: at most 100. */
export const LISTING_PAGE_SIZE = 100;
/** How many pages are read at once to begin with; twice as many after each wave. */
const PAGES_AT_FIRST = 16;
/** How often a site that changes while it is read is read anew. */
const ROUNDS = 3;

type ReadPage = (page: Page, call: CallContext) => Promise<AssetPage>;

/** `now` tells the time in milliseconds since the epoch. */
export function createAssetListing(id: string, readPage: ReadPage, now: () => number): AssetListing {
  const entries: (ListedAsset | undefined)[] = [];
  const indexes = new Map<string, number>();
  let total = 0;
  let pageSize = LISTING_PAGE_SIZE;
  let isComplete = false;
  let isOutdated = false;
  let wasInterrupted = false;
  let readAt = now();
  let reading: Promise<void> | undefined;

  function put(asset: ListedAsset): void {
    const index = indexes.get(asset.id) ?? entries.length;
    indexes.set(asset.id, index);
    entries[index] = reduced(asset);
  }

  function remove(assetId: string): void {
    const index = indexes.get(assetId);
    if (index === undefined) return;
    indexes.delete(assetId);
    entries[index] = undefined;
    total -= 1;
  }

  async function readFirst(call: CallContext): Promise<AssetPage> {
    const first = await readPage({ offset: 0, limit: LISTING_PAGE_SIZE }, call);
    const { length } = first.assets;
    // A server may give smaller pages than it was asked for.
    if (length > 0 && length < first.pagination.total) pageSize = length;
    return first;
  }

  /** The pages in between, up to the first that could not be read, and why it could not. */
  async function readPages(start: number, end: number, call: CallContext): Promise<PagesRead> {
    const pages: AssetPage[] = [];
    // The total is what the server claims: it is believed as long as pages come that hold something.
    for (let offset = start, wave = PAGES_AT_FIRST; offset < end; offset += wave * pageSize, wave *= 2) {
      const count = Math.min(wave, Math.ceil((end - offset) / pageSize));
      const outcomes = await Promise.allSettled(
        Array.from({ length: count }, (_, index) =>
          readPage({ offset: offset + index * pageSize, limit: pageSize }, call),
        ),
      );
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") return { pages, error: outcome.reason };
        pages.push(outcome.value);
      }
      if (pages.at(-1)?.assets.length === 0) break;
    }
    return { pages };
  }

  async function readOn(count: number, call: CallContext): Promise<void> {
    const pages: AssetPage[] = [];
    if (entries.length === 0) {
      const first = await readFirst(call);
      total = first.pagination.total;
      pages.push(first);
    }
    const start = indexes.size + (pages[0]?.assets.length ?? 0);
    const end = Math.min(total, indexes.size + count - entries.length);
    const rest = await readPages(start, end, call);
    pages.push(...rest.pages);

    const assets = pages.flatMap((page) => page.assets);
    const expected = Math.max(end, indexes.size + assets.length);
    for (const asset of assets) put(asset);
    readAt = now();
    if ("error" in rest) throw rest.error;
    const isSteady = pages.every((page) => page.pagination.total === total) && indexes.size === expected;
    if (isSteady) isComplete = indexes.size >= total;
    else await readWhole(call);
  }

  /** Something was added or removed between two pages: what was read keeps its place, the rest comes behind it. */
  async function readWhole(call: CallContext): Promise<void> {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const first = await readFirst(call);
      const rest = await readPages(first.assets.length, first.pagination.total, call);
      if ("error" in rest) throw rest.error;
      const pages = [first, ...rest.pages];
      const seen = new Set<string>();
      for (const asset of pages.flatMap((page) => page.assets)) {
        seen.add(asset.id);
        put(asset);
      }
      const isSteady = pages.every((page) => page.pagination.total === seen.size);
      if (isSteady) {
        for (const known of [...indexes.keys()]) if (!seen.has(known)) remove(known);
        break;
      }
    }
    total = indexes.size;
    isComplete = true;
  }

  return {
    id,
    entries,
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
      while (!isComplete && entries.length < count) {
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
    indexOf: (assetId) => indexes.get(assetId),
    update(asset) {
      if (reading !== undefined) isOutdated = true;
      const index = indexes.get(asset.id);
      if (index === undefined) return;
      // Only a listing tells the folder.
      put({ ...asset, folderId: asset.folderId ?? entries[index]?.folderId });
    },
    remove(assetId) {
      if (reading !== undefined) isOutdated = true;
      remove(assetId);
    },
  };
}

type PagesRead = { readonly pages: AssetPage[]; readonly error?: unknown };

function reduced(asset: ListedAsset): ListedAsset {
  const { id, displayName, originalFileName, contentType, size, hostedUrl, altText, folderId } = asset;
  return { id, displayName, originalFileName, contentType, size, hostedUrl, altText, folderId };
}
