import * as z from "zod";
import { cutText, visibleLine, visibleText } from "../../core/text.js";
import { localesSchema } from "./content-responses.js";
import { entriesOf, entriesWithin, text } from "./lenient.js";

/*
 * What Webflow answers, in the spelling of the webflow-api SDK, reduced to the fields that are used here.
 * Fields that Webflow does not promise are optional, and a null is the same as an absent field (the SDK drops
 * nulls of the fields that it knows). Source: https://developers.webflow.com/data/reference/assets
 */

/** An ObjectId: 24 hex digits. */
export const webflowId = z.string().regex(/^[0-9a-f]{24}$/i);

/** A name that somebody gave, possibly any of the site's editors. Absurd lengths are cut. */
const name = text.transform((value) =>
  value === undefined ? undefined : cutText(visibleLine(value), LONGEST_NAME),
);
const LONGEST_NAME = 1_000;

const altText = text.transform((value) => (value === undefined ? undefined : visibleText(value)));

const timestamp = z
  .union([z.date(), z.string()])
  .nullish()
  .catch(undefined)
  .transform((value) => (value instanceof Date ? value.toISOString() : (value ?? undefined)));

export const siteSchema = z.object({
  id: webflowId,
  displayName: name,
  shortName: name,
  locales: localesSchema,
});
export type Site = z.infer<typeof siteSchema>;

export const siteListSchema = z.object({ sites: entriesOf(siteSchema) });

/** For a folder without a visible name, whose path would be that of its parent. */
const NAME_OF_NONE = "(no name)";

export const folderSchema = z.object({
  id: webflowId,
  displayName: z
    .string()
    .catch("")
    .transform((value) => cutText(visibleLine(value), LONGEST_NAME) || NAME_OF_NONE),
  parentFolder: text,
  assets: entriesWithin(z.string()),
});
export type Folder = z.infer<typeof folderSchema>;

export const createdFolderSchema = z.object({ id: webflowId, displayName: name, parentFolder: text });

const variantSchema = z.object({
  hostedUrl: z.string(),
  width: z.number().nullish(),
});

export const assetSchema = z.object({
  id: webflowId,
  siteId: text,
  displayName: name,
  originalFileName: name,
  contentType: text,
  size: z
    .preprocess(
      (value) => (typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value),
      z.number(),
    )
    .nullish()
    .catch(undefined)
    .transform((value) => value ?? undefined),
  hostedUrl: text,
  altText,
  /** Only listings have it; absent in the root. */
  folderId: text,
  createdOn: timestamp,
  lastUpdated: timestamp,
  variants: entriesWithin(variantSchema),
});
export type Asset = z.infer<typeof assetSchema>;

/** What a change is answered with: the asset, or nothing in any form. */
export const updatedAssetSchema = z.union([
  assetSchema,
  z.strictObject({}).transform(() => undefined),
  z.undefined(),
]);

export const createdAssetSchema = z.object({
  id: webflowId,
  /** Of an asset that is there already, that of whoever uploaded it first. */
  originalFileName: name,
  contentType: text,
  hostedUrl: text,
  assetUrl: text,
  uploadUrl: text,
  parentFolder: text,
  createdOn: timestamp,
  uploadDetails: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? undefined),
});
export type CreatedAsset = z.infer<typeof createdAssetSchema>;

export const introspectionSchema = z.object({
  authorization: z.object({ scope: text }),
});

/** The body of Webflow's refusals: https://developers.webflow.com/data/reference/error-handling */
export const errorBodySchema = z.object({
  code: z.union([z.string(), z.number()]).nullish().catch(undefined),
  message: text,
  /** The message of the other shape, in which Webflow answers for an unknown route. */
  msg: text,
  details: z.array(z.unknown()).nullish().catch(undefined),
});

export const unknownRouteSchema = z.object({ name: text, errorEnum: text });
