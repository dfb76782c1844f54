import * as z from "zod";
import { jobReport } from "./definition/fields.js";
import { defineTool } from "./definition/tool.js";

export const uploadStatus = defineTool({
  name: "uploadStatus",
  title: "Follow or cancel an upload job",
  description:
    "Wait up to 45 seconds for an upload job and tell how far it is, or cancel it. " +
    "What was uploaded before a cancellation stays.",
  input: z.strictObject({
    job: z.string().describe("job of uploadAssets or syncFolder"),
    cancel: z.boolean().optional().describe("End the job"),
  }),
  output: jobReport,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.uploadStatus(args, context),
});
