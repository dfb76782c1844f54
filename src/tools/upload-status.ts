import { uploadStatusInput, uploadStatusOutput } from "../contract/upload-status.js";
import { defineTool } from "./definition/tool.js";

export const uploadStatus = defineTool({
  name: "uploadStatus",
  title: "Follow or cancel an upload job",
  description:
    "Wait up to 45 seconds for an upload job and tell how far it is, or cancel it. " +
    "What was uploaded before a cancellation stays.",
  input: uploadStatusInput,
  output: uploadStatusOutput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: (service, args, context) => service.uploadStatus(args, context),
});
