import { type CallContext, cleanUpCall, hasDeadlinePassed, isCancelled } from "../../core/call-context.js";
import { AssetError, isAssetError, reasonOf } from "../../core/errors.js";
import { cutText, visibleText } from "../../core/text.js";
import type { AssetChanges, WebflowClient } from "../../webflow/data-api/client.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import { lookUntil } from "../../webflow/look-until.js";
import { shownName } from "./display-name.js";

/** How many characters of a text an error repeats. */
const MOST_REPEATED = 200;

export interface SetTextsOptions {
  readonly localeId?: string | undefined;
  readonly lagMs: number;
  /** Called once the texts may have changed, even if setting them fails afterwards. */
  readonly onTouched?: () => void;
}

/**
 * Sets texts of an asset and makes sure that Webflow has taken them: until April 2026 its API accepted an alt text and
 * dropped it. Resolves to the asset as Webflow then shows it, also if only the answers were lost. Throws
 * WEBFLOW_REJECTED for a text that it does not show within `lagMs` milliseconds.
 */
export async function setTexts(
  webflow: Pick<WebflowClient, "updateAsset" | "getAsset">,
  assetId: string,
  changes: AssetChanges,
  call: CallContext,
  { localeId, lagMs, onTouched = () => {} }: SetTextsOptions,
): Promise<Asset> {
  let isTouched = false;
  const touch = (): void => {
    isTouched = true;
    onTouched();
  };
  const answered = await webflow
    .updateAsset(assetId, changes, call, localeId, touch)
    .catch(async (failure: unknown) => {
      if (!isTouched || isCancelled(call)) throw failure;
      return takenAfterAll(webflow, assetId, changes, failure, call, localeId);
    });
  touch();
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

/** For a change whose answers were lost, even if that took all the time of its call. */
async function takenAfterAll(
  webflow: Pick<WebflowClient, "getAsset">,
  assetId: string,
  changes: AssetChanges,
  failure: unknown,
  call: CallContext,
  localeId: string | undefined,
): Promise<Asset> {
  const look = hasDeadlinePassed(call) ? cleanUpCall(call) : call;
  const now = await webflow.getAsset(assetId, look, localeId).catch(() => {
    throw perhapsChanged(assetId, failure);
  });
  if (notTaken(now, changes) !== undefined) throw failure;
  return now;
}

function perhapsChanged(assetId: string, cause: unknown): AssetError {
  return new AssetError(
    isAssetError(cause) ? cause.code : "INTERNAL",
    `${reasonOf(cause)} Webflow may have changed the asset all the same`,
    `look in a minute with getAsset ${assetId}, and call again if it is as before`,
    { cause },
  );
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
