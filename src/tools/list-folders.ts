import * as z from "zod";
import { cursor, siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const listFolders = defineTool({
  name: "listFolders",
  title: "List asset folders",
  description:
    "List the asset folders of a Webflow site as paths, with ids and the number of assets in each. " +
    "query keeps folders whose path contains the text (case and accents ignored).",
  input: z.strictObject({
    siteId,
    query: z.string().optional().describe("Text that the path must contain"),
    limit: z.int().min(1).max(1000).default(200).describe("Folders a page, 1 to 1000, default 200"),
    cursor,
  }),
  output: z.object({
    siteId: z.string(),
    folders: z.array(z.object({ id: z.string(), path: z.string(), assets: z.int() })),
    total: z.int(),
    nextCursor: z.string().optional(),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.listFolders(args, context),
});
