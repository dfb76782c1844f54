import * as z from "zod";
import { jobReport } from "./job-report.js";

export const uploadStatusInput = z.strictObject({
  job: z.string().describe("job of uploadAssets or syncFolder"),
  cancel: z.boolean().optional().describe("End the job"),
});

export const uploadStatusOutput = jobReport;

export type UploadStatusRequest = z.output<typeof uploadStatusInput>;
export type UploadStatusResult = z.input<typeof uploadStatusOutput>;
