import type { GetAssetRequest, GetAssetResult } from "../contract/get-asset.js";
import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import type { Asset } from "../webflow/data-api/responses.js";
import { assertWebflowId } from "../webflow/ids.js";
import type { Locales } from "../webflow/locales.js";
import type { Sites } from "../webflow/sites.js";
import { summaryOf } from "./asset-summary.js";

/** Everything about one asset. Throws ASSET_NOT_FOUND, INVALID_INPUT. */
export type GetAsset = (request: GetAssetRequest, call: CallContext) => Promise<GetAssetResult>;

export interface GetAssetDependencies {
  readonly webflow: WebflowClient;
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly locales: Locales;
}

export function createGetAsset({ webflow, sites, folders, locales }: GetAssetDependencies): GetAsset {
  return async (request, call) => {
    const assetId = assertWebflowId(request.assetId, "assetId");
    const named = request.siteId === undefined ? undefined : assertWebflowId(request.siteId, "siteId");
    const asset = await webflow.getAsset(assetId, call);
    assertOnSite(asset, named);
    const siteId = asset.siteId ?? (await sites.resolve(named, call));
    const localeId = await locales.resolve(siteId, request.locale, call);
    const localized = localeId === undefined ? undefined : await webflow.getAsset(assetId, call, localeId);
    const isSame = Boolean(localized?.altText) && localized?.altText === asset.altText;
    const folder = await folders.folderOfAsset(siteId, asset.id, call);
    return {
      siteId,
      asset: {
        ...summaryOf(localized ? { ...asset, altText: localized.altText } : asset),
        ...(isSame && { sameAsPrimary: true }),
        fileName: asset.originalFileName,
        folder: folder ? { id: folder.id, path: folder.path } : null,
        createdOn: asset.createdOn,
        lastUpdated: asset.lastUpdated,
        variants: asset.variants.map(({ width, hostedUrl: url }) => ({ width: width ?? undefined, url })),
      },
    };
  };
}

function assertOnSite(asset: Asset, siteId: string | undefined): void {
  if (siteId === undefined || asset.siteId === undefined || asset.siteId === siteId) return;
  throw new AssetError(
    "ASSET_NOT_FOUND",
    `The asset ${asset.id} belongs to another site, ${asset.siteId}`,
    "leave siteId out, or give that one",
  );
}
