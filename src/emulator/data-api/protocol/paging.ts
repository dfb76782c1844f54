import type { EmulatorSwitches } from "../../behaviour/switches.js";
import type { Reply } from "../../http/exchange.js";
import { validationError } from "./replies.js";

export const LARGEST_PAGE = 100;

/** The pagination block of a list's answer. */
export function pagination(page: Page, total: number, { totalsTooHigh, totalsCount }: EmulatorSwitches) {
  const rows = Math.max(0, Math.min(page.limit, total - page.offset));
  return {
    limit: page.limit,
    offset: page.offset,
    total: (totalsCount === "page" ? rows : total) + totalsTooHigh,
  };
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Most lists: offset and limit as the query asks for them, or the answer that refuses them. */
export function readListPage(
  query: URLSearchParams,
  { largeLimit }: EmulatorSwitches,
  defaultLimit = LARGEST_PAGE,
): Page | Reply {
  const page = readPage(query, defaultLimit);
  if (!page) return validationError("offset and limit must be whole numbers");
  if (page.limit <= LARGEST_PAGE) return page;
  if (largeLimit === "reject") return validationError(`limit must be at most ${LARGEST_PAGE}`);
  return { ...page, limit: LARGEST_PAGE };
}

export function isRefusal(page: Page | Reply): page is Reply {
  return "status" in page;
}

/** Offset and limit as a query asks for them; undefined when one of them is no whole number. */
export function readPage(query: URLSearchParams, defaultLimit: number): Page | undefined {
  const offset = query.get("offset") ?? "0";
  const limit = query.get("limit") ?? String(defaultLimit);
  if (!/^\d{1,9}$/.test(offset) || !/^\d{1,9}$/.test(limit)) return undefined;
  return { offset: Number(offset), limit: Number(limit) };
}
