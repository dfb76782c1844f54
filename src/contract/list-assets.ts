import * as z from "zod";
import { cursor, folder, folderId, locale, siteId } from "./fields.js";

/** Shared with showGallery, which shows the same listing as pictures. */
export const listAssetsInput = z.strictObject({
  siteId,
  folder,
  folderId,
  query: z.string().optional().describe("Text in name, file name or alt text; case and accents ignored"),
  type: z.enum(["image", "document", "lottie", "video", "other"]).optional(),
  missingAltText: z.boolean().optional().describe("true: only without alt text; CMS pictures are not assets"),
  minSize: z.int().min(0).optional().describe("Bytes"),
  locale,
  limit: z.int().min(1).max(200).default(50).describe("Assets per page, 1 to 200, default 50"),
  cursor,
});

export const listAssetsOutput = z.object({
  siteId: z.string(),
  assets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      contentType: z.string(),
      size: z.int(),
      url: z.string().optional(),
      folder: z.string().optional(),
      altText: z.string().optional(),
      sameAsPrimary: z.boolean().optional(),
    }),
  ),
  total: z.int(),
  notes: z.array(z.string()).optional(),
  nextCursor: z.string().optional(),
});

export type ListAssetsRequest = z.output<typeof listAssetsInput>;
export type ListAssetsResult = z.input<typeof listAssetsOutput>;
