import * as z from "zod";
import { folder, optimize, siteId } from "./fields.js";
import { jobReport } from "./job-report.js";

export const uploadAssetsInput = z.strictObject({
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
    .describe("Files"),
  folder: folder.describe("Folder path for items that name none"),
  optimize,
  dryRun: z.boolean().optional().describe("Only check and plan"),
  siteId,
});

export const uploadAssetsOutput = jobReport;

export type UploadAssetsRequest = z.output<typeof uploadAssetsInput>;
