import type { UpdateAssetsRequest, UpdateAssetsResult } from "../contract/update-assets.js";
import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { AssetChanges, WebflowClient } from "../webflow/client.js";
import { assertWebflowId } from "../webflow/ids.js";
import { extensionToKeep, hasKnownExtension } from "./display-name.js";
import { forEachAsset } from "./for-each-asset.js";
import type { AssetFinder } from "./listing/find-assets.js";
import type { ListingCache } from "./listing/listing-cache.js";

type AssetUpdate = UpdateAssetsRequest["updates"][number];

/** Sets texts of many assets, one request each. Throws INVALID_INPUT when an asset is named twice. */
export type UpdateAssets = (request: UpdateAssetsRequest, call: CallContext) => Promise<UpdateAssetsResult>;

export interface UpdateAssetsDependencies {
  readonly webflow: WebflowClient;
  readonly lookup: AssetFinder;
  readonly listings: ListingCache;
}

export function createUpdateAssets({ webflow, lookup, listings }: UpdateAssetsDependencies): UpdateAssets {
  async function wholeName(assetId: string, displayName: string, call: CallContext): Promise<string> {
    const name = checkedDisplayName(displayName);
    if (hasKnownExtension(name)) return name;
    const extension = extensionToKeep(await lookup.one(assetId, call));
    return extension === "" || name.toLowerCase().endsWith(`.${extension.toLowerCase()}`)
      ? name
      : `${name}.${extension}`;
  }

  async function update({ assetId, displayName, altText }: AssetUpdate, call: CallContext): Promise<void> {
    const id = assertWebflowId(assetId, "assetId");
    if (displayName === undefined && altText === undefined) throw nothingToChange();
    const changes: AssetChanges = {
      altText,
      displayName: displayName === undefined ? undefined : await wholeName(id, displayName, call),
    };
    listings.noteUpdated(await webflow.updateAsset(id, changes, call));
  }

  return async ({ siteId, updates }, call) => {
    if (siteId !== undefined) assertWebflowId(siteId, "siteId");
    assertEachOnce(updates);
    const { done, failed } = await forEachAsset(updates, call, "Updated", (one) => update(one, call));
    return { updated: done, failed };
  };
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

function nothingToChange(): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    "The update says nothing to change",
    "give displayName, altText or both",
  );
}
