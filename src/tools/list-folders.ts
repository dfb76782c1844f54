import { listFoldersInput, listFoldersOutput } from "../contract/list-folders.js";
import { defineTool } from "./definition/tool.js";

export const listFolders = defineTool({
  name: "listFolders",
  title: "List asset folders",
  description:
    "List a Webflow site's asset folders as paths, with ids and the number of assets in each. query: part of a path.",
  input: listFoldersInput,
  output: listFoldersOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.listFolders(args, context),
});
