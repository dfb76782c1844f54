import { domainsOf } from "../database/domains.js";
import { localePath } from "../database/locale-path.js";
import type { EmulatedLocale, EmulatedSite } from "../database/records.js";
import type { EmulatorContext } from "../urls/content-urls.js";
import { escapeHtml } from "./html.js";
import { listParameter } from "./render-elements.js";

/** A page that sitemaps name: its path in the primary locale, and in others by `hreflang`. */
interface Entry {
  readonly path: string;
  readonly alternates: readonly { readonly tag: string; readonly path: string }[];
}

const OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const XHTML_NAMESPACE = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"';

/** The text of `/sitemap.xml` or of one of its children; undefined where the site has none at that path. */
export function sitemapAt(path: string, site: EmulatedSite, context: EmulatorContext): string | undefined {
  const { switches } = context;
  const origin = originOf(site, context);
  const urls = (entries: readonly Entry[]): string => urlset(entries, origin, switches);
  const child = /^\/sitemap-(.+)\.xml$/.exec(path)?.[1];
  if (switches.sitemap === "absent" || (child === undefined && path !== "/sitemap.xml")) return undefined;
  if (child !== undefined) {
    const locale = enabledLocales(site).find(({ tag }) => tag === child);
    if (!locale || switches.sitemap !== "index") return undefined;
    return urls(entriesOf(site, context).map((entry) => inLocale(entry, locale)));
  }
  if (switches.sitemap === "index") return index(site, origin);
  if (switches.sitemap === "empty") return urls([]);
  const entries = entriesOf(site, context);
  // By hand: people forget pages.
  if (switches.sitemap === "custom") return urls(entries.slice(0, Math.ceil(entries.length / 2)));
  if (switches.sitemapLocales !== "entries") return urls(entries);
  return urls(enabledLocales(site).flatMap((locale) => entries.map((entry) => inLocale(entry, locale))));
}

function originOf(site: EmulatedSite, { switches }: EmulatorContext): string {
  if (switches.sitemapHost === "staging") return `https://${site.shortName}.webflow.io`;
  const [first, second] = domainsOf(site, { ...switches, publishedDomains: "two" });
  return `http://${(switches.sitemapHost === "second-domain" ? second : first)?.url}`;
}

function enabledLocales({ locales }: EmulatedSite): EmulatedLocale[] {
  return [locales.primary, ...locales.secondary.filter(({ enabled }) => enabled)];
}

function entriesOf(site: EmulatedSite, { database, switches }: EmulatorContext): Entry[] {
  const { content } = database;
  const locales = enabledLocales(site);
  const entry = (path: string): Entry => ({
    path,
    alternates:
      locales.length < 2
        ? []
        : locales.map((locale) => ({ tag: locale.tag, path: localePath(path, locale) })),
  });
  const pages = content.pagesOf(site.id).filter(({ published }) => published);
  const withExtras = switches.sitemapExtras === "utility-pages";
  const shown = pages.filter(({ isInSitemap, hasPassword, collectionId, utility }) => {
    if (collectionId !== null) return false;
    return utility || hasPassword ? withExtras : isInSitemap;
  });
  const templates = pages.filter(({ collectionId }) => collectionId !== null);
  const items = templates.flatMap(({ collectionId, path }) =>
    content
      .itemsOf(collectionId ?? "")
      .flatMap((item) => [...item.variants.values()][0]?.live ?? [])
      .map(({ slug }) => entry(`${path}/${slug}`)),
  );
  const lists = pages.flatMap(({ path, published }) =>
    (published?.elements ?? []).flatMap((element) =>
      element.kind === "list" ? [entry(`${path}?${listParameter(element.collectionId)}=2`)] : [],
    ),
  );
  const files = content
    .filesOf(site.id)
    .filter(({ isInSitemap }) => isInSitemap)
    .map(({ path, alternates }) => ({
      path,
      alternates: Object.entries(alternates).map(([tag, other]) => ({ tag, path: other })),
    }));
  const extra = switches.sitemapExtras === "list-pages" ? lists : [];
  return [...shown.map(({ path }) => entry(path)), ...items, ...files, ...extra];
}

/** The entry of a page in one locale, which names no other. */
function inLocale({ path, alternates }: Entry, { tag }: EmulatedLocale): Entry {
  return { path: alternates.find((alternate) => alternate.tag === tag)?.path ?? path, alternates: [] };
}

function index(site: EmulatedSite, origin: string): string {
  const children = enabledLocales(site).map(
    ({ tag }) => `<sitemap><loc>${origin}/sitemap-${tag}.xml</loc></sitemap>`,
  );
  return `${OPENING}<sitemapindex ${NAMESPACE}>${children.join("")}</sitemapindex>\n`;
}

function urlset(entries: readonly Entry[], origin: string, switches: EmulatorContext["switches"]): string {
  const blank = switches.sitemapHasWhitespace ? "\n            " : "";
  const urls = entries.map(({ path, alternates }) => {
    const loc = `<loc>${blank}${escapeHtml(origin + path)}${blank}</loc>`;
    return `    <url>\n        ${loc}${links(alternates, path, origin, switches.sitemapLocales)}\n    </url>`;
  });
  return `${OPENING}<urlset ${NAMESPACE} ${XHTML_NAMESPACE}>\n${urls.join("\n")}\n</urlset>\n`;
}

function links(
  alternates: Entry["alternates"],
  path: string,
  origin: string,
  how: "alternates" | "entries" | "absent",
): string {
  if (how !== "alternates" || alternates.length === 0) return "";
  return [{ tag: "x-default", path }, ...alternates]
    .map(
      (alternate) =>
        `\n        <xhtml:link rel="alternate" hreflang="${alternate.tag}" href="${escapeHtml(origin + alternate.path)}"/>`,
    )
    .join("");
}
