import type { UpdateAssetsRequest, UpdateAssetsResult } from "../contract/update-assets.js";
import { countFitting } from "../core/answer-size.js";
import { type AskingCall, abortable, type CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { AssetChanges, WebflowClient } from "../webflow/client.js";
import { assertWebflowId } from "../webflow/ids.js";
import type { Locales } from "../webflow/locales.js";
import type { Sites } from "../webflow/sites.js";
import { extensionToKeep, hasKnownExtension } from "./display-name.js";
import { forEachAsset } from "./for-each-asset.js";
import type { AssetFinder } from "./listing/find-assets.js";
import type { ListingCache } from "./listing/listing-cache.js";
import type { ListedAsset } from "./listing/listing-entries.js";

type AssetUpdate = UpdateAssetsRequest["updates"][number];

/**
 * Sets texts of many assets of one site, one request each, and answers the texts that were there before. Before it
 * replaces more than 10 texts that people wrote, it asks the user where that is possible. Throws INVALID_INPUT when an
 * asset is named twice, CANCELLED when the user declines.
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
}

/** An update that was looked at: what the asset is like now and what it is to get, or why it cannot be made. */
type PlannedUpdate =
  | {
      readonly assetId: string;
      /** With the texts of the locale that is meant. */
      readonly asset: ListedAsset;
      /** The alt text in the primary locale. */
      readonly primaryAltText: string | undefined;
      readonly changes: AssetChanges;
    }
  | { readonly assetId: string; readonly error: unknown };

/** So many texts may be replaced without a question. */
const REPLACED_WITHOUT_QUESTION = 10;
const MOST_SHOWN = 5;
/** Beside the ids of what was updated. */
const BEFORE_TOKENS = 5_000;

export function createUpdateAssets(parts: UpdateAssetsDependencies): UpdateAssets {
  const { webflow, sites, lookup, listings, locales, trustConfirm } = parts;
  /** Assets whose texts the user declined to have replaced: for as long as this process serves, each is asked about. */
  const declined = new Set<string>();

  /** In another locale than the primary each asset is asked for there: no listing need have its texts. */
  async function planInLocale(
    planned: PlannedUpdate,
    localeId: string,
    call: CallContext,
  ): Promise<PlannedUpdate> {
    if ("error" in planned) return planned;
    if (planned.changes.displayName !== undefined) return { assetId: planned.assetId, error: nameInLocale() };
    try {
      const { altText } = await webflow.getAsset(planned.assetId, call, localeId);
      return { ...planned, asset: { ...planned.asset, altText } };
    } catch (error) {
      return { assetId: planned.assetId, error };
    }
  }

  async function planAll(
    siteId: string,
    updates: readonly AssetUpdate[],
    localeId: string | undefined,
    call: CallContext,
  ): Promise<PlannedUpdate[]> {
    const planned = await planInPrimary(siteId, updates, call);
    if (localeId === undefined) return planned;
    return Promise.all(planned.map((one) => planInLocale(one, localeId, call)));
  }

  async function planInPrimary(siteId: string, updates: readonly AssetUpdate[], call: CallContext) {
    const checked = updates.map(checkedUpdate);
    const ids = checked.flatMap(({ assetId, error }) => (error === undefined ? [assetId] : []));
    const found = await lookup.many(siteId, ids, call);
    return checked.map(({ assetId, error, update }): PlannedUpdate => {
      const answer = found.get(assetId);
      if (error !== undefined || answer === undefined) return { assetId, error };
      if ("error" in answer) return { assetId, error: answer.error };
      const { asset } = answer;
      return { assetId, asset, primaryAltText: asset.altText, changes: changesFor(asset, update) };
    });
  }

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

  async function apply(
    planned: PlannedUpdate,
    localeId: string | undefined,
    call: CallContext,
  ): Promise<void> {
    if ("error" in planned) throw planned.error;
    const { assetId, changes, primaryAltText } = planned;
    listings.noteUpdated(await webflow.updateAsset(assetId, changes, call, localeId), localeId);
    if (localeId !== undefined) await assertPrimaryKept(assetId, primaryAltText, changes, call);
  }

  /** What Webflow does with a locale that it does not take is not documented: it might write to the primary one. */
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
      "Webflow wrote the text into the primary locale instead; the primary text was put back",
      "check in Webflow that the locale takes texts of its own, and set it there",
    );
  }

  return async ({ siteId: named, updates, locale }, call) => {
    assertEachOnce(updates);
    const siteId = await sites.resolve(named, call);
    const localeId = await locales.resolve(siteId, locale, call);
    const planned = await planAll(siteId, updates, localeId, call);
    await assertAgreed(planned, call);
    const { done, failed } = await forEachAsset(planned, call, "Updated", (one) =>
      apply(one, localeId, call),
    );
    const before = textsBefore(planned, new Set(done));
    return { updated: done, failed, before: affordable(before, BEFORE_TOKENS) };
  };
}

