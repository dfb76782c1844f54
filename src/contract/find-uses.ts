import * as z from "zod";
import { cursor, folder, folderId, siteId } from "./fields.js";

const VERDICTS = ["used", "styleOnly", "weak", "noReferenceFound", "notChecked"] as const;

export const findUsesInput = z.strictObject({
  assetIds: z.array(z.string()).min(1).max(100).optional().describe("1 to 100; default: all"),
  folder,
  folderId,
  unreferenced: z.boolean().optional().describe("true: only those with no reference found"),
  limit: z.int().min(1).max(200).default(50).describe("Assets per page, 1 to 200, default 50"),
  cursor,
  refresh: z.boolean().optional().describe("true: read again, ignoring the last 10 minutes' results"),
  siteId,
});

export const findUsesOutput = z.object({
  siteId: z.string(),
  status: z.enum(["complete", "reading"]),
  assets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      verdict: z.enum(VERDICTS),
      uses: z.array(z.object({ in: z.string(), place: z.string(), detail: z.string().optional() })),
      moreUses: z.int().optional(),
    }),
  ),
  total: z.int(),
  nextCursor: z.string().optional(),
  read: z.looseObject({}),
  notRead: z.array(z.object({ what: z.string(), why: z.string() })),
});

export type FindUsesRequest = z.output<typeof findUsesInput>;
export type FindUsesResult = z.input<typeof findUsesOutput>;
export type AssetWithUses = FindUsesResult["assets"][number];
export type Verdict = AssetWithUses["verdict"];
