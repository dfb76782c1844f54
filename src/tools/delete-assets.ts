import { deleteAssetsInput, deleteAssetsOutput } from "../contract/delete-assets.js";
import { defineTool } from "./definition/tool.js";

export const deleteAssets = defineTool({
  name: "deleteAssets",
  title: "Delete assets",
  description:
    "Permanently delete up to 100 Webflow assets. Checks first where they are used: a used asset is not deleted (IN_USE) " +
    "unless evenIfUsed. The user is asked wherever the client can ask; where it cannot, ask in the conversation, then set confirm.",
  input: deleteAssetsInput,
  output: deleteAssetsOutput,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.deleteAssets(args, context),
});
