import type { Gaps } from "../record/gaps.js";
import type { SiteAddresses } from "./addresses.js";
import type { HostProgress } from "./host-progress.js";

/** The known paths of one host, each of which is read once. */
export interface KnownPaths {
  /** A path known from elsewhere: those that come before the host has answered wait for that. */
  add(path: string): void;
  /** Links on a page at `base`; those to other sites are left alone. */
  addLinks(written: readonly string[], base: URL): void;
  /** Marks a path as known that has already been read. */
  note(path: string): void;
  /** The host has answered: the paths that came before are added. */
  open(): void;
}

export interface KnownPathsParts {
  readonly host: string;
  readonly addresses: SiteAddresses;
  readonly gaps: Gaps;
  readonly progress: HostProgress;
  /** Plans to read the page at a path. */
  readonly onNew: (path: string) => void;
}

/** How many paths of one host are remembered: those of a full sitemap, and some. */
const MOST_PATHS = 60_000;
/** Pages of collection lists (`?1a2b3c4d_page=2`), which may go on without end. */
const MOST_LIST_PAGES = 500;

export function createKnownPaths({ host, addresses, gaps, progress, onNew }: KnownPathsParts): KnownPaths {
  const seen = new Set<string>();
  const early = new Set<string>();
  let listPages = 0;

  function add(path: string): void {
    const { origin, state } = progress;
    if (state !== "reading") return;
    if (!origin) {
      if (early.size < MOST_PATHS) early.add(path);
      return;
    }
    const known = addresses.pathOf(path, origin);
    if (known === undefined || known === "foreign" || seen.has(known)) return;
    if (known.includes("?") && listPages >= MOST_LIST_PAGES) {
      gaps.addSource(`further pages of lists at ${host}`, `there are over ${MOST_LIST_PAGES}`);
      return;
    }
    if (seen.size >= MOST_PATHS) {
      gaps.addSource(`further pages of ${host}`, `there are over ${MOST_PATHS}`);
      return;
    }
    if (known.includes("?")) listPages += 1;
    seen.add(known);
    progress.waiting.add(known);
    onNew(known);
  }

  return {
    add,
    addLinks(written, base) {
      for (const one of written) {
        const path = addresses.pathOf(one, base);
        if (path !== undefined && path !== "foreign") add(path);
      }
    },
    note: (path) => void seen.add(path),
    open() {
      for (const path of early) add(path);
      early.clear();
    },
  };
}
