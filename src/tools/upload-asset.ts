import { uploadAssetInput, uploadAssetOutput } from "../contract/upload-asset.js";
import { defineTool } from "./definition/tool.js";

export const uploadAsset = defineTool({
  name: "uploadAsset",
  title: "Upload a file as an asset",
  description:
    "Upload one file to a Webflow site's assets and get its id and public URL. A missing folder is created; " +
    "bytes that the site already has are reused. Images up to 4 MB, documents and Lottie up to 10 MB. " +
    "Anyone can read an uploaded file. For several files use uploadAssets.",
  input: uploadAssetInput,
  output: uploadAssetOutput,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  run: (service, args, context) => service.uploadAsset(args, context),
});
