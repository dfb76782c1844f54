import type { ListAssetsResult } from "../contract/list-assets.js";
import { cutText } from "../core/text.js";
import type { Asset } from "../webflow/data-api/responses.js";
import { shownName } from "./updates/display-name.js";

/** What every answer about an asset includes; a record whose file was never uploaded has the size 0. */
export type AssetSummary = Omit<ListAssetsResult["assets"][number], "folder">;

/** Foreign text is cut if it is longer than any name or description needs to be. */
const MOST_NAME_CHARACTERS = 200;
const MOST_ALT_TEXT_CHARACTERS = 1_000;

/**
 * The facts of an asset in the form of answers; what Webflow left out gets a value that claims nothing. An empty alt
 * text is included: it may mean that the picture is decorative.
 */
export function summaryOf(
  asset: Pick<
    Asset,
    "id" | "displayName" | "originalFileName" | "contentType" | "size" | "hostedUrl" | "altText"
  >,
): AssetSummary {
  const { id, displayName, originalFileName, contentType, size, hostedUrl, altText } = asset;
  return {
    id,
    name: cutText(shownName(id, displayName || originalFileName || ""), MOST_NAME_CHARACTERS),
    contentType: contentType ?? "application/octet-stream",
    size: size ?? 0,
    url: hostedUrl,
    altText: altText === undefined ? undefined : cutText(altText, MOST_ALT_TEXT_CHARACTERS),
  };
}
