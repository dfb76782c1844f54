import * as z from "zod";
import { assetId, locale, siteId } from "./fields.js";

export const getAssetInput = z.strictObject({ assetId, locale, siteId });

export const getAssetOutput = z.object({
  siteId: z.string(),
  asset: z.object({
    id: z.string(),
    name: z.string(),
    fileName: z.string().optional(),
    contentType: z.string(),
    size: z.int(),
    url: z.string().optional(),
    folder: z.object({ id: z.string(), path: z.string() }).nullable().describe("null: the root"),
    altText: z.string().optional(),
    sameAsPrimary: z.boolean().optional(),
    createdOn: z.string().optional(),
    lastUpdated: z.string().optional(),
    variants: z.array(z.object({ width: z.number().optional(), url: z.string() })),
  }),
});

export type GetAssetRequest = z.output<typeof getAssetInput>;
export type GetAssetResult = z.input<typeof getAssetOutput>;
