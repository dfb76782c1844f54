import type {
  ContentUrls,
  ElementAlt,
  EmulatedCollection,
  EmulatedItem,
  FieldData,
  PageElement,
} from "../database/content-records.js";
import { localePath } from "../database/locale-path.js";
import type { EmulatedLocale, EmulatedSite } from "../database/records.js";
import { type EmulatorContext, withUrls } from "../urls/content-urls.js";
import { escapeHtml, picture } from "./html.js";
import { renderFields } from "./render-fields.js";

/** What of a site is rendered, for whom. */
export interface Rendering {
  readonly context: EmulatorContext;
  readonly site: EmulatedSite;
  readonly locale: EmulatedLocale;
  readonly urls: ContentUrls;
  /** The query of the request, which selects the pages of lists. */
  readonly query: URLSearchParams;
}

/** The most items on a page of a list. */
const LIST_PAGE = 100;

/** The markup of elements, as Webflow publishes them. */
export function renderElements(elements: readonly PageElement[], rendering: Rendering): string {
  return elements.map((element) => renderElement(element, rendering)).join("\n");
}

function renderElement(element: PageElement, rendering: Rendering): string {
  const { urls, context } = rendering;
  switch (element.kind) {
    case "text":
    case "markup":
      return withUrls(element.html, urls);
    case "rich-text":
      return `<div class="w-richtext">${withUrls(element.html, urls)}</div>`;
    case "image":
      return renderImage(element, rendering);
    case "component": {
      const definition = context.database.content.components.get(element.componentId)?.elements ?? [];
      return renderElements([...definition, ...(element.slot ?? [])], rendering);
    }
    case "list":
      return renderList(element, rendering);
  }
}

function renderImage(
  { assetId, alt = "inherit", attributes = {} }: Extract<PageElement, { kind: "image" }>,
  rendering: Rendering,
): string {
  const { urls, context } = rendering;
  const { variantWidths } = context.switches;
  const candidates = variantWidths.map((width) => `${urls.variant(assetId, width)} ${width}w`);
  const srcset = candidates.length > 0 ? { srcset: candidates.join(", "), sizes: "100vw" } : {};
  return picture(urls.asset(assetId), { ...attributes, ...srcset, alt: altText(assetId, alt, rendering) });
}

/** The element's own, else the asset's in the locale, else the asset's in the primary locale. */
function altText(assetId: string, alt: ElementAlt, { context, locale }: Rendering): string {
  if (alt === "decorative") return "";
  if (alt !== "inherit") return alt.text;
  const asset = context.database.assetRecords.get(assetId);
  return asset?.localizedAltTexts.get(locale.id) ?? asset?.altText ?? "";
}

function renderList(
  { collectionId, pageSize = LIST_PAGE }: Extract<PageElement, { kind: "list" }>,
  rendering: Rendering,
): string {
  const { content } = rendering.context.database;
  const collection = content.collections.get(collectionId);
  const items = content.itemsOf(collectionId).flatMap((item) => {
    const live = liveIn(item, rendering);
    return live ? [live] : [];
  });
  if (!collection || items.length === 0) return '<div class="w-dyn-empty"><div>No items found.</div></div>';
  const { listPages } = rendering.context.switches;
  const size = listPages === "none" ? LIST_PAGE : pageSize;
  const parameter = listParameter(collectionId);
  const page = Math.max(1, Number(rendering.query.get(parameter) ?? 1) || 1);
  const shown = items.slice((page - 1) * size, page * size);
  const hasMore = listPages === "linked" && items.length > page * size;
  const next = hasMore
    ? `<a href="?${parameter}=${page + 1}" aria-label="Next Page" class="w-pagination-next">Next</a>`
    : "";
  const cards = shown.map((fields) => renderCard(fields, collection, rendering));
  return `<div class="w-dyn-list"><div role="list" class="w-dyn-items">${cards.join("")}</div>${next}</div>`;
}

/** The query parameter of a list's pages, such as `1a2b3c4d_page`. */
export function listParameter(collectionId: string): string {
  return `${collectionId.slice(-8)}_page`;
}

function renderCard(fields: FieldData, collection: EmulatedCollection, rendering: Rendering): string {
  const { context, locale, urls } = rendering;
  const template = [...context.database.content.pages.values()].find(
    ({ collectionId }) => collectionId === collection.id,
  );
  const path = template && localePath(`${template.path}/${fields.slug}`, locale);
  const link = path
    ? `<a href="${escapeHtml(path)}">${escapeHtml(fields.name)}</a>`
    : escapeHtml(fields.name);
  const pictures = collection.fields.filter(({ type }) => type === "Image");
  return `<div role="listitem" class="w-dyn-item">${link}${renderFields(fields, pictures, urls)}</div>`;
}

/** The published item in the locale, or else in the primary one. */
export function liveIn(item: EmulatedItem, { site, locale }: Rendering): FieldData | undefined {
  const variant =
    item.variants.get(locale.cmsLocaleId) ?? item.variants.get(site.locales.primary.cmsLocaleId);
  return variant?.live;
}
