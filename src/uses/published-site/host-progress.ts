import type { Writable } from "../../core/writable.js";
import type { Lane } from "../record/agenda.js";
import { type Gaps, NEVER_PUBLISHED } from "../record/gaps.js";
import { shownPath } from "./addresses.js";

/** How far the reading of one host has got. */
export interface HostProgress {
  /** Where its pages are fetched from; undefined until it has answered. */
  origin: URL | undefined;
  /**
   * `reading` while anything waits; `alias`: it redirects to another of the site's hosts; `ended`: given up early.
   */
  readonly state: "reading" | "alias" | "ended";
  /** Paths of the pages that were read, as visitors see them. */
  readonly read: Set<string>;
  /** Paths of known pages that were not requested yet. */
  readonly waiting: Set<string>;
  /** Pages that exist but could not be read, or only in part; not counting those behind a password. */
  readonly missed: number;
  miss(kind: "page" | "sitemap", path: string, why: string): void;
  /** A path as a person reads it; with the host if the site has several. */
  shown(path: string): string;
  /** An answer that does not speak against the host. */
  succeeded(): void;
  /** The host is given up after `most` failures in a row. */
  failed(why: string, most: number): void;
  /** Gives the host up: what waits is counted, and some of it named. */
  end(why: string): void;
  endAsAlias(): void;
  endAsUnpublished(): void;
}

const MOST_NAMED = 3;
/** What is answered for what does not exist, or no longer. */
export const GONE: ReadonlySet<number> = new Set([404, 410]);

export function createHostProgress(host: string, isOnly: boolean, lane: Lane, gaps: Gaps): HostProgress {
  const shown = (path: string): string => `${isOnly ? "" : host}${shownPath(path)}`;
  const read = new Set<string>();
  const waiting = new Set<string>();
  let failuresInARow = 0;

  function end(why: string): void {
    if (progress.state !== "reading") return;
    progress.state = "ended";
    lane.clear();
    gaps.addSource(read.size === 0 ? `the site at ${host}` : restOf(host, waiting), why);
  }

  const progress: Writable<HostProgress> = {
    origin: undefined,
    state: "reading",
    read,
    waiting,
    missed: 0,
    miss(kind, path, why) {
      progress.missed += 1;
      gaps.addOne(kind, shown(path), why);
    },
    shown,
    succeeded() {
      failuresInARow = 0;
    },
    failed(why, most) {
      failuresInARow += 1;
      if (failuresInARow >= most) end(why);
    },
    end,
    endAsAlias() {
      progress.state = "alias";
    },
    endAsUnpublished() {
      progress.state = "ended";
      gaps.addSource(`the site at ${host}`, NEVER_PUBLISHED);
    },
  };
  return progress;
}

/** At least this many are left: pages that were not read may lead to others. */
function restOf(host: string, waiting: ReadonlySet<string>): string {
  if (waiting.size === 0) return `the rest of ${host}`;
  const named: string[] = [];
  for (const path of waiting) {
    if (named.length === MOST_NAMED) break;
    named.push(shownPath(path));
  }
  const others = waiting.size > named.length ? ", …" : "";
  const pages = waiting.size === 1 ? "1 page" : `${waiting.size} pages`;
  return `the rest of ${host}: ${pages} or more (${named.join(", ")}${others})`;
}
