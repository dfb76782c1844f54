import { Parser } from "htmlparser2";

/** What a sitemap lists, as it is written there. */
export interface Sitemap {
  /** Pages, and their alternates in other languages. */
  readonly pages: readonly string[];
  /** Further sitemaps, if it is an index of them. */
  readonly sitemaps: readonly string[];
  /** How many more entries it has than a sitemap may have. */
  readonly leftOut: number;
}

/** sitemaps.org: a sitemap holds at most this many addresses. */
const MOST_ADDRESSES = 50_000;

/**
 * Parses a sitemap, an index, a feed or a list of addresses, skipping broken parts. Webflow's has white space around
 * addresses, and other locales only in `xhtml:link`. Source: https://www.sitemaps.org/protocol.html
 */
export function readSitemap(text: string): Sitemap {
  const pages = new Set<string>();
  const sitemaps = new Set<string>();
  let leftOut = 0;

  function add(addresses: Set<string>, written: string): void {
    const address = written.trim();
    if (!/^(?:https?:)?\/\//i.test(address) || addresses.has(address)) return;
    if (addresses.size < MOST_ADDRESSES) addresses.add(address);
    else leftOut += 1;
  }

  if (HTML.test(text)) return { pages: [], sitemaps: [], leftOut };
  if (text.includes("<"))
    readMarkup(text, { page: (one) => add(pages, one), sitemap: (one) => add(sitemaps, one) });
  else for (const line of text.split("\n")) add(pages, line);
  return { pages: [...pages], sitemaps: [...sitemaps], leftOut };
}

/** A page that is served in place of a sitemap has links as well, but lists nothing. */
const HTML = /^\s*(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html)\b/i;

type Found = (address: string) => void;

function readMarkup(text: string, found: { readonly page: Found; readonly sitemap: Found }): void {
  let isIndex = false;
  let address: string | undefined;
  const parser = new Parser(
    {
      onopentag(name, { rel, href }) {
        const tag = name.toLowerCase();
        if (tag === "sitemapindex") isIndex = true;
        address = tag === "loc" || tag === "link" ? "" : undefined;
        if (href !== undefined && /(?:^|:)link$/.test(tag) && (rel ?? "alternate") === "alternate")
          found.page(href);
      },
      ontext(part) {
        if (address !== undefined) address += part;
      },
      onclosetag() {
        if (address !== undefined) (isIndex ? found.sitemap : found.page)(address);
        address = undefined;
      },
    },
    { xmlMode: true },
  );
  parser.end(text);
}
