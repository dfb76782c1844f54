import type { CallContext } from "../../core/call-context.js";
import { parseUrl } from "../../core/parse-url.js";
import { linkElements } from "../../references/link-header.js";
import { type Page, readPage } from "../../references/page.js";
import type { FetchedText } from "../../sources/web/fetch-text.js";
import { isInterruption, type Lane } from "../record/agenda.js";
import { reasonOf } from "../record/gaps.js";
import type { SearchParts } from "../record/usage-record.js";
import { type SiteAddresses, shownPath } from "./addresses.js";
import type { SiteFiles } from "./files.js";
import type { HostProgress } from "./host-progress.js";
import type { KnownPaths } from "./known-paths.js";

/** Reads the pages of one host: what they refer to, and where they lead. */
export interface PageReader {
  read(path: string, call: CallContext): Promise<void>;
  /** Classifies an answer by its status, and searches it in any case: error pages have pictures as well. */
  accept(path: string, answer: FetchedText): void;
  /** The answer for a path that cannot exist: the page that visitors get there, with pictures of its own. */
  acceptUnknown(answer: FetchedText): void;
}

export interface PageReaderParts extends SearchParts {
  readonly host: string;
  readonly lane: Lane;
  readonly fetch: (url: URL, call: CallContext) => Promise<FetchedText>;
  readonly addresses: SiteAddresses;
  readonly paths: KnownPaths;
  readonly progress: HostProgress;
  readonly files: SiteFiles;
  /** Whether one more page may be fetched; counts it. */
  readonly takePage: () => boolean;
}

/** How many consecutive answers say that this host had better be left alone. */
const MOST_REFUSALS = 3;
/** How many consecutive requests got no answer: three times as many as are in flight at once. */
const MOST_UNANSWERED = 12;
const LOGIN = /(?:^|\/)(?:log-?in|sign-?in|access|password|auth)(?:\/|-|$)/i;

export function createPageReader(parts: PageReaderParts): PageReader {
  const { progress, gaps, addresses } = parts;
  /** The id of the page that stands in for missing ones, if it comes with a 200. */
  let notFoundPageId: string | undefined;

  /** What fails once is tried once more, after the other pages have had their turn. */
  async function read(path: string, call: CallContext, isSecondTry = false): Promise<void> {
    const { origin } = progress;
    if (!origin || progress.state !== "reading") return;
    if (!parts.takePage()) return progress.end("the bound of pages that are read was reached");
    const again = (): void => parts.lane.add((later) => read(path, later, true));
    try {
      const answer = await parts.fetch(new URL(path, origin), call);
      if (answer.status >= 500 && answer.status !== 503 && !isSecondTry) return again();
      progress.waiting.delete(path);
      accept(path, answer);
    } catch (error) {
      if (isInterruption(error, call)) throw error;
      if (isSecondTry) {
        progress.waiting.delete(path);
        progress.miss("page", path, reasonOf(error));
      } else again();
      progress.failed("its pages cannot be fetched", MOST_UNANSWERED);
    }
  }

  function accept(path: string, answer: FetchedText): void {
    const { status, leadsTo } = answer;
    if (answer.isChallenge) return progress.end("a service that keeps robots out answered in its place");
    if ([403, 429, 503].includes(status) && progress.read.size === 0)
      return progress.end(`it answered ${status}, as services that keep robots out do`);
    if (leadsTo) return leadAway(path, leadsTo);
    if (status === 403 || status === 429 || status >= 500) {
      progress.miss("page", path, `it was answered with ${status}`);
      return progress.failed(`it answered ${status} again and again`, MOST_REFUSALS);
    }
    progress.succeeded();
    if (answer.isOther) return;
    if (answer.isPacked) return progress.miss("page", path, "it is compressed in a way that cannot be read");
    if (status === 401) {
      gaps.addOne("page", progress.shown(path), "it is behind a password");
      search(path, answer, "password page");
    } else if (status === 200) acceptPage(path, answer);
    else if (status === 404 || status === 410) search(path, answer, "404 page");
    else progress.miss("page", path, `it was answered with ${status}`);
  }

  function acceptPage(path: string, answer: FetchedText): void {
    const final = addresses.pathOf(answer.url.href, answer.url);
    if (final !== undefined && final !== path) {
      if (LOGIN.test(final) && !LOGIN.test(path))
        gaps.addOne("page", progress.shown(path), "it asks visitors to log in");
      if (progress.read.has(final)) return;
      parts.paths.note(final);
    }
    const own = final ?? path;
    const page = search(own, answer);
    if (answer.text.length === 0 && !answer.isCut)
      return progress.miss("page", own, "it was answered with nothing");
    if (answer.isCut) progress.miss("page", own, "it was too long or too slow: only its beginning was read");
    if (page.asksForPassword) return gaps.addOne("page", progress.shown(own), "it is behind a password");
    if (notFoundPageId !== undefined && page.pageId === notFoundPageId) return;
    progress.read.add(own);
  }

  function search(path: string, { text, url, links }: FetchedText, name = shownPath(path)): Page {
    const page = readPage(text, parts.search);
    const base = (page.base !== undefined && parseUrl(page.base, url)) || url;
    note(page, name, base, parts);
    if (links !== undefined) note(readPage(linkElements(links), parts.search), name, url, parts);
    return page;
  }

  function leadAway(path: string, target: URL): void {
    const isLogin = LOGIN.test(target.pathname) || /^(?:login|auth|sso|id)\./.test(target.host);
    gaps.addOne(
      "page",
      progress.shown(path),
      isLogin ? "it asks visitors to log in" : "it leads to another site",
    );
  }

  return {
    read,
    accept,
    acceptUnknown(answer) {
      if (answer.isOther || ![200, 404].includes(answer.status)) return;
      const { pageId } = search("/", answer, "404 page");
      if (answer.status === 200) notFoundPageId = pageId;
    },
  };
}

function note(page: Page, name: string, base: URL, { record, host, paths, files }: PageReaderParts): void {
  record.add({ in: name, host }, page.references);
  paths.addLinks(page.links, base);
  for (const sheet of page.styleSheets) files.add("style sheet", sheet, base);
  for (const script of page.scripts) files.add("script", script, base);
  for (const manifest of page.manifests) files.add("manifest", manifest, base);
  for (const animation of page.animations) files.add("animation", animation, base);
}
