import * as z from "zod";
import { assetId, failedAssets, siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const updateAssets = defineTool({
  name: "updateAssets",
  title: "Set alt texts and display names",
  description:
    "Set the alt text or display name of up to 100 Webflow assets. What is left out stays as it is; URLs do not change. " +
    "An asset that cannot be updated does not stop the others.",
  input: z.strictObject({
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
    siteId,
  }),
  output: z.object({ updated: z.array(z.string()), failed: failedAssets }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.updateAssets(args, context),
});
