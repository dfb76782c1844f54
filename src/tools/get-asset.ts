import { getAssetInput, getAssetOutput } from "../contract/get-asset.js";
import { defineTool } from "./definition/tool.js";

export const getAsset = defineTool({
  name: "getAsset",
  title: "Get one asset",
  description:
    "Get everything about one Webflow asset: names, folder, URL, alt text, dates, variants. To see it: viewAsset; its uses: findUses.",
  input: getAssetInput,
  output: getAssetOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.getAsset(args, context),
});
