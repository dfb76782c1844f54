import type { EmulatedPage } from "../../database/content-records.js";
import { localePath } from "../../database/locale-path.js";
import type { EmulatedSite } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { type AskedLocale, isLocaleRefused, readLocale } from "../protocol/locales.js";
import { isRefusal, type Page, pagination, readListPage } from "../protocol/paging.js";
import { forbidden, json, notFound } from "../protocol/replies.js";
import { domNodes } from "./dom-nodes.js";

/** `/sites/{id}/pages`, `/pages/{id}` and `/pages/{id}/dom`. */
export function pageEndpoints(context: ApiContext): Endpoints {
  const { database, switches } = context;
  const { content } = database;

  function localeOf(siteId: string, query: URLSearchParams): AskedLocale | Reply {
    return readLocale(query, database.sites.get(siteId), switches);
  }

  function list({ id: siteId, query }: ApiRequest): Reply {
    const site = database.sites.get(siteId);
    const page = readListPage(query, switches);
    if (isRefusal(page)) return page;
    const locale = localeOf(siteId, query);
    if (isLocaleRefused(locale)) return locale;
    const pages = content.pagesOf(siteId).filter(({ utility }) => !utility || switches.listsUtilityPages);
    const moved = moveList(page, switches.pageListMoves);
    return json(200, {
      pages: pages
        .slice(moved.offset, moved.offset + page.limit)
        .map((listed) => describe(listed, site, locale)),
      pagination: pagination(page, pages.length + moved.more, switches),
    });
  }

  function getDom({ id, query }: ApiRequest): Reply {
    const shown = content.pages.get(id);
    if (!shown) return notFound("page");
    const page = readListPage(query, switches);
    if (isRefusal(page)) return page;
    const locale = localeOf(shown.siteId, query);
    if (isLocaleRefused(locale)) return locale;
    const elements = readableElements(shown, locale, context);
    if ("status" in elements) return elements;
    const nodes = domNodes(elements, shown.id, { context, locale });
    return json(200, {
      pageId: shown.id,
      branchId: shown.branchId,
      nodes: nodes.slice(page.offset, page.offset + page.limit),
      pagination: pagination(page, nodes.length, switches),
      lastUpdated: shown.lastUpdated,
    });
  }

  return {
    listPages: list,
    getPageDom: getDom,
    getPage: ({ id, query }) => {
      const page = content.pages.get(id);
      if (!page) return notFound("page");
      const locale = localeOf(page.siteId, query);
      return isLocaleRefused(locale)
        ? locale
        : json(200, describe(page, database.sites.get(page.siteId), locale));
    },
  };
}

/** The list changes between its first page and the others. */
function moveList({ offset }: Page, how: "no" | "duplicate" | "skip"): { offset: number; more: number } {
  if (offset === 0 || how === "no") return { offset, more: 0 };
  return how === "duplicate" ? { offset: offset - 1, more: 1 } : { offset: offset + 1, more: -1 };
}

function describe(page: EmulatedPage, site: EmulatedSite | undefined, { secondary }: AskedLocale) {
  const { id, siteId, title, slug, parentId, collectionId, createdOn, lastUpdated, branchId } = page;
  const locale = secondary ?? site?.locales.primary;
  return {
    id,
    siteId,
    title,
    slug,
    parentId,
    collectionId,
    createdOn,
    lastUpdated,
    archived: page.isArchived,
    draft: page.isDraft,
    canBranch: branchId === null,
    isBranch: branchId !== null,
    branchId,
    seo: { title, description: "" },
    openGraph: { title, titleCopied: true, description: "", descriptionCopied: true },
    localeId: locale?.id ?? null,
    publishedPath: locale ? localePath(page.path, locale) : page.path,
  };
}

/** "Content of CMS template pages is empty"; what drafts answer is not documented. */
function readableElements(page: EmulatedPage, { secondary }: AskedLocale, { switches }: ApiContext) {
  if (page.collectionId !== null) {
    if (switches.domOfTemplates === 200) return [];
    return switches.domOfTemplates === 403 ? forbidden() : notFound("page");
  }
  if (page.isDraft && switches.domOfDrafts !== "readable")
    return switches.domOfDrafts === 404 ? notFound("page") : [];
  return page.content.localized[secondary?.id ?? ""] ?? page.content.elements;
}
