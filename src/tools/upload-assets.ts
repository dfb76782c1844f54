import * as z from "zod";
import { folder, jobReport, optimize, siteId } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const uploadAssets = defineTool({
  name: "uploadAssets",
  title: "Upload many files as assets",
  description:
    "Upload 1 to 500 files to a Webflow site in one call, with folders and alt texts. " +
    "What takes longer than the call goes on as a job: follow it with uploadStatus. One failing file stops no other. " +
    "With more than 100 files the results leave out url (getAsset tells it).",
  input: z.strictObject({
    items: z
      .array(
        z.strictObject({
          source: z.string().describe("As for uploadAsset"),
          folder,
          fileName: z.string().optional(),
          displayName: z.string().optional(),
          altText: z.string().max(500).optional(),
          md5: z
            .string()
            .regex(/^[0-9a-fA-F]{32}$/)
            .optional(),
          optimize: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(500)
      .describe("1 to 500 files"),
    folder: folder.describe("Folder path of the items that name none"),
    optimize,
    dryRun: z.boolean().optional().describe("Only check and plan; writes nothing"),
    siteId,
  }),
  output: jobReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  showsGallery: true,
  run: (service, args, context) => service.uploadAssets(args, context),
});
