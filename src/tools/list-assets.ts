import { listAssetsInput, listAssetsOutput } from "../contract/list-assets.js";
import { defineTool } from "./definition/tool.js";

export const listAssets = defineTool({
  name: "listAssets",
  title: "Find assets",
  description:
    "Find the assets of a Webflow site: by folder (with all folders below it), text, type, size, or missing alt text. " +
    "Returns ids and public URLs, page by page.",
  input: listAssetsInput,
  output: listAssetsOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.listAssets(args, context),
});
