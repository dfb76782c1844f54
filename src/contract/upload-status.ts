import * as z from "zod";
import { jobReport } from "./job-report.js";

export const uploadStatusInput = z.strictObject({
  job: z.string().describe("The last job handle of uploadAssets, syncFolder or uploadStatus"),
  cancel: z.boolean().optional().describe("End the job"),
  cursor: z.string().optional().describe("nextCursor, for the results that follow"),
});

export const uploadStatusOutput = jobReport;

export type UploadStatusRequest = z.output<typeof uploadStatusInput>;
