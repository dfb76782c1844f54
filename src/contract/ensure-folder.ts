import * as z from "zod";
import { siteId } from "./fields.js";

export const ensureFolderInput = z.strictObject({
  path: z
    .string()
    .describe(
      'Path from the root, e.g. "Campaigns/Spring"; a slash inside a name is written \\/, a backslash \\\\',
    ),
  siteId,
});

export const ensureFolderOutput = z.object({
  siteId: z.string(),
  folder: z.object({ id: z.string(), path: z.string() }),
  created: z.array(z.string()).describe("Paths of the levels that were created"),
  notes: z.array(z.string()).optional(),
});

export type EnsureFolderRequest = z.output<typeof ensureFolderInput>;
export type EnsureFolderResult = z.input<typeof ensureFolderOutput>;
