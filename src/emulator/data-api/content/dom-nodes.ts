import { createHash } from "node:crypto";
import type { ElementAlt, PageElement } from "../../database/content-records.js";
import { withUrls } from "../../urls/content-urls.js";
import { shownAltText } from "../assets/alt-texts.js";
import type { ApiContext } from "../protocol/endpoint.js";
import type { AskedLocale } from "../protocol/locales.js";

/** A node of a page's or component's DOM, in the API's form. */
export type DomNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** What the Data API shows of a page: only its "static content available for localization". */
export interface DomReading {
  readonly context: ApiContext;
  readonly locale: AskedLocale;
}

/** `owner` names the page or component, which gives its nodes stable ids. */
export function domNodes(elements: readonly PageElement[], owner: string, reading: DomReading): DomNode[] {
  return elements.flatMap((element, index) => nodesOf(element, `${owner}/${index}`, reading));
}

function nodesOf(element: PageElement, path: string, reading: DomReading): DomNode[] {
  const { switches, storedUrls } = reading.context;
  const id = uuidOf(path);
  switch (element.kind) {
    case "list":
    case "markup":
      return [];
    case "text":
      return [textNode(id, withUrls(element.html, storedUrls))];
    case "rich-text": {
      const html = withUrls(element.html, storedUrls);
      return [textNode(id, switches.domHasRichTextImages ? html : html.replace(/<img\b[^>]*>/g, ""))];
    }
    case "image": {
      const image = {
        alt: altOf(element.assetId, element.alt ?? "inherit", reading),
        assetId: element.assetId,
      };
      return [{ id, type: "image", image, attributes: element.attributes ?? {} }];
    }
    case "component":
      return [...instance(element, id, reading), ...slotNodes(element, path, reading)];
  }
}

function textNode(id: string, html: string): DomNode {
  return { id, type: "text", text: { html, text: html.replace(/<[^>]*>/g, "") }, attributes: {} };
}

type Instance = Extract<PageElement, { kind: "component" }>;

/** "In the secondary locale, only component instances with overrides are there." */
function instance({ componentId, overrides = [] }: Instance, id: string, { context, locale }: DomReading) {
  const isPlain = overrides.length === 0;
  if (locale.secondary && isPlain && context.switches.domPlainInstances === "absent") return [];
  return [{ id, type: "component-instance", componentId, propertyOverrides: overrides }];
}

function slotNodes({ slot = [] }: Instance, path: string, reading: DomReading): DomNode[] {
  const { domSlots } = reading.context.switches;
  if (domSlots === "absent") return [];
  const shown = domSlots === "flattened" ? slot : slot.filter(({ kind }) => kind === "component");
  return domNodes(shown, `${path}/slot`, reading);
}

function altOf(assetId: string, alt: ElementAlt, { context, locale }: DomReading): string | null {
  const { domImageAlt, domDecorativeAlt } = context.switches;
  if (alt === "decorative") {
    if (domDecorativeAlt === "null") return null;
    return domDecorativeAlt === "empty" ? "" : "__wf_reserved_decorative";
  }
  if (alt !== "inherit") return alt.text;
  if (domImageAlt !== "resolved") return domImageAlt === "null" ? null : "__wf_reserved_inherit";
  const asset = context.database.assetRecords.get(assetId);
  return asset ? shownAltText(asset, locale, context.switches) : null;
}

/** The same UUID for the same text. */
function uuidOf(text: string): string {
  const hex = createHash("md5").update(text).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
