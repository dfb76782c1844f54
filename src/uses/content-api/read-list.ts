import type { CallContext } from "../../core/call-context.js";
import type { Writable } from "../../core/writable.js";
import { believedTotal } from "../../webflow/data-api/believed-total.js";
import type { ListRequest } from "../../webflow/data-api/content-client.js";
import type { ListPage } from "../../webflow/data-api/content-responses.js";

/** A list of the Data API that is read page by page, and resumes where it was interrupted. */
export interface ListReading {
  /** Reads to the end; each entry is passed on once. */
  read(call: CallContext): Promise<void>;
  /** Entries that do not match Webflow's documentation. */
  readonly unreadable: number;
  /** Whether the list kept changing while it was read: something may have slipped through. */
  readonly hasMoved: boolean;
  /** Whether every offset returned the same full page, without a total: there may be more. */
  readonly mayHoldMore: boolean;
  /** Entries that were passed on. */
  readonly count: number;
  /** Calls that are still needed, as far as is known. */
  readonly callsLeft: number;
}

/** Webflow: at most 100. */
const PAGE_SIZE = 100;
/** How often a list that changes meanwhile is read. */
const MOST_ROUNDS = 3;
/** More than any list of Webflow's has: a bound for one that would never end. */
const MOST_PAGES = 2_000;

/** `idOf` identifies entries; without an id, each one counts. */
export function createListReading<Entry>(
  readPage: (list: ListRequest, call: CallContext) => Promise<ListPage<Entry>>,
  idOf: (entry: Entry) => string | undefined,
  onEntry: (entry: Entry) => void,
): ListReading {
  const seen = new Set<string>();
  let inThisRound = new Set<string>();
  let round = 1;
  let offset = 0;
  let pages = 0;
  let total: number | undefined;
  let isSteady = true;
  let pageBefore = "";

  /** Whether the entry was new. */
  function passOn(entry: Entry): boolean {
    const id = idOf(entry);
    if (id !== undefined && inThisRound.has(id)) isSteady = false;
    const isNew = id === undefined ? round === 1 : !seen.has(id);
    if (id !== undefined) {
      inThisRound.add(id);
      seen.add(id);
    }
    if (!isNew) return false;
    list.count += 1;
    onEntry(entry);
    return true;
  }

  /** Whether that was the last page of this round. */
  function take(page: ListPage<Entry>): boolean {
    if (total !== undefined && page.total !== undefined && page.total !== total) isSteady = false;
    const claimed = page.total ?? total;
    if (round === 1) list.unreadable += page.unreadable;
    const length = page.entries.length + page.unreadable;
    const added = page.entries.filter(passOn).length;
    offset += length;
    pages += 1;
    total = believedTotal(claimed, offset);
    if (length === 0 || pages >= MOST_PAGES) return true;
    if (total !== undefined) return offset >= total;
    // Without a total, a page that is not full is the last, and a page that only repeats is the same one again.
    const isRepeated = added === 0 || isAsBefore(page.entries);
    isSteady ||= isRepeated;
    list.mayHoldMore ||= isRepeated && length === PAGE_SIZE && round === 1 && claimed !== list.count;
    return length !== PAGE_SIZE || isRepeated;
  }

  /** Entries without an id are all new to `hand`. */
  function isAsBefore(entries: readonly Entry[]): boolean {
    const text = JSON.stringify(entries);
    const isSame = text === pageBefore;
    pageBefore = text;
    return isSame;
  }

  const list: Writable<ListReading> = {
    unreadable: 0,
    hasMoved: false,
    mayHoldMore: false,
    count: 0,
    async read(call) {
      for (;;) {
        const isLast = take(await readPage({ offset, limit: PAGE_SIZE }, call));
        if (!isLast) continue;
        if (isSteady) return;
        if (round === MOST_ROUNDS) {
          list.hasMoved = true;
          return;
        }
        round += 1;
        inThisRound = new Set();
        offset = 0;
        total = undefined;
        isSteady = true;
      }
    },
    get callsLeft() {
      return Math.max(1, Math.ceil(((total ?? 0) - offset) / PAGE_SIZE));
    },
  };
  return list;
}
