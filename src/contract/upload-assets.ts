import * as z from "zod";
import { folder, optimize, siteId } from "./fields.js";
import { jobReport } from "./job-report.js";

export const uploadAssetsInput = z.strictObject({
  items: z
    .array(
      z.strictObject({
        source: z.string().describe("Local path in an allowed directory, http(s) URL, or small data: URI"),
        folder,
        fileName: z.string().optional().describe("Default: the source's"),
        displayName: z.string().optional().describe("Name shown in Webflow"),
        altText: z.string().max(500).optional().describe("What the image shows"),
        md5: z
          .string()
          .regex(/^[0-9a-fA-F]{32}$/)
          .optional()
          .describe("MD5 that it must have"),
        optimize: z.boolean().optional().describe("Default: that of the call"),
      }),
    )
    .min(1)
    .max(500)
    .describe("Files"),
  folder: folder.describe("For items that name none"),
  folderId: z.string().optional(),
  optimize,
  dryRun: z.boolean().optional().describe("Only check and plan"),
  siteId,
});

export const uploadAssetsOutput = jobReport;

export type UploadAssetsRequest = z.output<typeof uploadAssetsInput>;
