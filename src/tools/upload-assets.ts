import { uploadAssetsInput, uploadAssetsOutput } from "../contract/upload-assets.js";
import { defineTool } from "./definition/tool.js";

export const uploadAssets = defineTool({
  name: "uploadAssets",
  title: "Upload many files as assets",
  description:
    "Upload 1 to 500 files to a Webflow site in one call, with folders and alt texts. " +
    "Work that outlasts the call goes on as a job: follow it with uploadStatus. One failing file does not stop the others. " +
    "With more than 100 files, results leave out url (getAsset returns it).",
  input: uploadAssetsInput,
  output: uploadAssetsOutput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  showsGallery: true,
  run: (service, args, context) => service.uploadAssets(args, context),
});
