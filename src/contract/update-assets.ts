import * as z from "zod";
import { assetId, failedAssets, locale, siteId } from "./fields.js";

export const updateAssetsInput = z.strictObject({
  updates: z
    .array(
      z.strictObject({
        assetId,
        displayName: z
          .string()
          .max(255)
          .optional()
          .describe("Up to 255 characters; keeps the extension when left out"),
        altText: z.string().max(500).optional().describe("Up to 500 characters; empty clears it"),
      }),
    )
    .min(1)
    .max(100)
    .describe("1 to 100"),
  locale,
  siteId,
});

export const updateAssetsOutput = z.object({
  updated: z.array(z.string()),
  failed: failedAssets,
  before: z
    .array(
      z.object({ assetId: z.string(), displayName: z.string().optional(), altText: z.string().optional() }),
    )
    .describe("The old texts, as updates that undo this call; long ones are cut and end with …"),
});

export type UpdateAssetsRequest = z.output<typeof updateAssetsInput>;
export type UpdateAssetsResult = z.input<typeof updateAssetsOutput>;
