import { type AssetView, viewAssetInput } from "../contract/view-asset.js";
import { type ContentBlock, defineContentTool } from "./definition/tool.js";

export const viewAsset = defineContentTool({
  name: "viewAsset",
  title: "Look at an asset",
  description:
    "Look at an image asset, or at up to 12 on one contact sheet (assetIds), to write alt texts. " +
    "A single SVG is shown as source; other files are only described.",
  input: viewAssetInput,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  run: async (service, args, context) => blocksOf(await service.viewAsset(args, context)),
});

function blocksOf({ image, texts }: AssetView): ContentBlock[] {
  const textBlocks = texts.map((text) => ({ type: "text" as const, text }));
  if (!image) return textBlocks;
  return [
    { type: "image", data: image.bytes.toString("base64"), mimeType: image.contentType },
    ...textBlocks,
  ];
}
