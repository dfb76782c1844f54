import type { EmulatedPage, FieldData, PageContent } from "../database/content-records.js";
import { localePath } from "../database/locale-path.js";
import { withUrls } from "../urls/content-urls.js";
import { escapeHtml, picture } from "./html.js";
import { type Rendering, renderElements } from "./render-elements.js";
import { renderFields } from "./render-fields.js";
import { styleSheetUrls } from "./style-sheets.js";

/** A page of a site, or that of an item of its collection. */
export interface PageToRender {
  readonly page: EmulatedPage;
  readonly content: PageContent;
  readonly item: FieldData | undefined;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
}

/** A document as Webflow publishes it, in two halves, between which oversized bodies are filled. */
export function renderPage(shown: PageToRender, rendering: Rendering): readonly [string, string] {
  const { page, content, item, origin } = shown;
  const { context, locale, urls, site } = rendering;
  const elements = content.localized[locale.id] ?? content.elements;
  const half = Math.ceil(elements.length / 2);
  const collection = context.database.content.collections.get(page.collectionId ?? "");
  const fields = item && collection ? renderFields(item, collection.fields, urls) : "";
  const styles = styleSheetUrls(page, origin, context).map(
    (url) => `<link href="${escapeHtml(url)}" rel="stylesheet" type="text/css"/>`,
  );
  return [
    [
      `<!DOCTYPE html><!-- Last Published: ${site.lastPublished} -->${htmlTag(shown, rendering)}<head>`,
      `<meta charset="utf-8"/><title>${escapeHtml(item?.name ?? page.title)}</title>`,
      ...alternates(shown, rendering),
      ...styles,
      `${withUrls(content.head, urls)}</head><body>`,
      context.switches.showsForeignAssets ? picture(urls.asset(foreignAssetId(site.id)), { alt: "" }) : "",
      renderElements(elements.slice(0, half), rendering),
    ].join("\n"),
    `\n${renderElements(elements.slice(half), rendering)}${fields}</body></html>\n`,
  ];
}

function htmlTag({ page, item, origin }: PageToRender, { site, locale }: Rendering): string {
  const ofItem = item ? ` data-wf-collection="${page.collectionId}" data-wf-item-slug="${item.slug}"` : "";
  const domain = new URL(origin).host;
  return `<html data-wf-domain="${domain}" data-wf-page="${page.id}" data-wf-site="${site.id}" lang="${locale.tag}"${ofItem}>`;
}

function alternates({ page, item, origin }: PageToRender, { site }: Rendering): string[] {
  const { primary, secondary } = site.locales;
  const enabled = secondary.filter((locale) => locale.enabled);
  if (enabled.length === 0) return [];
  const path = item ? `${page.path}/${item.slug}` : page.path;
  return [{ ...primary, tag: "x-default" }, primary, ...enabled].map(
    (locale) =>
      `<link rel="alternate" hrefLang="${locale.tag}" href="${escapeHtml(origin + localePath(path, locale))}"/>`,
  );
}

/** The id of an asset that another site has. */
function foreignAssetId(siteId: string): string {
  return [...siteId].reverse().join("");
}
