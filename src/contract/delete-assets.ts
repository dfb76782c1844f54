import * as z from "zod";
import { failedAssets, siteId } from "./fields.js";

export const deleteAssetsInput = z.strictObject({
  assetIds: z.array(z.string()).min(1).max(100).describe("1 to 100 asset ids"),
  confirm: z
    .boolean()
    .optional()
    .describe("true only if the user has agreed; used only where the client cannot ask"),
  evenIfUsed: z.boolean().optional().describe("true: delete used assets too"),
  siteId,
});

export const deleteAssetsOutput = z.object({
  deleted: z.array(z.string()),
  failed: failedAssets,
  notes: z.array(z.string()).optional(),
});

export type DeleteAssetsRequest = z.output<typeof deleteAssetsInput>;
export type DeleteAssetsResult = z.input<typeof deleteAssetsOutput>;
