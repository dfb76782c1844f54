import type { CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { LAG_MS, lookUntil } from "../../core/look-until.js";
import { cutText, visibleText } from "../../core/text.js";
import type { AssetChanges, WebflowClient } from "../../webflow/data-api/client.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import { shownName } from "./display-name.js";

/** How many characters of a text an error repeats. */
const MOST_REPEATED = 200;

/**
 * Sets texts of an asset and makes sure that Webflow has taken them: until April 2026 its API accepted an alt text and
 * dropped it. Resolves to the asset as Webflow then shows it. Throws WEBFLOW_REJECTED for a text that it does not show
 within `lagMs` milliseconds.
 */
export async function setTexts(
  webflow: Pick<WebflowClient, "updateAsset" | "getAsset">,
  assetId: string,
  changes: AssetChanges,
  call: CallContext,
  {
    localeId,
    lagMs = LAG_MS,
  }: { readonly localeId?: string | undefined; readonly lagMs?: number | undefined } = {},
): Promise<Asset> {
  const answered = await webflow.updateAsset(assetId, changes, call, localeId);
  if (notTaken(answered, changes) === undefined) return answered;
  // The answer to a change may be the asset of before, and so may what is read right after it.
  const now = await lookUntil(
    () => webflow.getAsset(assetId, call, localeId),
    (asset) => notTaken(asset, changes) === undefined,
    lagMs,
    call,
  );
  const missing = notTaken(now, changes);
  if (missing !== undefined) throw missing;
  return now;
}

function notTaken(asset: Asset, { altText, displayName }: AssetChanges): AssetError | undefined {
  if (altText !== undefined && !isSame(altText, asset.altText)) return keeps("alt text", asset.altText);
  if (displayName === undefined) return undefined;
  const shown = shownName(asset.id, asset.displayName ?? "");
  return isSame(shownName(asset.id, displayName), shown) ? undefined : keeps("display name", shown);
}

/** White space and the form of accents may change on the way. */
function isSame(wanted: string, shown = ""): boolean {
  return normalized(wanted) === normalized(shown);
}

function normalized(text: string): string {
  return visibleText(text).normalize("NFC").replace(/\s+/g, " ").trim();
}

function keeps(what: string, shown = ""): AssetError {
  const as = shown === "" ? `still shows no ${what}` : `shows the ${what} "${cutText(shown, MOST_REPEATED)}"`;
  return new AssetError(
    "WEBFLOW_REJECTED",
    `Webflow answered that the ${what} was set, but ${as}`,
    "look again with getAsset in a minute; if it stays like that, set it in Webflow's Assets panel",
  );
}
