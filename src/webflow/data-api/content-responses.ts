import * as z from "zod";
import { entriesWithin, text } from "./lenient.js";

/*
 * What Webflow answers about sites, pages, components and the CMS, in the spelling of the webflow-api SDK, reduced to
 * what tells where assets are used. An entry that is not what Webflow documents does not spoil its list: it is left out
 * and counted. Source: https://developers.webflow.com/data/reference
 */

const flag = z.boolean().nullish().catch(undefined);

/** Milliseconds since the epoch. */
const time = z
  .union([z.date(), z.string()])
  .nullish()
  .catch(undefined)
  .transform((value) => {
    const ms = value === null || value === undefined ? Number.NaN : new Date(value).getTime();
    return Number.isNaN(ms) ? undefined : ms;
  });

const localeSchema = z.object({
  id: z.string(),
  cmsLocaleId: text,
  displayName: text,
  displayImageId: text,
  subdirectory: text,
  tag: text,
  enabled: flag,
});
export type SiteLocale = z.output<typeof localeSchema>;

/** All locales of a site, the primary one first. */
export const localesSchema = z
  .object({ primary: localeSchema.nullish().catch(undefined), secondary: entriesWithin(localeSchema) })
  .nullish()
  .catch(undefined)
  .transform((locales): SiteLocale[] => (locales?.primary ? [locales.primary, ...locales.secondary] : []));

const domainSchema = z.object({ url: z.string(), lastPublished: time });

export const siteDetailsSchema = z.object({
  shortName: text,
  lastPublished: time,
  customDomains: entriesWithin(domainSchema),
  locales: localesSchema,
});
export type SiteDetails = z.output<typeof siteDetailsSchema>;

export const pageSchema = z.object({
  id: z.string(),
  title: text,
  slug: text,
  collectionId: text,
  archived: flag,
  draft: flag,
  isBranch: flag,
  lastUpdated: time,
  publishedPath: text,
});
export type SitePage = z.output<typeof pageSchema>;

/** Nodes and items are searched completely, known keys or not. */
export const anything = z.looseObject({});

export const componentSchema = z.object({ id: z.string(), name: text });

export const collectionSchema = z.object({ id: z.string(), displayName: text, slug: text });

const fieldSchema = z.object({ slug: z.string(), type: text });
export const collectionDetailsSchema = z.object({ fields: entriesWithin(fieldSchema) });

export const itemSchema = z.object({
  id: z.string(),
  cmsLocaleId: text,
  fieldData: z.record(z.string(), z.unknown()).nullish(),
});
export type CollectionItem = z.output<typeof itemSchema>;
