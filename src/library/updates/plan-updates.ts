import type { UpdateAssetsRequest } from "../../contract/update-assets.js";
import type { CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { hasControlCharacter } from "../../core/text.js";
import type { AssetChanges, WebflowClient } from "../../webflow/data-api/client.js";
import { assertWebflowId } from "../../webflow/ids.js";
import type { AssetFinder } from "../listing/asset-finder.js";
import type { ListedAsset } from "../listing/listing-entries.js";
import { extensionToKeep, hasKnownExtension } from "./display-name.js";

type AssetUpdate = UpdateAssetsRequest["updates"][number];

/** A checked update: the asset as it is now and its new texts, or why the update cannot be made. */
export type PlannedUpdate =
  | {
      readonly assetId: string;
      /** With the texts of the locale in question. */
      readonly asset: ListedAsset;
      /** The alt text in the primary locale. */
      readonly primaryAltText: string | undefined;
      readonly changes: AssetChanges;
    }
  | { readonly assetId: string; readonly error: unknown };

/** Looks up every asset; one that is wrong or missing carries its own error and does not stop the others. */
export type PlanUpdates = (
  siteId: string,
  updates: readonly AssetUpdate[],
  localeId: string | undefined,
  call: CallContext,
) => Promise<PlannedUpdate[]>;

export interface UpdatePlannerDependencies {
  readonly webflow: Pick<WebflowClient, "getAsset">;
  readonly lookup: AssetFinder;
}

export function createUpdatePlanner({ webflow, lookup }: UpdatePlannerDependencies): PlanUpdates {
  /**
   * In any locale but the primary one, each asset is asked for by itself: listings need not have those texts, and the
   * primary text that may have to be restored must not be that of an older listing.
   */
  async function planInLocale(planned: PlannedUpdate, localeId: string, call: CallContext) {
    if ("error" in planned) return planned;
    if (planned.changes.displayName !== undefined) return { assetId: planned.assetId, error: nameInLocale() };
    try {
      const [{ altText }, primary] = await Promise.all([
        webflow.getAsset(planned.assetId, call, localeId),
        webflow.getAsset(planned.assetId, call),
      ]);
      return { ...planned, asset: { ...planned.asset, altText }, primaryAltText: primary.altText };
    } catch (error) {
      return { assetId: planned.assetId, error };
    }
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

  return async (siteId, updates, localeId, call) => {
    const planned = await planInPrimary(siteId, updates, call);
    if (localeId === undefined) return planned;
    return Promise.all(planned.map((one) => planInLocale(one, localeId, call)));
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

/** A new name without a known extension gets that of the old name. */
function wholeName(asset: ListedAsset, name: string): string {
  if (hasKnownExtension(name)) return name;
  const extension = extensionToKeep(asset);
  return extension === "" || name.toLowerCase().endsWith(`.${extension.toLowerCase()}`)
    ? name
    : `${name}.${extension}`;
}

/** Throws INVALID_INPUT if an asset is named twice. */
export function assertEachOnce(updates: readonly AssetUpdate[]): void {
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
  if (name !== "" && !hasControlCharacter(name)) return name;
  throw new AssetError(
    "NAME_INVALID",
    name === "" ? "The display name is empty" : "The display name contains a control character",
    "give a name of visible characters, or leave displayName out to keep the current one",
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
  return new AssetError("INVALID_INPUT", "The update changes nothing", "give displayName, altText or both");
}
