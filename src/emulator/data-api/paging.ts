import type { EmulatorSwitches } from "../switches.js";

export const LARGEST_PAGE = 100;

/** The pagination block of a list's answer. */
export function pagination(page: Page, total: number, { totalsTooHigh }: EmulatorSwitches) {
  return { limit: page.limit, offset: page.offset, total: total + totalsTooHigh };
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** Offset and limit as a query asks for them; undefined when one of them is no whole number. */
export function readPage(query: URLSearchParams, defaultLimit: number): Page | undefined {
  const offset = query.get("offset") ?? "0";
  const limit = query.get("limit") ?? String(defaultLimit);
  if (!/^\d{1,9}$/.test(offset) || !/^\d{1,9}$/.test(limit)) return undefined;
  return { offset: Number(offset), limit: Number(limit) };
}
