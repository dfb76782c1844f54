import type { Call } from "../call.js";
import { AssetError } from "../errors.js";
import type { Asset } from "../webflow/responses.js";
import type { WebflowClient } from "../webflow/webflow-client.js";
import type { Folders } from "./folders.js";
import type { Sites } from "./sites.js";
import { assertWebflowId, timeOfWebflowId } from "./webflow-id.js";

export interface AssetRequest {
  readonly siteId?: string | undefined;
  readonly assetId: string;
}

export interface AssetDetails {
  readonly siteId: string;
  readonly asset: AssetSummary & {
    readonly fileName?: string;
    /** Null for the root. */
    readonly folder: { readonly id: string; readonly path: string } | null;
    /** ISO 8601, as are all times. */
    readonly createdOn?: string;
    readonly lastUpdated?: string;
    /** Smaller versions of an image that Webflow made; `width` in pixels. */
    readonly variants: { width?: number; url: string }[];
  };
}

/** What every answer about an asset tells. */
export interface AssetSummary {
  readonly id: string;
  /** The display name. */
  readonly name: string;
  readonly contentType: string;
  /** Bytes; 0 for a record whose file was never uploaded. */
  readonly size: number;
  readonly url?: string;
  /** Absent when it has none. */
  readonly altText?: string;
}

/** Everything about one asset. Throws ASSET_NOT_FOUND, INVALID_INPUT. */
export type GetAsset = (request: AssetRequest, call: Call) => Promise<AssetDetails>;

export interface GetAssetParts {
  readonly webflow: WebflowClient;
  readonly sites: Sites;
  readonly folders: Folders;
}

export function createGetAsset({ webflow, sites, folders }: GetAssetParts): GetAsset {
  return async (request, call) => {
    const assetId = assertWebflowId(request.assetId, "assetId");
    const named = request.siteId === undefined ? undefined : assertWebflowId(request.siteId, "siteId");
    const asset = await webflow.getAsset(assetId, call);
    assertOnSite(asset, named);
    const siteId = asset.siteId ?? (await sites.resolve(named, call));
    const ageMs = Date.now() - timeOfWebflowId(asset.id);
    const folder = await folders.folderOfAsset(siteId, asset.id, ageMs, call);
    return {
      siteId,
      asset: {
        ...summaryOf(asset),
        ...(asset.originalFileName !== undefined && { fileName: asset.originalFileName }),
        folder: folder ? { id: folder.id, path: folder.path } : null,
        ...(asset.createdOn !== undefined && { createdOn: asset.createdOn }),
        ...(asset.lastUpdated !== undefined && { lastUpdated: asset.lastUpdated }),
        variants: asset.variants.map(({ width, hostedUrl }) => ({
          ...(typeof width === "number" && { width }),
          url: hostedUrl,
        })),
      },
    };
  };
}

/** The facts of an asset as answers spell them; what Webflow left out gets a value that claims nothing. */
export function summaryOf(
  asset: Pick<
    Asset,
    "id" | "displayName" | "originalFileName" | "contentType" | "size" | "hostedUrl" | "altText"
  >,
): AssetSummary {
  const { id, displayName, originalFileName, contentType, size, hostedUrl, altText } = asset;
  return {
    id,
    name: displayName || originalFileName || id,
    contentType: contentType ?? "application/octet-stream",
    size: size ?? 0,
    ...(hostedUrl !== undefined && { url: hostedUrl }),
    ...(altText && { altText }),
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
