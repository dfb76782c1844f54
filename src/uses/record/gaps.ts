import type { FindUsesResult } from "../../contract/find-uses.js";
import { isAssetError } from "../../core/errors.js";
import { oneLine } from "../../core/text.js";

/** Something that was not read, and why. */
export type Gap = FindUsesResult["notRead"][number];

/** What a reading could not read. Things of one kind with the same reason are counted, and some of them named. */
export interface Gaps {
  /** A whole source: `CMS items`. */
  addSource(what: string, why: string): void;
  /** One of many: `page`, and which one. */
  addOne(kind: string, which: string, why: string): void;
  list(): Gap[];
}

/** The reason for a host that has nothing to read: it hides no use. */
export const NEVER_PUBLISHED = "it was never published there: there is nothing to read";

/** The reason for what the pages of such a site use and only a published page shows. */
export const NO_DESIGN =
  "the site was never published, and backgrounds, videos and styles show only on published pages";

const MOST_NAMED = 3;
const LONGEST_NAME = 60;
const LONGEST_REASON = 140;
/** More kinds and reasons than any honest site has. */
const MOST_KINDS = 100;

export function createGaps(): Gaps {
  const sources = new Map<string, Gap>();
  const counted = new Map<string, { kind: string; why: string; count: number; named: string[] }>();

  return {
    addSource(what, why) {
      if (sources.size < MOST_KINDS)
        sources.set(`${what}\n${why}`, { what, why: oneLine(why, LONGEST_REASON) });
    },
    addOne(kind, which, why) {
      const key = `${kind}\n${why}`;
      const one = counted.get(key) ?? { kind, why: oneLine(why, LONGEST_REASON), count: 0, named: [] };
      if (counted.size < MOST_KINDS) counted.set(key, one);
      one.count += 1;
      const name = oneLine(which, LONGEST_NAME);
      if (one.named.length < MOST_NAMED && !one.named.includes(name)) one.named.push(name);
    },
    list: () => [
      ...sources.values(),
      ...[...counted.values()].map(({ kind, why, count, named }) => ({
        what: `${count} ${count === 1 ? kind : pluralOf(kind)} (${named.join(", ")}${count > named.length ? ", …" : ""})`,
        why,
      })),
    ],
  };
}

/** Why something was not read, in a few words for `notRead`; `scope` is what the token would need for it. */
export function reasonOf(error: unknown, scope?: string): string {
  if (!isAssetError(error)) return "an unexpected error";
  const { code, message } = error;
  if (scope !== undefined && (code === "MISSING_SCOPE" || code === "UNAUTHORIZED"))
    return `the token lacks ${scope}`;
  // The URL is shown next to it; without the URL, everything with the same reason is grouped.
  return code === "DOWNLOAD_FAILED" ? message.replace(/^\S+ could not be downloaded: /, "") : message;
}

function pluralOf(kind: string): string {
  return kind.endsWith("s") ? `${kind}es` : `${kind}s`;
}
