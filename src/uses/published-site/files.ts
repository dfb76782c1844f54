import type { CallContext } from "../../core/call-context.js";
import { parseUrl } from "../../core/parse-url.js";
import type { Writable } from "../../core/writable.js";
import { findReferences } from "../../references/references.js";
import { readScript } from "../../references/script.js";
import { readStyleSheet } from "../../references/style-sheet.js";
import type { FetchedText, TextFetcher } from "../../sources/web/fetch-text.js";
import { isInterruption, type Lane } from "../record/agenda.js";
import { reasonOf } from "../record/gaps.js";
import type { SearchParts } from "../record/usage-record.js";
import { GONE } from "./host-progress.js";

export type FileKind = "style sheet" | "script" | "animation" | "manifest";

/** The files that pages are made of and that may refer to assets themselves. Each is read once. */
export interface SiteFiles {
  /** A file as a page names it; files of other sites are left alone, and style sheets among them reported. */
  add(kind: FileKind, written: string, base: URL): void;
  /** Style sheets that were read. */
  readonly styleSheets: number;
  /** Style sheets that could not be read, and files of any kind that may be readable another time. */
  readonly missed: number;
}

export interface SiteFilesParts extends SearchParts {
  readonly lane: Lane;
  readonly fetcher: TextFetcher;
  /** Hosts, with their ports, of the site and of what Webflow hosts for it. */
  readonly isOwn: (url: URL) => boolean;
  readonly assetHosts: ReadonlySet<string>;
}

const MOST_FILES = 2_000;
/** No style sheet, script, animation or manifest begins like this; pages of services that keep robots out do. */
const MARKUP = /^(?:\xef\xbb\xbf)?\s*<(?!!--)/;
/** A dotLottie file: a ZIP of animations and their pictures. */
const ARCHIVE = /\.lottie$/i;
/** Where Webflow has hosted sites' files over the years. */
const WEBFLOW_HOSTS = new Set([
  "cdn.prod.website-files.com",
  "assets-global.website-files.com",
  "assets.website-files.com",
  "uploads-ssl.webflow.com",
  "global-uploads.webflow.com",
  "uploads.webflow.com",
  "daks2k3a4ib2z.cloudfront.net",
]);

export function createSiteFiles(parts: SiteFilesParts): SiteFiles {
  const { lane, fetcher, search, record, gaps, isOwn, assetHosts } = parts;
  const seen = new Set<string>();
  const files: Writable<SiteFiles> = { add, styleSheets: 0, missed: 0 };

  function miss(kind: FileKind, url: URL, why: string, mayPass = false): void {
    if (kind === "style sheet" || mayPass) files.missed += 1;
    gaps.addOne(kind, nameOf(url), why);
  }

  function mayFetch(url: URL): boolean {
    return (
      isOwn(url) || assetHosts.has(url.host) || (WEBFLOW_HOSTS.has(url.host) && url.protocol === "https:")
    );
  }

  /** Webflow's own scripts and third parties' are the same everywhere; those in the site's directory are its own. */
  function isWorthReading(kind: FileKind, url: URL): boolean {
    return kind !== "script" || isOwn(url) || url.pathname.includes(search.siteId);
  }

  /** What fails once is tried once more, after the other files have had their turn. */
  async function read(kind: FileKind, url: URL, call: CallContext, isSecondTry = false): Promise<void> {
    const again = (): void => lane.add((later) => read(kind, url, later, true));
    let answer: FetchedText;
    try {
      answer = await fetcher.fetch(url, call, { mayFollow: mayFetch });
    } catch (error) {
      if (isInterruption(error, call)) throw error;
      return isSecondTry ? miss(kind, url, reasonOf(error), true) : again();
    }
    const { status } = answer;
    if (answer.leadsTo) return miss(kind, url, "it leads to another site, which is not read");
    if (status >= 500 && !isSecondTry) return again();
    // Visitors get nothing there either: no reference can hide in it.
    if (GONE.has(status)) return gaps.addOne(kind, nameOf(url), `it was answered with ${status}`);
    if (status !== 200)
      return miss(kind, url, `it was answered with ${status}`, status === 429 || status >= 500);
    if (answer.isOther) return;
    if (answer.isPacked) return miss(kind, url, "it is compressed in a way that cannot be read");
    if (MARKUP.test(answer.text.toString("latin1", 0, 200)))
      miss(kind, url, "a page was answered in its place");
    if (answer.isCut) miss(kind, url, "it was too long or was cut off: only its beginning was read");
    take(kind, answer.text, answer.url);
  }

  function take(kind: FileKind, text: Buffer, url: URL): void {
    const detail = nameOf(url);
    if (kind === "style sheet") {
      const { references, imports } = readStyleSheet(text, search);
      files.styleSheets += 1;
      record.add({ in: "stylesheet", detail }, references);
      for (const written of imports) add("style sheet", written, url);
    } else if (kind === "script") {
      record.add({ in: `script ${detail}` }, readScript(text, search));
    } else {
      const place = kind === "animation" ? "lottie" : "favicon";
      record.add({ in: `${kind} ${detail}` }, findReferences(text, search, { place, strength: "strong" }));
    }
  }

  function add(kind: FileKind, written: string, base: URL): void {
    const url = parseUrl(written, base);
    if (!url) return;
    url.hash = "";
    if (!/^https?:$/.test(url.protocol) || seen.has(url.href)) return;
    if (seen.size >= MOST_FILES)
      return gaps.addSource(`further ${kind}s`, `the site has over ${MOST_FILES} files`);
    seen.add(url.href);
    if (!isWorthReading(kind, url)) return;
    if (ARCHIVE.test(url.pathname))
      return gaps.addOne(kind, nameOf(url), "it is an archive, which is not read");
    if (mayFetch(url)) lane.add((call) => read(kind, url, call));
    else if (kind !== "script") gaps.addOne(kind, url.host, "it is on another site, which is not read");
  }

  return files;
}

/** The last part of a URL's path, without ids in front. */
function nameOf(url: URL): string {
  const segment = url.pathname.slice(url.pathname.lastIndexOf("/") + 1).replace(/^(?:[0-9a-f]{24}_)+/i, "");
  return segment.slice(0, 60) || url.host;
}
