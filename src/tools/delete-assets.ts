import * as z from "zod";
import { failedAssets, siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const deleteAssets = defineTool({
  name: "deleteAssets",
  title: "Delete assets",
  description:
    "Delete up to 100 Webflow assets for good; pages that use them break. The user is asked first; where that is not " +
    "possible, ask in the conversation and then set confirm.",
  input: z.strictObject({
    assetIds: z.array(z.string()).min(1).max(100).describe("1 to 100 asset ids"),
    confirm: z.boolean().optional().describe("true only when the user has agreed to delete these assets"),
    siteId,
  }),
  output: z.object({ deleted: z.array(z.string()), failed: failedAssets }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.deleteAssets(args, context),
});
