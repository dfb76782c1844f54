import * as z from "zod";

/*
 * Arguments and result fields that several tools share. Limits and defaults stand in the descriptions as well,
 * because some clients drop them from the schemas.
 */

export const siteId = z.string().optional().describe("Default: the configured or only site");

export const folder = z
  .string()
  .optional()
  .describe('Path, e.g. "Campaigns/Spring"; \\/ is a slash in a name');

export const folderId = z.string().optional().describe("Folder id, instead of folder");

export const optimize = z
  .boolean()
  .optional()
  .describe("Make pictures fit (up to 40 MiB) and remove location and camera data");

export const displayName = z.string().optional().describe("Name shown in Webflow");

export const altText = z.string().max(500).optional().describe("What the image shows");

export const md5 = z
  .string()
  .regex(/^[0-9a-fA-F]{32}$/)
  .optional()
  .describe("Expected MD5, in hex");

export const dryRun = z.boolean().optional().describe("Only check and plan");

export const locale = z.string().optional().describe("Locale of alt texts, e.g. de-DE; default: primary");

export const cursor = z.string().optional().describe("nextCursor of the previous page");

export const notes = z.array(z.string()).describe("What was changed, and what to tell the user");

export const assetId = z.string().describe("Asset id");

export const failedAssets = z.array(z.object({ assetId: z.string(), error: z.string() }));
