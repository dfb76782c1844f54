import type { EmulatedPage, FieldData } from "../database/content-records.js";
import type { ServedDomain } from "../database/domains.js";
import type { EmulatedLocale, EmulatedSite } from "../database/records.js";
import type { Reply } from "../http/exchange.js";
import { type EmulatorContext, publishedUrls } from "../urls/content-urls.js";
import { htmlReply, passwordPage, plainNotFound, redirect } from "./fixed-pages.js";
import { pageBody } from "./page-body.js";
import { liveIn, type Rendering } from "./render-elements.js";
import { renderPage } from "./render-page.js";
import { styleSheetUrls } from "./style-sheets.js";

export interface PageRequest {
  readonly site: EmulatedSite;
  readonly domain: ServedDomain;
  readonly path: string;
  readonly query: URLSearchParams;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
}

interface FoundPage {
  readonly page: EmulatedPage;
  readonly rendering: Rendering;
  readonly item: FieldData | undefined;
}

const LOG_IN = "/log-in";

/** The page at a path, in the locale that the path begins with, or what the site answers in its place. */
export function servePage(request: PageRequest, context: EmulatorContext): Reply {
  const { switches } = context;
  const found = findPage(request, context);
  if (!found && request.path === LOG_IN) return passwordPage(200, request.site.id, "/");
  if (!found) return unknownPath(request, context);
  if (!found.page.hasPassword) return pageReply(200, found, request, context);
  if (switches.passwordPages === 302)
    return redirect(302, `${LOG_IN}?path=${encodeURIComponent(request.path)}`);
  const own = utilityPage("401", request, context);
  return own
    ? pageReply(switches.passwordPages, own, request, context)
    : passwordPage(switches.passwordPages, request.site.id, request.path);
}

/** The page that a site shows in place of others. */
function utilityPage(kind: "401" | "404", request: PageRequest, context: EmulatorContext) {
  const page = context.database.content
    .pagesOf(request.site.id)
    .find(({ utility, published }) => utility === kind && published);
  const rendering = rendered(request, request.site.locales.primary, context);
  return page && { page, rendering, item: undefined };
}

function findPage(request: PageRequest, context: EmulatorContext): FoundPage | undefined {
  const { site, path } = request;
  const { primary, secondary } = site.locales;
  const locales = [...secondary.filter(({ enabled }) => enabled), primary];
  const pages = context.database.content.pagesOf(site.id).filter((page) => contentOn(request.domain, page));
  for (const locale of locales) {
    const rest = withoutLocale(path, locale);
    const rendering = rendered(request, locale, context);
    const page = pages.find((known) => known.path === rest && known.collectionId === null);
    if (page) return { page, rendering, item: undefined };
    const found = rest === undefined ? undefined : findItem(rest, pages, rendering);
    if (found) return found;
  }
  return undefined;
}

function findItem(path: string, pages: readonly EmulatedPage[], rendering: Rendering): FoundPage | undefined {
  const { content } = rendering.context.database;
  const slash = path.lastIndexOf("/");
  const page = pages.find((known) => known.collectionId !== null && known.path === path.slice(0, slash));
  if (!page) return undefined;
  const slug = path.slice(slash + 1);
  for (const known of content.itemsOf(page.collectionId ?? "")) {
    const item = liveIn(known, rendering);
    if (item?.slug === slug) return { page, rendering, item };
  }
  return undefined;
}

/** What a domain shows of a page; undefined where it shows nothing. */
function contentOn({ isOlder }: ServedDomain, page: EmulatedPage) {
  return isOlder ? (page.publishedBefore ?? page.published) : page.published;
}

function withoutLocale(path: string, { subdirectory }: EmulatedLocale): string | undefined {
  if (subdirectory === "") return path;
  if (path === `/${subdirectory}`) return "/";
  return path.startsWith(`/${subdirectory}/`) ? path.slice(subdirectory.length + 1) : undefined;
}

function rendered({ site, query, origin }: PageRequest, locale: EmulatedLocale, context: EmulatorContext) {
  return { context, site, locale, query, urls: publishedUrls(context, origin) };
}

function pageReply(status: number, found: FoundPage, request: PageRequest, context: EmulatorContext) {
  const { page, item, rendering } = found;
  const { origin, site } = request;
  const content = contentOn(request.domain, page);
  if (!content) return plainNotFound();
  const halves = renderPage({ page, content, item, origin }, rendering);
  const preloads = styleSheetUrls(page, origin, context).map((url) => `<${url}>; rel=preload; as=style`);
  return {
    ...htmlReply(status, "", {
      "surrogate-key": `${new URL(origin).host} ${site.id} pageId:${page.id}`,
      ...(preloads.length > 0 && { link: preloads.join(", ") }),
    }),
    body: pageBody(halves, context.switches.pageBodies),
  };
}

function unknownPath(request: PageRequest, context: EmulatorContext): Reply {
  const { unknownPaths } = context.switches;
  if (unknownPaths === "404-plain") return plainNotFound();
  const status = unknownPaths === "200-page" ? 200 : 404;
  const own = utilityPage("404", request, context);
  if (own) return pageReply(status, own, request, context);
  return htmlReply(status, "<html><head><title>Not Found</title></head><body>Page not found</body></html>");
}
