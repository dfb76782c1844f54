import { randomBytes } from "node:crypto";
import type { CallContext } from "../../core/call-context.js";
import { type Page, readPage } from "../../references/page.js";
import { findReferences, type Search, UNLABELLED } from "../../references/references.js";
import { readSitemap } from "../../references/sitemap.js";
import type { FetchedText, TextFetcher } from "../../sources/web/fetch-text.js";
import { isInterruption, type Lane } from "../record/agenda.js";
import { type Gaps, NEVER_PUBLISHED, reasonOf } from "../record/gaps.js";
import type { UsageRecord } from "../record/usage-record.js";
import { hostOf, type SiteAddresses, shownPath } from "./addresses.js";
import type { SiteFiles } from "./files.js";

/** One host that the site is published to, read from page to page. */
export interface PublishedHost {
  readonly host: string;
  begin(): void;
  /** A page that is known from elsewhere: from Webflow's list, or by the slug of an item. */
  addPath(path: string): void;
  /** Whether the page was read, as visitors see it. */
  hasRead(path: string): boolean;
  /** Pages that were read. */
  readonly pages: number;
  /** `reading` until nothing waits; `alias`: it leads to another of the site's hosts; `ended`: given up before the end. */
  readonly state: "reading" | "alias" | "ended";
  /** Pages that there are but that could not be read, or only in part; those behind a password are not among them. */
  readonly missed: number;
  /** Whether a sitemap was found. */
  readonly hasSitemap: boolean;
}

export interface PublishedHostParts {
  readonly host: string;
  readonly origins: readonly URL[];
  readonly lane: Lane;
  readonly fetcher: TextFetcher;
  readonly addresses: SiteAddresses;
  readonly files: SiteFiles;
  readonly search: Search;
  readonly record: UsageRecord;
  readonly gaps: Gaps;
  /** Whether one more page may be fetched; counts it. */
  readonly takePage: () => boolean;
  /** Whether Webflow says that the site is published there; where not, a host that does not answer is no gap. */
  readonly isPublished: boolean;
}

/** Paths of one host that are kept in mind. */
const MOST_PATHS = 20_000;
/** Pages of collection lists (`?1a2b3c4d_page=2`), whose number may have no end. */
const MOST_LIST_PAGES = 500;
const MOST_SITEMAPS = 100;
/** Answers in a row that say that this host had better be left alone. */
const MOST_FAILURES = 3;
const LOGIN = /(?:^|\/)(?:log-?in|sign-?in|access|password|auth)(?:\/|-|$)/i;

