import { syncFolderInput, syncFolderOutput } from "../contract/sync-folder.js";
import { defineTool } from "./definition/tool.js";

export const syncFolder = defineTool({
  name: "syncFolder",
  title: "Sync a local directory to an asset folder",
  description:
    "Compare a local directory (its sub-directories become sub-folders) with an asset folder of a Webflow site by " +
    "bytes, and with apply upload what is new or changed (the result then includes that of uploadAssets). Nothing is ever deleted or moved on the site. " +
    "Without apply it only returns the plan; unchanged files are counted, not listed.",
  input: syncFolderInput,
  output: syncFolderOutput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  showsGallery: true,
  run: (service, args, context) => service.syncFolder(args, context),
});
