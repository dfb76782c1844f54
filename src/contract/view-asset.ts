import * as z from "zod";
import { assetId, siteId } from "./fields.js";

export const viewAssetInput = z.strictObject({
  assetId: assetId.optional(),
  assetIds: z.array(z.string()).min(1).max(12).optional().describe("1 to 12, on one sheet"),
  siteId,
});

export type ViewAssetRequest = z.output<typeof viewAssetInput>;

/** An asset for a model's eyes. */
export interface AssetView {
  readonly image?: { readonly bytes: Buffer; readonly contentType: string };
  /** What it is, in one line, then the source text of an SVG. */
  readonly texts: readonly string[];
}
