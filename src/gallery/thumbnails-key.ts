/** Where `showGallery` leaves URLs of small pictures, by the id of the asset, in the `_meta` of its result. */
export const THUMBNAILS_KEY = "webflow-assets-mcp/thumbnails";
