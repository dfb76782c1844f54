import { listAssetsInput, listAssetsOutput } from "../contract/list-assets.js";
import { THUMBNAILS_KEY } from "../gallery/thumbnails-key.js";
import { defineTool } from "./definition/tool.js";

export const showGallery = defineTool({
  name: "showGallery",
  title: "Show assets as pictures",
  description:
    "Show the user a Webflow site's assets as pictures in the conversation. To read them yourself: listAssets, with the same arguments.",
  input: listAssetsInput,
  output: listAssetsOutput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  showsGallery: true,
  meta(service, { assets }) {
    const thumbnails = service.thumbnails(assets.map(({ id }) => id));
    return Object.keys(thumbnails).length > 0 ? { [THUMBNAILS_KEY]: thumbnails } : undefined;
  },
  run: (service, args, context) => service.listAssets(args, context),
});
