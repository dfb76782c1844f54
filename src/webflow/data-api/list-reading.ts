import type { CallContext } from "../../core/call-context.js";
import type { Writable } from "../../core/writable.js";
import type { Page } from "./client.js";
import type { ListPage } from "./lenient.js";

/** A list of the Data API. */
export interface ListSource<Entry> {
  readonly readPage: (page: Page, call: CallContext) => Promise<ListPage<Entry>>;
  /** Identifies entries; one without an id counts as new wherever it comes. */
  readonly idOf: (entry: Entry) => string | undefined;
  /** Whether pages are requested side by side once the total is known; one after the other if left out. */
  readonly inWaves?: boolean;
}

/** One reading of a list, page by page; it goes on where it was interrupted. */
export interface ListReading {
  /**
   * Reads on until this many rows have been read, or all of them if the server gives no total. Rejects if a page cannot
   * be read; what came before it counts.
   */
  readUpTo(rows: number, call: CallContext): Promise<void>;
  /** Rows read, including those that do not match Webflow's documentation. */
  readonly rows: number;
  /** Those that do not. */
  readonly unreadable: number;
  /** The total that the first page claimed, for as long as it can be true. */
  readonly total: number | undefined;
  readonly isComplete: boolean;
  /** Whether each page began where the last ended and claimed the same total; if not, the list has changed. */
  readonly isSteady: boolean;
  /** Whether every offset returned the same full page, without a total: there may be more. */
  readonly mayHoldMore: boolean;
  /** An entry that was read is gone: the list is one row shorter. */
  noteRemoved(id: string): void;
}

/** Webflow: every list of the Data API has at most 100 rows a page. */
export const LARGEST_PAGE = 100;
/** How many pages are read at once at first; twice as many after each wave. */
const PAGES_AT_FIRST = 16;
/** More than any list of Webflow's has: a bound for one that would never end. */
const MOST_ROWS = 200_000;

/**
 * `onEntry` is called with each entry once, in the order of the list. The total is believed for as long as pages with
 * content come; without one, the list ends with a page that is shorter than the first, or that only repeats what came.
 *
 * Where it costs no extra page, each page begins with the last row of the one before: if a row was removed before it
 * while another was added after it, which leaves the total unchanged, a different row shows up there.
 */
export function createListReading<Entry>(
  source: ListSource<Entry>,
  onEntry: (entry: Entry) => void,
): ListReading {
  const { readPage, idOf, inWaves = false } = source;
  const seen = new Set<string>();
  const isRepetition = createRepetitionCheck(idOf);
  let passedOn = 0;
  /** The id in the last row, if known. */
  let lastId: string | undefined;
  /** A server may return fewer rows than it was asked for. */
  let pageSize = LARGEST_PAGE;

  function passOn(entry: Entry): void {
    const id = idOf(entry);
    if (id !== undefined) seen.add(id);
    passedOn += 1;
    onEntry(entry);
  }

  function isJoined({ entries: [first], unreadable }: ListPage<Entry>): boolean {
    const firstId = first && unreadable === 0 ? idOf(first) : undefined;
    return firstId === undefined || lastId === undefined || firstId === lastId;
  }

  /** `overlap`: how many rows of the previous page it was asked to repeat. */
  function take(page: ListPage<Entry>, overlap: number): void {
    const { entries, unreadable, total } = page;
    const rows = entries.length + unreadable;
    const fresh = isRepetition(entries) ? [] : entries.filter((entry) => !seen.has(idOf(entry) ?? ""));
    const onlyRepeats = fresh.length === 0 && entries.length > overlap;
    if (list.rows === 0) {
      list.total = total;
      if (rows > 0 && rows < (total ?? Number.POSITIVE_INFINITY)) pageSize = Math.min(rows, LARGEST_PAGE);
    } else {
      if (list.total === undefined && onlyRepeats)
        list.mayHoldMore ||= rows === LARGEST_PAGE && total !== passedOn;
      else
        list.isSteady &&=
          (overlap === 0 || isJoined(page)) &&
          (total ?? list.total) === (list.total ?? total) &&
          entries.length - fresh.length <= overlap;
      list.isComplete ||= list.total === undefined && rows < pageSize;
    }
    list.rows += Math.max(0, rows - overlap);
    list.unreadable += unreadable;
    list.total = believedTotal(list.total, list.rows);
    list.mayHoldMore ||= list.rows >= MOST_ROWS;
    list.isComplete ||=
      rows <= overlap || onlyRepeats || list.rows >= Math.min(MOST_ROWS, list.total ?? MOST_ROWS);
    fresh.forEach(passOn);
    const last = unreadable === 0 ? entries.at(-1) : undefined;
    if (rows > 0) lastId = last && idOf(last);
  }

  const list: Writable<ListReading> = {
    rows: 0,
    unreadable: 0,
    total: undefined,
    isComplete: false,
    isSteady: true,
    mayHoldMore: false,
    async readUpTo(upTo, call) {
      if (list.rows === 0) take(await readPage({ offset: 0, limit: LARGEST_PAGE }, call), 0);
      for (let wave = inWaves ? PAGES_AT_FIRST : 1; !list.isComplete; wave *= inWaves ? 2 : 1) {
        const end = list.total === undefined ? Number.POSITIVE_INFINITY : Math.min(upTo, list.total);
        const left = end - list.rows;
        if (left <= 0) return;
        // Rows without ids could not be told apart from those that were read.
        const mayOverlap = inWaves ? seen.size > 0 : lastId !== undefined;
        const overlap = mayOverlap ? overlapFor(left, pageSize) : 0;
        const first = list.rows - overlap;
        const step = pageSize - overlap;
        const pages = list.total === undefined ? 1 : Math.min(wave, Math.ceil(left / step));
        const outcomes = await Promise.allSettled(
          Array.from({ length: pages }, (_, index) =>
            readPage({ offset: first + index * step, limit: pageSize }, call),
          ),
        );
        for (const outcome of outcomes) {
          if (outcome.status === "rejected") throw outcome.reason;
          take(outcome.value, overlap);
        }
      }
    },
    noteRemoved(id) {
      seen.delete(id);
      if (lastId === id) lastId = undefined;
      list.rows -= 1;
      if (list.total !== undefined) list.total -= 1;
    },
  };
  return list;
}

/** Whether a page is exactly the one before. Ids show it better, but only where all entries have one. */
function createRepetitionCheck<Entry>(idOf: (entry: Entry) => string | undefined) {
  let before = "[]";
  return (entries: readonly Entry[]): boolean => {
    if (entries.every((entry) => idOf(entry) !== undefined)) return false;
    const text = JSON.stringify(entries);
    const isSame = text === before;
    before = text;
    return isSame;
  };
}

/**
 * The total that a list's answer claims, if it can be one. Undefined once more rows have come than it claims, and for
 * a first page that is full and claims to be all: that may be the count of the page, as in the examples of Webflow's
 * documentation (`"limit": 2, "total": 2`). `rows` are those read so far, with the page that came last.
 */
function believedTotal(claimed: number | undefined, rows: number): number | undefined {
  if (claimed === undefined || claimed < rows) return undefined;
  return claimed === rows && rows === LARGEST_PAGE ? undefined : claimed;
}

/** How many rows of the previous page each page repeats: one, unless that would cost an extra page. */
function overlapFor(rowsLeft: number, limit: number): 0 | 1 {
  return limit > 1 && Math.ceil(rowsLeft / (limit - 1)) === Math.ceil(rowsLeft / limit) ? 1 : 0;
}
