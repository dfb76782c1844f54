import * as z from "zod";
import { jobReport } from "./job-report.js";

export const uploadStatusInput = z.strictObject({
  job: z.string().describe("The last job handle of uploadAssets, syncFolder or uploadStatus"),
  cancel: z.boolean().optional().describe("Cancel the job"),
  cursor: z.string().optional().describe("nextCursor, for further results"),
});

export const uploadStatusOutput = jobReport;

export type UploadStatusRequest = z.output<typeof uploadStatusInput>;
