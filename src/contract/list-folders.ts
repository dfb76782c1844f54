import * as z from "zod";
import { cursor, siteId } from "./fields.js";

export const listFoldersInput = z.strictObject({
  siteId,
  query: z.string().optional().describe("Text that the path must contain"),
  limit: z.int().min(1).max(1000).default(200).describe("Folders per page, 1 to 1000, default 200"),
  cursor,
});

export const listFoldersOutput = z.object({
  siteId: z.string(),
  folders: z.array(z.object({ id: z.string(), path: z.string(), assets: z.int() })),
  total: z.int(),
  notes: z.array(z.string()).optional(),
  nextCursor: z.string().optional(),
});

export type ListFoldersRequest = z.output<typeof listFoldersInput>;
export type ListFoldersResult = z.input<typeof listFoldersOutput>;
