import type { CallContext } from "../../core/call-context.js";
import type { Page } from "../../webflow/client.js";
import type { ListedAsset } from "./listing-entries.js";

/** What of a page of assets a listing needs. */
export interface ListedPage {
  readonly assets: readonly ListedAsset[];
  readonly pagination: { readonly total: number };
}

export type ReadPage = (page: Page, call: CallContext) => Promise<ListedPage>;

/** Pages that were read one behind the other, and why the next one could not be, if so. */
export interface PagesRead {
  readonly pages: ListedPage[];
  /** Whether an empty page came: nothing is behind it, whatever the total. */
  readonly reachedEnd: boolean;
  readonly error?: unknown;
}

/** Reads the pages of one listing, several at once. */
export interface PageReader {
  readFirst(call: CallContext): Promise<ListedPage>;
  /** The pages from one offset up to another, as far as they could be read. */
  readBetween(start: number, end: number, call: CallContext): Promise<PagesRead>;
}

/** Webflow: "List Assets", `limit`: at most 100. */
export const LISTING_PAGE_SIZE = 100;
/** How many pages are read at once to begin with; twice as many after each wave. */
const PAGES_AT_FIRST = 16;

export function createPageReader(readPage: ReadPage): PageReader {
  let pageSize = LISTING_PAGE_SIZE;

  return {
    async readFirst(call) {
      const first = await readPage({ offset: 0, limit: LISTING_PAGE_SIZE }, call);
      const { length } = first.assets;
      // A server may return smaller pages than it was asked for.
      if (length > 0 && length < first.pagination.total) pageSize = length;
      return first;
    },

    async readBetween(start, end, call) {
      const pages: ListedPage[] = [];
      // The total is what the server claims: it is believed as long as pages come that hold something.
      for (let offset = start, wave = PAGES_AT_FIRST; offset < end; offset += wave * pageSize, wave *= 2) {
        const count = Math.min(wave, Math.ceil((end - offset) / pageSize));
        const outcomes = await Promise.allSettled(
          Array.from({ length: count }, (_, index) =>
            readPage({ offset: offset + index * pageSize, limit: pageSize }, call),
          ),
        );
        for (const outcome of outcomes) {
          if (outcome.status === "rejected") return { pages, reachedEnd: false, error: outcome.reason };
          pages.push(outcome.value);
        }
        if (pages.at(-1)?.assets.length === 0) return { pages, reachedEnd: true };
      }
      return { pages, reachedEnd: false };
    },
  };
}
