import type { CallContext } from "../../core/call-context.js";
import { believedTotal } from "../../webflow/data-api/believed-total.js";
import type { Page } from "../../webflow/data-api/client.js";
import type { ListedAsset } from "./listing-entries.js";

/** What a listing needs of a page of assets. */
export interface ListedPage {
  readonly assets: readonly ListedAsset[];
  /** How many rows came, including those that are not assets. */
  readonly rows: number;
  /** How many there are in total, if the server says so. */
  readonly total: number | undefined;
  /** Why there may be more than can be read. */
  readonly doubt?: string | undefined;
}

export type ReadPage = (page: Page, call: CallContext) => Promise<ListedPage>;

/** How far a listing has been read. */
export interface ListPosition {
  /** Rows read, including those that are not assets. */
  readonly rows: number;
  /** The asset in the last of these rows, if known: the next page begins with it. */
  readonly lastId: string | undefined;
  /** The total that the first page claimed, for as long as it can be true. */
  readonly total: number | undefined;
  /** Rows per page; a server may return fewer than it was asked for. */
  readonly pageSize: number;
}

/** Webflow: "List Assets", `limit`: at most 100. */
export const LISTING_PAGE_SIZE = 100;
export const AT_THE_START: ListPosition = {
  rows: 0,
  lastId: undefined,
  total: undefined,
  pageSize: LISTING_PAGE_SIZE,
};

/** What was read from a position on, as far as that was possible. */
export interface RowsRead {
  readonly assets: readonly ListedAsset[];
  readonly position: ListPosition;
  /** Whether nothing follows, whatever the total says. */
  readonly reachedEnd: boolean;
  /** Whether each page began where the last ended and claimed the same total; if not, the site has changed. */
  readonly isSteady: boolean;
  readonly doubt: string | undefined;
  /** Why the next page could not be read. */
  readonly error?: unknown;
}

/** How many pages are read at once at first; twice as many after each wave. */
const PAGES_AT_FIRST = 16;

const SAME_PAGE =
  "Webflow answered every offset with the same full page and reported no total: there may be more assets than were listed";

/**
 * Reads on from a position until this many rows have been read, or all of them if the server gives no total.
 *
 * Where it costs no extra page, each page begins with the last row of the one before: if an asset was removed before
 * it while another was added after it, which leaves the total unchanged, a different row shows up there.
 */
export async function readRows(
  readPage: ReadPage,
  from: ListPosition,
  upTo: number,
  call: CallContext,
): Promise<RowsRead> {
  const reading = begin(from);
  try {
    if (from.rows === 0) reading.take(await readPage({ offset: 0, limit: LISTING_PAGE_SIZE }, call), 0);
    if (reading.result().position.total !== undefined) await readInWaves(readPage, reading, upTo, call);
    if (reading.result().position.total === undefined) await readToTheEnd(readPage, reading, call);
    return reading.result();
  } catch (error) {
    return { ...reading.result(), error };
  }
}

interface Reading {
  /** `overlap`: how many rows of the previous page it was asked to repeat. */
  take(page: ListedPage, overlap: number): void;
  result(): RowsRead;
}

function begin(from: ListPosition): Reading {
  const assets: ListedAsset[] = [];
  const seen = new Set<string>();
  let { rows, lastId, total, pageSize } = from;
  let isSteady = true;
  let reachedEnd = false;
  let doubt: string | undefined;

  /** Without a total, the list ends with a page that is shorter than others, or that only repeats what was read. */
  function takeWithoutTotal(page: ListedPage, fresh: number): void {
    reachedEnd ||= fresh === 0 || page.rows < pageSize;
    if (fresh === 0 && page.rows === LISTING_PAGE_SIZE && page.total !== seen.size) doubt ??= SAME_PAGE;
  }

  function compare(page: ListedPage, fresh: number, overlap: number): void {
    const firstId = page.rows === page.assets.length ? page.assets[0]?.id : undefined;
    const isJoined = overlap === 0 || lastId === undefined || firstId === undefined || firstId === lastId;
    const hasSameTotal = total === undefined || page.total === undefined || page.total === total;
    isSteady &&= isJoined && hasSameTotal && page.assets.length - fresh <= overlap;
  }

  function takeFirst(page: ListedPage): void {
    total = page.total;
    const isWhole = total !== undefined && page.rows >= total;
    if (page.rows > 0 && !isWhole) pageSize = Math.min(page.rows, LISTING_PAGE_SIZE);
    reachedEnd = page.rows === 0;
  }

  function take(page: ListedPage, overlap: number): void {
    const fresh = page.assets.filter(({ id }) => id !== lastId && !seen.has(id));
    if (rows === 0) takeFirst(page);
    else {
      const onlyRepeats = total === undefined && fresh.length === 0;
      if (!onlyRepeats) compare(page, fresh.length, overlap);
      if (total === undefined) takeWithoutTotal(page, fresh.length);
    }
    const added = page.rows - overlap;
    reachedEnd ||= added <= 0;
    doubt ??= page.doubt;
    for (const asset of page.assets) seen.add(asset.id);
    assets.push(...fresh);
    rows += Math.max(0, added);
    total = believedTotal(total, rows);
    if (page.rows > 0) lastId = page.rows === page.assets.length ? page.assets.at(-1)?.id : undefined;
  }

  return {
    take,
    result: () => ({ assets, position: { rows, lastId, total, pageSize }, reachedEnd, isSteady, doubt }),
  };
}

/** How many rows of the previous page each page repeats: one, unless that would cost an extra page. */
function overlapFor(rowsLeft: number, limit: number): 0 | 1 {
  return limit > 1 && Math.ceil(rowsLeft / (limit - 1)) === Math.ceil(rowsLeft / limit) ? 1 : 0;
}

async function readToTheEnd(readPage: ReadPage, reading: Reading, call: CallContext): Promise<void> {
  for (;;) {
    const { position, reachedEnd } = reading.result();
    if (reachedEnd) return;
    const overlap = Math.min(1, position.pageSize - 1);
    const offset = position.rows - overlap;
    reading.take(await readPage({ offset, limit: LISTING_PAGE_SIZE }, call), overlap);
  }
}

/** The total is what the server claims: it is believed for as long as pages with content come. */
async function readInWaves(readPage: ReadPage, reading: Reading, upTo: number, call: CallContext) {
  for (let wave = PAGES_AT_FIRST; ; wave *= 2) {
    const { position, reachedEnd } = reading.result();
    const { rows, total, pageSize: limit } = position;
    if (reachedEnd || total === undefined) return;
    const left = Math.min(upTo, total) - rows;
    if (left <= 0) return;
    const overlap = overlapFor(left, limit);
    const step = limit - overlap;
    const outcomes = await Promise.allSettled(
      Array.from({ length: Math.min(wave, Math.ceil(left / step)) }, (_, index) =>
        readPage({ offset: rows - overlap + index * step, limit }, call),
      ),
    );
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") throw outcome.reason;
      reading.take(outcome.value, overlap);
    }
  }
}