export function createPublishedHost(parts: PublishedHostParts): PublishedHost {
  const { host, lane, fetcher, addresses, files, search, record, gaps } = parts;
  const seen = new Set<string>();
  const read = new Set<string>();
  const sitemaps = new Set<string>();
  const early: string[] = [];
  let origin: URL | undefined;
  let state: PublishedHost["state"] = "reading";
  let failuresInARow = 0;
  let listPages = 0;
  let missed = 0;
  let hasSitemap = false;
  /** The id of the page that stands in for those that do not exist, when it comes with a 200. */
  let notFoundPageId: string | undefined;

  const fetch = (url: URL, call: CallContext): Promise<FetchedText> =>
    fetcher.fetch(url, call, { mayFollow: (target) => addresses.isOwn(target) && isAsSafe(target) });

  function isAsSafe(target: URL): boolean {
    return (
      target.protocol === "https:" || origin?.protocol === "http:" || parts.origins[0]?.protocol === "http:"
    );
  }

  function end(why: string): void {
    if (state !== "reading") return;
    state = "ended";
    const left = lane.clear();
    const what = read.size === 0 ? `the site at ${host}` : `the rest of ${host} (${left} pages or more)`;
    gaps.addSource(what, why);
  }

  async function begin(call: CallContext): Promise<void> {
    let failure: unknown;
    for (const candidate of parts.origins) {
      try {
        const answer = await fetch(candidate, call);
        return enter(candidate, answer);
      } catch (error) {
        if (isInterruption(error, call)) throw error;
        failure = error;
      }
    }
    if (parts.isPublished) end(reasonOf(failure));
    else {
      state = "ended";
      gaps.addSource(`the site at ${host}`, NEVER_PUBLISHED);
    }
  }

  function enter(candidate: URL, answer: FetchedText): void {
    if (answer.leadsTo)
      return end(`it leads to ${answer.leadsTo.host}, which is not one of the site's hosts`);
    if (answer.url.host !== candidate.host) {
      state = "alias";
      return;
    }
    if (!parts.isPublished && answer.status !== 200) {
      state = "ended";
      return gaps.addSource(`the site at ${host}`, NEVER_PUBLISHED);
    }
    origin = new URL("/", answer.url);
    seen.add("/");
    accept("/", answer);
    if (state !== "reading") return;
    lane.add(readRobots);
    addSitemap("/sitemap.xml");
    lane.add(probeNotFound);
    for (const path of early.splice(0)) addPath(path);
  }

  function addPath(path: string): void {
    if (state !== "reading") return;
    if (!origin) {
      if (early.length < MOST_PATHS) early.push(path);
      return;
    }
    const known = addresses.pathOf(path, origin);
    if (known === undefined || known === "foreign" || seen.has(known)) return;
    if (known.includes("?") && ++listPages > MOST_LIST_PAGES) {
      return gaps.addSource(`further pages of lists at ${host}`, `there are over ${MOST_LIST_PAGES}`);
    }
    if (seen.size >= MOST_PATHS) return gaps.addSource(`further pages of ${host}`, "the site has too many");
    seen.add(known);
    lane.add((call) => readPath(known, call));
  }

  function addLinks(written: readonly string[], base: URL): void {
    for (const one of written) {
      const path = addresses.pathOf(one, base);
      if (path !== undefined && path !== "foreign") addPath(path);
    }
  }

  /**
   * Webflow is known to write the staging host, or any of the domains, into every address of a sitemap: where none is
   * of this site, they are taken for pages of this host. Another site is never asked either way.
   */
  function addFromSitemap(written: readonly string[], base: URL): void {
    const urls = written.flatMap((one) => (URL.canParse(one, base.href) ? [new URL(one, base)] : []));
    const isForeign = (url: URL): boolean => addresses.pathOf(url.href, base) === "foreign";
    const hasOwn = urls.some((url) => !isForeign(url));
    for (const url of urls) {
      if (hasOwn && isForeign(url)) gaps.addOne("address", url.host, FOREIGN);
      else addPath(`${url.pathname}${url.search}`);
    }
  }

  /** What fails once is tried once more, when the other pages have had their turn. */
  async function readPath(path: string, call: CallContext, isSecondTry = false): Promise<void> {
    if (!origin || state !== "reading") return;
    if (!parts.takePage()) return end("the bound of pages that are read was reached");
    const again = (): void => lane.add((later) => readPath(path, later, true));
    try {
      const answer = await fetch(new URL(path, origin), call);
      if (answer.status >= 500 && answer.status !== 503 && !isSecondTry) return again();
      accept(path, answer);
    } catch (error) {
      if (isInterruption(error, call)) throw error;
      if (!isSecondTry) return again();
      miss(path, reasonOf(error));
      failed("its pages cannot be fetched");
    }
  }

  function miss(path: string, why: string): void {
    missed += 1;
    gaps.addOne("page", shownPath(path), why);
  }

  function failed(why: string): void {
    failuresInARow += 1;
    if (failuresInARow >= MOST_FAILURES) end(why);
  }

  /** Judges an answer by its status, and searches it whatever that is: error pages, too, have their pictures. */
  function accept(path: string, answer: FetchedText): void {
    const { status, leadsTo } = answer;
    if (answer.isChallenge) return end("a service that keeps robots out answered in its place");
    if (status === 429) return end("it answered 429: too many requests");
    if (status === 403 || status === 503) {
      if (read.size === 0) return end(`it answered ${status}, as services that keep robots out do`);
      miss(path, `it was answered with ${status}`);
      return failed(`it answered ${status} again and again`);
    }
    if (leadsTo) return leadAway(path, leadsTo);
    if (status >= 500) {
      miss(path, `it was answered with ${status}`);
      return failed(`it answered ${status} again and again`);
    }
    failuresInARow = 0;
    if (answer.isOther) return;
    if (status === 401) {
      gaps.addOne("page", shownPath(path), "it is behind a password");
      take(path, answer, "password page");
    } else if (status === 200) takePage(path, answer);
    else if (status === 404 || status === 410) take(path, answer, "404 page");
    else miss(path, `it was answered with ${status}`);
  }

  function takePage(path: string, answer: FetchedText): void {
    const final = addresses.pathOf(answer.url.href, answer.url);
    if (final !== undefined && final !== path) {
      if (LOGIN.test(final) && !LOGIN.test(path))
        gaps.addOne("page", shownPath(path), "it asks visitors to log in");
      if (read.has(final)) return;
      seen.add(final);
    }
    const own = final ?? path;
    const page = take(own, answer);
    if (answer.isCut) miss(own, "it was too long or too slow: only its beginning was read");
    if (page.asksForPassword) return gaps.addOne("page", shownPath(own), "it is behind a password");
    if (notFoundPageId !== undefined && page.pageId === notFoundPageId) return;
    read.add(own);
  }

  function take(path: string, { text, url }: FetchedText, name = shownPath(path)): Page {
    const page = readPage(text, search);
    record.add({ in: name }, page.references);
    const base = page.base !== undefined && URL.canParse(page.base, url.href) ? new URL(page.base, url) : url;
    addLinks(page.links, base);
    for (const sheet of page.styleSheets) files.add("style sheet", sheet, base);
    for (const script of page.scripts) files.add("script", script, base);
    for (const animation of page.animations) files.add("animation", animation, base);
    return page;
  }

  function leadAway(path: string, target: URL): void {
    const isLogin = LOGIN.test(target.pathname) || /^(?:login|auth|sso|id)\./.test(target.host);
    gaps.addOne("page", shownPath(path), isLogin ? "it asks visitors to log in" : `it leads to another site`);
  }

  async function readRobots(call: CallContext): Promise<void> {
    const answer = await fetchQuietly("/robots.txt", call);
    if (answer?.status !== 200) return;
    for (const [, address = ""] of answer.text.toString().matchAll(/^\s*sitemap:\s*(\S+)/gim)) {
      if (URL.canParse(address, answer.url.href)) addSitemap(new URL(address, answer.url).href);
    }
  }

  function addSitemap(written: string): void {
    if (!origin || !URL.canParse(written, origin.href)) return;
    const url = new URL(written, origin);
    const isOurs = addresses.isOwn(url) || addresses.pathOf(`${url.origin}/`, origin) !== "foreign";
    if (!isOurs) return gaps.addOne("sitemap", url.host, FOREIGN);
    const path = `${url.pathname}${url.search}`;
    if (sitemaps.has(path) || sitemaps.size >= MOST_SITEMAPS) return;
    sitemaps.add(path);
    lane.add(async (call) => {
      const answer = await fetchQuietly(path, call);
      if (answer?.status === 200 && answer.isOther)
        gaps.addOne("sitemap", path, "it is compressed or no text");
      if (answer?.status !== 200 || answer.isOther) return;
      record.add({ in: "sitemap" }, findReferences(answer.text, search, UNLABELLED));
      const { pages, sitemaps: further } = readSitemap(answer.text.toString());
      if (answer.isCut) gaps.addOne("sitemap", path, "it is too long: only its beginning was read");
      hasSitemap ||= pages.length > 0;
      addFromSitemap(pages, answer.url);
      for (const one of further) addSitemap(one);
    });
  }

  /** A path that cannot exist shows the page that visitors get instead of one, with pictures of its own. */
  async function probeNotFound(call: CallContext): Promise<void> {
    const answer = await fetchQuietly(`/no-such-page-${randomBytes(6).toString("hex")}`, call);
    if (!answer || answer.isOther || ![200, 404].includes(answer.status)) return;
    const { pageId } = take("/", answer, "404 page");
    if (answer.status === 200) notFoundPageId = pageId;
  }

  /** The answer of a request whose failure says nothing about the host. */
  async function fetchQuietly(path: string, call: CallContext): Promise<FetchedText | undefined> {
    if (!origin || state !== "reading") return undefined;
    try {
      const answer = await fetch(new URL(path, origin), call);
      if (answer.status === 429) end("it answered 429: too many requests");
      return answer.leadsTo ? undefined : answer;
    } catch (error) {
      if (isInterruption(error, call)) throw error;
      return undefined;
    }
  }

  return {
    host: hostOf(host),
    begin: () => lane.add(begin),
    addPath,
    hasRead: (path) => {
      const known = origin && addresses.pathOf(path, origin);
      return known !== undefined && read.has(known);
    },
    get pages() {
      return read.size;
    },
    get state() {
      return state;
    },
    get missed() {
      return missed;
    },
    get hasSitemap() {
      return hasSitemap;
    },
  };
}

const FOREIGN = "it names another site, which is not read";
