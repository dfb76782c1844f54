import * as z from "zod";
import { cutText, visibleLine, visibleText } from "../core/text.js";

/*
 * What Webflow answers, in the spelling of the webflow-api SDK, reduced to the fields that are used here.
 * Fields that Webflow does not promise are optional, and a null is the same as an absent field (the SDK drops
 * nulls of the fields that it knows). Source: https://developers.webflow.com/data/reference/assets
 */

/** An ObjectId: 24 hex digits. */
export const webflowId = z.string().regex(/^[0-9a-f]{24}$/i);

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** A name that people gave: it can be of any of a site's editors. Absurd lengths are cut. */
const name = z
  .string()
  .nullish()
  .transform((value) => (value == null ? undefined : cutText(visibleLine(value), LONGEST_NAME)));
const LONGEST_NAME = 1_000;

const altText = z
  .string()
  .nullish()
  .transform((value) => (value == null ? undefined : visibleText(value)));

const timestamp = z
  .union([z.date(), z.string()])
  .nullish()
  .transform((value) => (value instanceof Date ? value.toISOString() : (value ?? undefined)));

export const siteSchema = z.object({ id: webflowId, displayName: name, shortName: name });
export type Site = z.infer<typeof siteSchema>;

export const siteListSchema = z.object({ sites: z.array(siteSchema) });

export const folderSchema = z.object({
  id: webflowId,
  displayName: z.string().transform((value) => cutText(visibleLine(value), LONGEST_NAME)),
  parentFolder: text,
  assets: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
});
export type Folder = z.infer<typeof folderSchema>;

export const createdFolderSchema = z.object({ id: webflowId, displayName: name, parentFolder: text });

const paginationSchema = z.object({ total: z.number().int().nonnegative() });

export const folderPageSchema = z.object({
  assetFolders: z.array(folderSchema),
  pagination: paginationSchema.nullish(),
});
export type FolderPage = z.infer<typeof folderPageSchema>;

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
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  hostedUrl: text,
  altText,
  /** Only a listing tells it; absent in the root. */
  folderId: text,
  createdOn: timestamp,
  lastUpdated: timestamp,
  variants: z
    .array(variantSchema)
    .nullish()
    .transform((value) => value ?? []),
});
export type Asset = z.infer<typeof assetSchema>;

export const assetPageSchema = z.object({ assets: z.array(assetSchema), pagination: paginationSchema });
export type AssetPage = z.infer<typeof assetPageSchema>;

export const createdAssetSchema = z.object({
  id: webflowId,
  originalFileName: text,
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

const optionalText = z.string().nullish().catch(undefined);

/** What Webflow says when it refuses: https://developers.webflow.com/data/reference/error-handling */
export const errorBodySchema = z.object({
  code: z.union([z.string(), z.number()]).nullish().catch(undefined),
  message: optionalText,
  /** The message of the other shape, which an unknown route is answered with. */
  msg: optionalText,
  details: z.array(z.unknown()).nullish().catch(undefined),
});

export const unknownRouteSchema = z.object({ name: optionalText, errorEnum: optionalText });
