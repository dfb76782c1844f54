import * as z from "zod";
import { altText, displayName, dryRun, folder, md5, optimize, siteId } from "./fields.js";
import { jobReport } from "./job-report.js";

export const uploadAssetsInput = z.strictObject({
  items: z
    .array(
      z.strictObject({
        source: z.string().describe("Local path in an allowed directory, http(s) URL, or small data: URI"),
        folder,
        fileName: z.string().optional().describe("Default: the source's"),
        displayName,
        altText,
        md5,
        optimize: z.boolean().optional().describe("Default: that of the call"),
      }),
    )
    .min(1)
    .max(500)
    .describe("Files"),
  folder: folder.describe("For items that name none"),
  folderId: z.string().optional(),
  optimize,
  dryRun,
  siteId,
});

export const uploadAssetsOutput = jobReport;

export type UploadAssetsRequest = z.output<typeof uploadAssetsInput>;
