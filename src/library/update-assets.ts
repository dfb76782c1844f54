import type { UpdateAssetsRequest, UpdateAssetsResult } from "../contract/update-assets.js";
import { estimateTokens } from "../core/answer-size.js";
import { type AskingCall, abortable, type CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { AssetChanges, WebflowClient } from "../webflow/data-api/client.js";
import type { Locales } from "../webflow/locales.js";
import type { Sites } from "../webflow/sites.js";
import { forEachAsset } from "./for-each-asset.js";
import type { AssetFinder } from "./listing/asset-finder.js";
import type { ListingCache } from "./listing/listing-cache.js";
import { assertEachOnce, createUpdatePlanner, type PlannedUpdate } from "./updates/plan-updates.js";
import { affordable, countOf, questionAbout, replacedTexts, textsBefore } from "./updates/replaced-texts.js";
import { setTexts } from "./updates/set-texts.js";

/**
 * Sets texts of assets of one site, a request each, and returns those that they replace; asks the user before it
 * replaces more than 10 that people wrote. Throws INVALID_INPUT for an asset named twice, CANCELLED if declined.
 */
export type UpdateAssets = (request: UpdateAssetsRequest, call: AskingCall) => Promise<UpdateAssetsResult>;

export interface UpdateAssetsDependencies {
  readonly webflow: WebflowClient;
  readonly sites: Sites;
  readonly lookup: AssetFinder;
  readonly listings: ListingCache;
  readonly locales: Locales;
  /** For unattended runs: nobody is asked. */
  readonly trustConfirm: boolean;
  /** How long Webflow may take to show a text that it has just accepted, in milliseconds. */
  readonly lagMs: number;
}

/** This many texts may be replaced without a question. */
const REPLACED_WITHOUT_QUESTION = 10;
/** The texts of before may cost what the rest of the answer leaves of this. */
const RESULT_TOKENS = 7_000;

export function createUpdateAssets(parts: UpdateAssetsDependencies): UpdateAssets {
  const { webflow, sites, listings, locales, trustConfirm, lagMs } = parts;
  const planUpdates = createUpdatePlanner(parts);
  /** Assets whose texts the user refused to have replaced: until the end, each of them takes a question. */
  const declined = new Set<string>();

  async function assertAgreed(planned: readonly PlannedUpdate[], call: AskingCall): Promise<void> {
    const replaced = planned.flatMap(replacedTexts);
    const isAskedAbout =
      replaced.length > REPLACED_WITHOUT_QUESTION || replaced.some(({ id }) => declined.has(id));
    if (trustConfirm || !isAskedAbout) return;
    const answer = await abortable(call, call.ask(questionAbout(replaced)));
    if (answer === "accepted" || answer === "unavailable") return;
    if (answer === "unanswered") throw nobodyAnswered(replaced.length);
    for (const { id } of replaced) declined.add(id);
    throw declinedNow(replaced.length);
  }

  /** Adds the asset to `touched` once its texts may have changed. */
  async function apply(
    planned: PlannedUpdate,
    localeId: string | undefined,
    touched: Set<string>,
    call: CallContext,
  ) {
    if ("error" in planned) throw planned.error;
    const { assetId, changes, primaryAltText } = planned;
    const options = { localeId, lagMs, onTouched: () => touched.add(assetId) };
    listings.noteUpdated(await setTexts(webflow, assetId, changes, call, options), localeId);
    if (localeId !== undefined) await assertPrimaryKept(assetId, primaryAltText, changes, call);
  }

  /** What Webflow does with an unknown locale is not documented: it might write to the primary one. */
  async function assertPrimaryKept(
    assetId: string,
    before: string | undefined,
    { altText }: AssetChanges,
    call: CallContext,
  ): Promise<void> {
    const { altText: now } = await webflow.getAsset(assetId, call);
    if (now !== altText || before === altText) return;
    listings.noteUpdated(await webflow.updateAsset(assetId, { altText: before ?? "" }, call));
    throw new AssetError(
      "WEBFLOW_REJECTED",
      "Webflow wrote the text into the primary locale instead; the primary text was restored",
      "check in Webflow that the locale can have its own texts, and set the text there",
    );
  }

  return async ({ siteId: named, updates, locale }, call) => {
    assertEachOnce(updates);
    const siteId = await sites.resolve(named, call);
    const localeId = await locales.resolve(siteId, locale, call);
    const planned = await planUpdates(siteId, updates, localeId, call);
    await assertAgreed(planned, call);
    const touched = new Set<string>();
    const { done, failed } = await forEachAsset(planned, call, "Updated", (one) =>
      apply(one, localeId, touched, call),
    );
    const before = textsBefore(planned, touched);
    const left = RESULT_TOKENS - estimateTokens(JSON.stringify([done, failed]));
    return { updated: done, failed, before: affordable(before, left) };
  };
}

function declinedNow(count: number): AssetError {
  return new AssetError(
    "CANCELLED",
    `The user, or the client in the user's place, declined to replace ${countOf(count)}; nothing was changed`,
    "leave these texts as they are, and ask the user what they should say",
  );
}

function nobodyAnswered(count: number): AssetError {
  return new AssetError(
    "CONFIRMATION_REQUIRED",
    `The call would replace ${countOf(count)} that people wrote, and nobody answered the question; nothing was changed`,
    "call again when the user is there to answer",
  );
}
