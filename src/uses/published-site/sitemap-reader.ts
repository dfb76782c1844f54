import type { CallContext } from "../../core/call-context.js";
import { parseUrl } from "../../core/parse-url.js";
import { findReferences, UNLABELLED } from "../../references/references.js";
import { readSitemap } from "../../references/sitemap.js";
import type { FetchedText } from "../../sources/web/fetch-text.js";
import type { Lane } from "../record/agenda.js";
import type { SearchParts } from "../record/usage-record.js";
import type { SiteAddresses } from "./addresses.js";
import { GONE, type HostProgress } from "./host-progress.js";
import type { KnownPaths } from "./known-paths.js";

/** Reads the sitemaps of one host: the usual one, those named in its robots.txt, and those that they name. */
export interface SitemapReader {
  begin(): void;
  /** Whether one was found that names a page, and none of those that it belongs to is missing. */
  readonly hasSitemap: boolean;
}

export interface SitemapReaderParts extends SearchParts {
  readonly lane: Lane;
  /** The answer to a request whose failure says nothing about the host. */
  readonly fetchQuietly: (path: string, call: CallContext) => Promise<FetchedText | undefined>;
  readonly addresses: SiteAddresses;
  readonly paths: KnownPaths;
  readonly progress: HostProgress;
}

const MOST_SITEMAPS = 100;
const USUAL = "/sitemap.xml";
const FOREIGN = "it names another site, which is not read";

export function createSitemapReader(parts: SitemapReaderParts): SitemapReader {
  const { lane, fetchQuietly, addresses, paths, progress, gaps } = parts;
  const known = new Set<string>();
  let hasPages = false;
  let isWhole = true;

  function miss(which: string, why: string): void {
    isWhole = false;
    gaps.addOne("sitemap", which, why);
  }

  async function readRobots(call: CallContext): Promise<void> {
    const answer = await fetchQuietly("/robots.txt", call);
    if (answer?.status !== 200) return;
    for (const [, address = ""] of answer.text.toString().matchAll(/^\s*sitemap:\s*(\S+)/gim)) {
      const url = parseUrl(address, answer.url);
      if (url) add(url.href);
    }
  }

  function add(written: string): void {
    const { origin } = progress;
    const url = origin && parseUrl(written, origin);
    if (!url) return;
    if (addresses.pathOf(`${url.origin}/`, origin) === "foreign") return miss(url.host, FOREIGN);
    const path = `${url.pathname}${url.search}`;
    if (known.has(path)) return;
    if (known.size >= MOST_SITEMAPS)
      return progress.miss("sitemap", path, `there are over ${MOST_SITEMAPS} of them`);
    known.add(path);
    lane.add((call) => read(path, call));
  }

  async function read(path: string, call: CallContext): Promise<void> {
    const answer = await fetchQuietly(path, call);
    if (!answer) return miss(progress.shown(path), "it cannot be fetched");
    // A site may have no sitemap.
    if (path === USUAL && GONE.has(answer.status)) return;
    if (answer.status !== 200) return miss(progress.shown(path), `it was answered with ${answer.status}`);
    if (answer.isOther || answer.isPacked) return miss(progress.shown(path), "it is compressed or not text");
    parts.record.add({ in: "sitemap" }, findReferences(answer.text, parts.search, UNLABELLED));
    const { pages, sitemaps, leftOut } = readSitemap(answer.text.toString());
    if (answer.isCut) progress.miss("sitemap", path, "it is too long: only its beginning was read");
    if (leftOut > 0)
      progress.miss(
        "sitemap",
        path,
        `it has more addresses than a sitemap may have, ${leftOut} of them unread`,
      );
    hasPages ||= pages.length > 0;
    addPages(pages, answer.url);
    for (const one of sitemaps) add(one);
  }

  /**
   * Webflow is known to write the staging host, or any of the domains, into every address of a sitemap: if none of
   * them is on this site, they are taken for pages of this host. Another site is never asked in any case.
   */
  function addPages(written: readonly string[], base: URL): void {
    const urls = written.flatMap((one) => parseUrl(one, base) ?? []);
    const isForeign = (url: URL): boolean => addresses.pathOf(url.href, base) === "foreign";
    const hasOwn = urls.some((url) => !isForeign(url));
    for (const url of urls) {
      if (hasOwn && isForeign(url)) gaps.addOne("address", url.host, FOREIGN);
      else paths.add(`${url.pathname}${url.search}`);
    }
  }

  return {
    begin() {
      lane.add(readRobots);
      add(USUAL);
    },
    get hasSitemap() {
      return hasPages && isWhole;
    },
  };
}
