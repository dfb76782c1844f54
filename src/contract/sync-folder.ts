import * as z from "zod";
import { folder, folderId, optimize, siteId } from "./fields.js";
import { type JobReport, jobReport } from "./job-report.js";

export const syncFolderInput = z.strictObject({
  directory: z.string().describe("Local directory in an allowed directory"),
  folder: folder.describe("Folder path on the site"),
  folderId,
  include: z
    .array(z.string())
    .max(50)
    .optional()
    .describe('Names or globs to take, e.g. ["Spring", "*.jpg"]; default all'),
  exclude: z.array(z.string()).max(50).optional().describe("Names or globs to leave out"),
  optimize,
  cursor: z.string().optional().describe("nextCursor, for further files"),
  apply: z.boolean().default(false).describe("Upload what is new or changed"),
  siteId,
});

/** With `apply`, also what uploadAssets reports about its job; its counts and results are described there. */
export const syncFolderOutput = z.object({
  siteId: z.string(),
  folder: z.object({ id: z.string().optional(), path: z.string() }),
  plan: z.object({
    new: z.int(),
    same: z.int(),
    changed: z.int(),
    elsewhere: z.int().optional(),
    refused: z.int(),
    onlyOnSite: z.int(),
  }),
  leftOut: z.array(z.object({ why: z.string(), count: z.int(), names: z.array(z.string()) })).optional(),
  files: z.array(
    z.object({
      path: z.string(),
      status: z.enum(["new", "changed", "elsewhere", "refused", "onlyOnSite"]),
      id: z.string().optional(),
      notes: z.array(z.string()).optional(),
      error: z.string().optional(),
    }),
  ),
  ...jobReport.pick({ job: true, status: true, notes: true, nextCursor: true }).partial().shape,
});

export type SyncFolderRequest = z.output<typeof syncFolderInput>;
export type SyncFolderResult = z.input<typeof syncFolderOutput> & Partial<JobReport>;
