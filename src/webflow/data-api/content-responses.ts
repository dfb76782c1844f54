import * as z from "zod";

/*
 * What Webflow answers about sites, pages, components and the CMS, in the spelling of the webflow-api SDK, reduced to
 * what tells where assets are used. An entry that is not what Webflow documents does not spoil its list: it is left out
 * and counted. Source: https://developers.webflow.com/data/reference
 */

/** A text; anything else counts as absent. */
export const text = z
  .string()
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);

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

/** A list from which only the readable entries are kept. */
function listOf<Entry extends z.ZodType>(entry: Entry) {
  return z
    .array(z.unknown())
    .nullish()
    .transform((all): { entries: z.output<Entry>[]; unreadable: number } => {
      const parsed = (all ?? []).map((one) => entry.safeParse(one));
      const entries = parsed.flatMap((one) => (one.success ? [one.data] : []));
      return { entries, unreadable: parsed.length - entries.length };
    });
}

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
  .object({ primary: localeSchema.nullish().catch(undefined), secondary: listOf(localeSchema) })
  .nullish()
  .catch(undefined)
  .transform((locales): SiteLocale[] =>
    locales?.primary ? [locales.primary, ...locales.secondary.entries] : [],
  );

const domainSchema = z.object({ url: z.string(), lastPublished: time });

export const siteDetailsSchema = z.object({
  shortName: text,
  lastPublished: time,
  customDomains: listOf(domainSchema),
  locales: localesSchema,
});
export type SiteDetails = z.output<typeof siteDetailsSchema>;

const paginationSchema = z
  .object({ total: z.number().int().nonnegative().nullish(), limit: z.number().int().positive().nullish() })
  .nullish()
  .catch(undefined);

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
export const collectionDetailsSchema = z.object({ fields: listOf(fieldSchema) });

export const itemSchema = z.object({
  id: z.string(),
  cmsLocaleId: text,
  fieldData: z.record(z.string(), z.unknown()).nullish(),
});
export type CollectionItem = z.output<typeof itemSchema>;

/** One page of a list. Webflow may return less than was asked for, and leave the pagination out. */
export interface ListPage<Entry> {
  readonly entries: readonly Entry[];
  /** Entries that do not match Webflow's documentation. */
  readonly unreadable: number;
  readonly total: number | undefined;
}

/** The answer of a list whose entries are under `key`. */
export function listPageSchema<Entry extends z.ZodType>(key: string, entry: Entry) {
  return z
    .looseObject({ pagination: paginationSchema })
    .transform((answer, context): ListPage<z.output<Entry>> => {
      const list = listOf(entry).safeParse(answer[key]);
      if (list.success && answer[key] !== undefined)
        return { ...list.data, total: answer.pagination?.total ?? undefined };
      context.addIssue(`there are no ${key}`);
      return z.NEVER;
    });
}
