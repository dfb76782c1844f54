import type { Call } from "../call.js";
import type { WebflowClient } from "../webflow/webflow-client.js";
import { createUpdateAssets, type UpdateAssets } from "./asset-changes.js";
import { createDeleteAssets, type DeleteAssets } from "./asset-deletion.js";
import { createGetAsset, type GetAsset } from "./asset-details.js";
import type { AssetListings } from "./asset-listings.js";
import { createAssetLookup } from "./asset-lookup.js";
import { createViewAsset, type ViewAsset } from "./asset-view.js";
import type { Folders } from "./folders.js";
import { createListAssets, type ListAssets } from "./list-assets.js";
import type { Sites } from "./sites.js";
import type { Downloader } from "./sources/download.js";

/** Finding, looking at, describing and deleting the assets that a site has. */
export interface Library {
  listSites(call: Call): Promise<SiteList>;
  readonly listAssets: ListAssets;
  readonly getAsset: GetAsset;
  readonly viewAsset: ViewAsset;
  readonly updateAssets: UpdateAssets;
  readonly deleteAssets: DeleteAssets;
}

export interface SiteList {
  readonly sites: { id: string; name: string; shortName?: string }[];
}

export interface LibraryParts {
  readonly webflow: WebflowClient;
  readonly sites: Sites;
  readonly folders: Folders;
  readonly listings: AssetListings;
  /** Fetches hosted files, so its hosts include those that uploads go to. */
  readonly downloader: Downloader;
}

export function createLibrary({ webflow, sites, folders, listings, downloader }: LibraryParts): Library {
  const lookup = createAssetLookup(webflow, listings);
  return {
    async listSites(call) {
      const all = await sites.list(call);
      return {
        sites: all.map(({ id, displayName, shortName }) => ({
          id,
          name: displayName ?? shortName ?? id,
          ...(shortName !== undefined && { shortName }),
        })),
      };
    },
    listAssets: createListAssets({ sites, folders, listings }),
    getAsset: createGetAsset({ webflow, sites, folders }),
    viewAsset: createViewAsset(webflow, downloader),
    updateAssets: createUpdateAssets({ webflow, lookup, listings }),
    deleteAssets: createDeleteAssets({ webflow, sites, folders, lookup, listings }),
  };
}
