import { uploadStatusInput, uploadStatusOutput } from "../contract/upload-status.js";
import { defineTool } from "./definition/tool.js";

export const uploadStatus = defineTool({
  name: "uploadStatus",
  title: "Follow or cancel an upload job",
  description:
    "Wait up to 45 seconds for an upload job and report its progress, or cancel it. " +
    "Files uploaded before a cancellation stay.",
  input: uploadStatusInput,
  output: uploadStatusOutput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.uploadStatus(args, context),
});
