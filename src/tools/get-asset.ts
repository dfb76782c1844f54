import * as z from "zod";
import { assetId, siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const getAsset = defineTool({
  name: "getAsset",
  title: "Get one asset",
  description:
    "Get everything about one Webflow asset: names, folder, URL, alt text, dates and image variants.",
  input: z.strictObject({ assetId, siteId }),
  output: z.object({
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
      createdOn: z.string().optional(),
      lastUpdated: z.string().optional(),
      variants: z.array(z.object({ width: z.number().optional(), url: z.string() })),
    }),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.getAsset(args, context),
});
