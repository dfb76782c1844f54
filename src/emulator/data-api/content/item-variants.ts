import type { EmulatedCollection, EmulatedItem, FieldData } from "../../database/content-records.js";
import type { Reply } from "../../http/exchange.js";
import { withUrls } from "../../urls/content-urls.js";
import type { ApiContext } from "../protocol/endpoint.js";
import { validationError } from "../protocol/replies.js";

/** An item in one locale. */
export interface ItemInLocale {
  readonly item: EmulatedItem;
  readonly cmsLocaleId: string;
  readonly fieldData: FieldData;
}

export type ItemVersion = "staged" | "live";

/** The locales of a comma-separated `cmsLocaleId`, or the answer that refuses it. */
export function readCmsLocales(
  query: URLSearchParams,
  { siteId }: EmulatedCollection,
  { database, switches }: ApiContext,
): readonly string[] | Reply {
  const locales = database.sites.get(siteId)?.locales;
  const primary = locales?.primary.cmsLocaleId ?? "";
  const all = [primary, ...(locales?.secondary ?? []).map(({ cmsLocaleId }) => cmsLocaleId)];
  const asked = (query.get("cmsLocaleId") ?? "").split(",").filter((id) => id !== "");
  if (asked.length === 0) return switches.cmsLocaleWhenOmitted === "all" ? all : [primary];
  const known = asked.filter((id) => all.includes(id));
  if (known.length === asked.length || switches.unknownCmsLocale === "empty") return known;
  if (switches.unknownCmsLocale === "primary") return [...new Set([...known, primary])];
  return validationError("cmsLocaleId is not a locale of the site");
}

/** The item in each of its locales, as edited or as published. */
export function inLocales(
  item: EmulatedItem,
  version: ItemVersion,
  locales: readonly string[],
  { switches }: ApiContext,
): ItemInLocale[] {
  const [primary = ""] = item.variants.keys();
  return locales.flatMap((locale) => {
    const isMissing = !item.variants.has(locale);
    if (isMissing && switches.missingItemVariant === "not-found") return [];
    const cmsLocaleId = isMissing ? primary : locale;
    const fieldData = item.variants.get(cmsLocaleId)?.[version];
    return fieldData ? [{ item, cmsLocaleId, fieldData }] : [];
  });
}

/** An item in one locale, in the API's form. */
export function describeItem({ item, cmsLocaleId, fieldData }: ItemInLocale, { storedUrls }: ApiContext) {
  const { id, lastPublished, lastUpdated, createdOn, isArchived, isDraft } = item;
  const values = Object.entries(fieldData).map(([slug, value]) => [slug, withUrls(value, storedUrls)]);
  return {
    id,
    cmsLocaleId,
    lastPublished,
    lastUpdated,
    createdOn,
    isArchived,
    isDraft,
    fieldData: Object.fromEntries(values),
  };
}
