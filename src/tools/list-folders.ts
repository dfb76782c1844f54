import { listFoldersInput, listFoldersOutput } from "../contract/list-folders.js";
import { defineTool } from "./definition/tool.js";

export const listFolders = defineTool({
  name: "listFolders",
  title: "List asset folders",
  description:
    "List the asset folders of a Webflow site as paths, with ids and the number of assets in each. " +
    "query keeps folders whose path contains the text (case and accents ignored).",
  input: listFoldersInput,
  output: listFoldersOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.listFolders(args, context),
});
