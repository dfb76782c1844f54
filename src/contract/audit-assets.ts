import * as z from "zod";
import { folder, folderId, siteId } from "./fields.js";

export const auditAssetsInput = z.strictObject({ folder, folderId, siteId });

export const auditAssetsOutput = z.object({
  siteId: z.string(),
  status: z.enum(["complete", "reading"]),
  findings: z.array(
    z.object({
      what: z.string(),
      count: z.int(),
      bytes: z.int().optional(),
      examples: z.array(z.string()).optional(),
      list: z.string().optional().describe("The call that lists them"),
    }),
  ),
  notRead: z.array(z.string()),
});

export type AuditAssetsRequest = z.output<typeof auditAssetsInput>;
export type AuditAssetsResult = z.input<typeof auditAssetsOutput>;
export type Finding = AuditAssetsResult["findings"][number];
