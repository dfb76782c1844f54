import { listingInput, listingOutput } from "./list-assets.js";
import { defineTool } from "./tool.js";

export const showGallery = defineTool({
  name: "showGallery",
  title: "Show assets as pictures",
  description:
    "Show the user the assets of a Webflow site as a gallery of pictures in the conversation. Arguments and result as listAssets.",
  input: listingInput,
  output: listingOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  showsGallery: true,
  run: (service, args, context) => service.listAssets(args, context),
});
