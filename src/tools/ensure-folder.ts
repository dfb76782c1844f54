import { ensureFolderInput, ensureFolderOutput } from "../contract/ensure-folder.js";
import { defineTool } from "./definition/tool.js";

export const ensureFolder = defineTool({
  name: "ensureFolder",
  title: "Make sure an asset folder exists",
  description:
    "Create an asset folder on a Webflow site, with missing levels; an existing one is returned. Uploads create folders " +
    "themselves. The API cannot rename, move or delete folders.",
  input: ensureFolderInput,
  output: ensureFolderOutput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.ensureFolder(args, context),
});
