import * as z from "zod";
import { jobReport, optimize, siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const syncFolder = defineTool({
  name: "syncFolder",
  title: "Sync a local directory to an asset folder",
  description:
    "Compare a local directory (its sub-directories become sub-folders) with an asset folder of a Webflow site by " +
    "their bytes, and with apply upload what is new or changed. Nothing is ever deleted or moved on the site. " +
    "Without apply it only tells the plan; files that are the same are counted, not listed.",
  input: z.strictObject({
    directory: z.string().describe("Local directory in an allowed directory"),
    folder: z.string().describe('Folder path on the site, e.g. "Campaigns/Spring"'),
    include: z
      .array(z.string())
      .max(50)
      .optional()
      .describe('Globs of files to take, e.g. ["**/*.jpg"]; default all'),
    exclude: z.array(z.string()).max(50).optional().describe("Globs of files to leave out"),
    optimize,
    apply: z.boolean().default(false).describe("Upload what is new or changed; default false"),
    siteId,
  }),
  output: z.object({
    siteId: z.string(),
    folder: z.object({ id: z.string().optional(), path: z.string() }),
    plan: z.object({ new: z.int(), same: z.int(), changed: z.int(), refused: z.int(), onlyOnSite: z.int() }),
    files: z.array(
      z.object({
        path: z.string(),
        status: z.enum(["new", "changed", "refused", "onlyOnSite"]),
        id: z.string().optional(),
        notes: z.array(z.string()).optional(),
        error: z.string().optional(),
      }),
    ),
    ...jobReport.partial().shape,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  showsGallery: true,
  run: (service, args, context) => service.syncFolder(args, context),
});
