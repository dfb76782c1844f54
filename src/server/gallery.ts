import type { ReadResourceResult, Resource } from "@modelcontextprotocol/sdk/types.js";
import type { CallContext } from "../core/call-context.js";
import {
  GALLERY_MIME_TYPE,
  GALLERY_URI,
  galleryHtml,
  galleryResourceMeta,
} from "../gallery/gallery-resource.js";
import type { AssetService } from "../service/asset-service.js";

/** The gallery as `resources/list` shows it. */
export const GALLERY_RESOURCE: Resource = {
  uri: GALLERY_URI,
  name: "gallery",
  title: "Asset gallery",
  description: "Draws assets and uploads as pictures, in clients that show MCP Apps.",
  mimeType: GALLERY_MIME_TYPE,
};

/** The view, with the origins that it may load pictures from. It is served even when those cannot be found out. */
export async function readGallery(
  service: AssetService,
  readOnly: boolean,
  call: CallContext,
): Promise<ReadResourceResult> {
  const [text, origins] = await Promise.all([galleryHtml({ readOnly }), service.pictureOrigins(call)]);
  const content = {
    uri: GALLERY_URI,
    mimeType: GALLERY_MIME_TYPE,
    text,
    _meta: galleryResourceMeta(origins),
  };
  return { contents: [content] };
}
