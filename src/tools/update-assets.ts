import { updateAssetsInput, updateAssetsOutput } from "../contract/update-assets.js";
import { defineTool } from "./definition/tool.js";

export const updateAssets = defineTool({
  name: "updateAssets",
  title: "Set alt texts and display names",
  description:
    "Set the alt text or display name of up to 100 Webflow assets. Fields left out stay unchanged; URLs do not change. " +
    "Returns the old texts. " +
    "An asset that cannot be updated does not stop the others.",
  input: updateAssetsInput,
  output: updateAssetsOutput,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.updateAssets(args, context),
});
