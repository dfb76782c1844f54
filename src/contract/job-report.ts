import * as z from "zod";

/** The outcome of one file of a job. `error` has the form of `formatError`. */
const itemResult = z.object({
  source: z.string(),
  status: z.enum(["uploaded", "reused", "planned", "failed", "cancelled", "pending"]),
  id: z.string().optional(),
  url: z.string().optional(),
  notes: z.array(z.string()).optional(),
  error: z.string().optional(),
});

/** Progress of a job; the six counts add up to `total`. */
export const jobReport = z.object({
  job: z.string().describe("For the next uploadStatus; a new one each time"),
  status: z.enum(["running", "done", "cancelled"]),
  total: z.int(),
  uploaded: z.int(),
  reused: z.int(),
  planned: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  pending: z.int(),
  results: z.array(itemResult).describe("While running: new results; then all, failures first"),
  notes: z.array(z.string()).optional(),
  nextCursor: z.string().optional(),
});

export type ItemResult = z.input<typeof itemResult>;
export type JobReport = z.input<typeof jobReport>;
