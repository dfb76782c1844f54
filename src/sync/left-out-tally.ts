import type { SyncFolderResult } from "../contract/sync-folder.js";
import { cutText, visibleLine } from "../core/text.js";

/**
 * Entries of a directory that a sync left out for the same reason. `names` are the first few, by path from the
 * directory; a directory ends in a slash and stands for everything below it.
 */
export type LeftOut = NonNullable<SyncFolderResult["leftOut"]>[number];

/** Counts what is left out, by reason. */
export interface LeftOutTally {
  add(why: string, name: string): void;
  /** In the order in which the reasons came up. */
  list(): LeftOut[];
}

const MOST_NAMES = 5;
const MOST_CHARACTERS = 200;

export function createLeftOutTally(): LeftOutTally {
  const byReason = new Map<string, { count: number; names: string[] }>();
  return {
    add(why, name) {
      const entry = byReason.get(why) ?? { count: 0, names: [] };
      byReason.set(why, entry);
      entry.count += 1;
      if (entry.names.length < MOST_NAMES) entry.names.push(cutText(visibleLine(name), MOST_CHARACTERS));
    },
    list: () => [...byReason].map(([why, { count, names }]) => ({ why, count, names })),
  };
}
