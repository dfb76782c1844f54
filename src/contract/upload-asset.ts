import * as z from "zod";
import { altText, displayName, dryRun, folder, folderId, md5, notes, optimize, siteId } from "./fields.js";

export const uploadAssetInput = z.strictObject({
  source: z
    .string()
    .describe("Local path in an allowed directory (best), http(s) URL, or data: URI of at most 512 KiB"),
  folder,
  folderId,
  fileName: z.string().optional().describe("Default: the source's. The right extension is added"),
  displayName,
  altText,
  md5,
  optimize,
  evenIfSecret: z.boolean().optional().describe("Upload despite a secret in it; only if the user agreed"),
  dryRun,
  siteId,
});

export const uploadAssetOutput = z.object({
  status: z.enum(["uploaded", "reused", "planned"]),
  asset: z.object({
    id: z.string().optional(),
    fileName: z.string(),
    contentType: z.string(),
    size: z.int().describe("Bytes"),
    md5: z.string(),
    url: z.string().optional(),
    folder: z.object({ id: z.string().optional(), path: z.string() }).nullable(),
    altText: z.string().optional(),
  }),
  notes,
});

export type UploadAssetRequest = z.output<typeof uploadAssetInput>;
export type UploadAssetResult = z.input<typeof uploadAssetOutput>;
