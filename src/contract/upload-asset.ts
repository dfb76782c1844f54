import * as z from "zod";
import { folder, folderId, notes, optimize, siteId } from "./fields.js";

export const uploadAssetInput = z.strictObject({
  source: z
    .string()
    .describe("Local path in an allowed directory (best), http(s) URL, or data: URI of at most 512 KiB"),
  folder,
  folderId,
  fileName: z.string().optional().describe("Default: the source's. The right extension is added"),
  displayName: z.string().optional().describe("Name shown in Webflow"),
  altText: z.string().max(500).optional().describe("What the image shows"),
  md5: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/)
    .optional()
    .describe("Expected MD5, in hex"),
  optimize,
  evenIfSecret: z.boolean().optional().describe("Upload despite a secret in it; only if the user agreed"),
  dryRun: z.boolean().optional().describe("Only check and plan"),
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
