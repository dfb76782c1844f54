import * as z from "zod";
import { siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const ensureFolder = defineTool({
  name: "ensureFolder",
  title: "Make sure an asset folder exists",
  description:
    "Create an asset folder on a Webflow site, with every missing level of its path; an existing folder is found, " +
    "not doubled. Webflow's API cannot rename, move or delete folders afterwards.",
  input: z.strictObject({
    path: z
      .string()
      .describe(
        'Path from the root, e.g. "Campaigns/Spring"; a slash inside a name is written \\/, a backslash \\\\',
      ),
    siteId,
  }),
  output: z.object({
    siteId: z.string(),
    folder: z.object({ id: z.string(), path: z.string() }),
    created: z.array(z.string()).describe("Paths of the levels that were made"),
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.ensureFolder(args, context),
});