function checkedUpdate(update: AssetUpdate) {
  try {
    const assetId = assertWebflowId(update.assetId, "assetId");
    if (update.displayName === undefined && update.altText === undefined) throw nothingToChange();
    const displayName = update.displayName === undefined ? undefined : checkedDisplayName(update.displayName);
    return { assetId, update: { ...update, displayName } };
  } catch (error) {
    return { assetId: update.assetId, update, error };
  }
}

function changesFor(asset: ListedAsset, { displayName, altText }: AssetUpdate): AssetChanges {
  return { altText, displayName: displayName === undefined ? undefined : wholeName(asset, displayName) };
}

/** A name without a known extension keeps that of the name before. */
function wholeName(asset: ListedAsset, name: string): string {
  if (hasKnownExtension(name)) return name;
  const extension = extensionToKeep(asset);
  return extension === "" || name.toLowerCase().endsWith(`.${extension.toLowerCase()}`)
    ? name
    : `${name}.${extension}`;
}

interface ReplacedText {
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

/** The texts that people wrote and that the update takes away; a name that is still the file's nobody wrote. */
function replacedTexts(planned: PlannedUpdate): ReplacedText[] {
  if ("error" in planned) return [];
  const { asset, changes } = planned;
  const isNamed = asset.displayName !== asset.originalFileName;
  const pairs = [
    [asset.altText, changes.altText],
    [isNamed ? asset.displayName : undefined, changes.displayName],
  ] as const;
  return pairs.flatMap(([before, after]) =>
    before?.trim() && after !== undefined && after !== before ? [{ id: asset.id, before, after }] : [],
  );
}

/** What was there before, in the form of `updates`, so that it can be handed back. */
function textsBefore(
  planned: readonly PlannedUpdate[],
  done: ReadonlySet<string>,
): UpdateAssetsResult["before"] {
  return planned.flatMap((one) => {
    if ("error" in one || !done.has(one.assetId)) return [];
    const { asset, changes } = one;
    return [
      {
        assetId: one.assetId,
        ...(changes.displayName !== undefined && asset.displayName && { displayName: asset.displayName }),
        ...(changes.altText !== undefined && { altText: asset.altText ?? "" }),
      },
    ];
  });
}

/** Long texts are cut, all to the same length, when there are too many of them for an answer. */
function affordable(before: UpdateAssetsResult["before"], maxTokens: number): UpdateAssetsResult["before"] {
  let longest = 500;
  let texts = before;
  while (longest > 15 && countFitting(texts, maxTokens) < texts.length) {
    longest /= 2;
    texts = before.map(({ assetId, ...own }) => ({
      assetId,
      ...Object.fromEntries(Object.entries(own).map(([name, text]) => [name, cut(text ?? "", longest)])),
    }));
  }
  return texts;
}

function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

function questionAbout(replaced: readonly ReplacedText[]) {
  const shown = replaced
    .slice(0, MOST_SHOWN)
    .map(({ before, after }) => `- ${excerpt(before)} becomes ${after === "" ? "empty" : excerpt(after)}`);
  const others = replaced.length - shown.length;
  const lines = others > 0 ? [...shown, `- and ${others} more`] : shown;
  return {
    message: `Replace ${countOf(replaced.length)} that people wrote?\n${lines.join("\n")}`,
    field: "replace",
    title: `Replace ${countOf(replaced.length)}`,
  };
}

function countOf(texts: number): string {
  return texts === 1 ? "a text" : `${texts} texts`;
}

/** Texts are data of others: they stand in quotes and on one line. */
function excerpt(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return JSON.stringify(cut(line, 60));
}

function assertEachOnce(updates: readonly AssetUpdate[]): void {
  const seen = new Set<string>();
  for (const { assetId } of updates) {
    const id = assetId.toLowerCase();
    if (seen.has(id)) {
      throw new AssetError(
        "INVALID_INPUT",
        `The asset ${JSON.stringify(assetId.slice(0, 60))} is in updates twice; nothing was changed`,
        "give each asset once, with all its changes",
      );
    }
    seen.add(id);
  }
}

function checkedDisplayName(displayName: string): string {
  const name = displayName.normalize("NFC").trim();
  if (name !== "" && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(name)) return name;
  throw new AssetError(
    "NAME_INVALID",
    name === "" ? "The display name is empty" : "The display name holds a control character",
    "give a name of visible characters, or leave displayName out to keep the one that it has",
  );
}

function nameInLocale(): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    "Display names are the same in every locale",
    "set displayName in a call without locale",
  );
}

function nothingToChange(): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    "The update says nothing to change",
    "give displayName, altText or both",
  );
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
