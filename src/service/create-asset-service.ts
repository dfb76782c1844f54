import { createEnsureFolder } from "../folders/ensure-folder.js";
import { createFolderStore } from "../folders/folder-store.js";
import { createListFolders } from "../folders/list-folders.js";
import { createListAssets } from "../library/list-assets.js";
import { createListSites } from "../library/list-sites.js";
import { createAssetFinder } from "../library/listing/asset-finder.js";
import { createListingCache } from "../library/listing/listing-cache.js";
import { createGalleryPictures, createThumbnails } from "../library/thumbnails.js";
import { createAllowedDirectories } from "../sources/local/directories-in-use.js";
import { createLocales } from "../webflow/locales.js";
import { LAG_MS } from "../webflow/look-until.js";
import { withPublicUrls } from "../webflow/public-urls.js";
import { createExplainUnknownSite, createSites } from "../webflow/sites.js";
import { DEFAULT_RETRY_POLICY } from "../webflow/wire/retry.js";
import type { AssetService } from "./asset-service.js";
import type { AssetServiceOptions } from "./options.js";
import { createWebflowConnection } from "./webflow-connection.js";

/**
 * Builds the asset service from its parts. Nothing connects before the first call, and what lists need not wait for is
 * loaded with the first call of something else.
 */
export function createAssetService(options: AssetServiceOptions): AssetService {
  const { unfilledDirectories: unfilled = [], notes = [], siteId, timeouts = {} } = options;
  const { lagMs = LAG_MS } = timeouts;
  const { retryPolicy = DEFAULT_RETRY_POLICY, loadWorkers = async () => ({}) } = options;
  const allowedDirectories = createAllowedDirectories(options.allowedDirectories, { unfilled });
  void allowedDirectories.look();
  const pendingNotes = [...notes];
  const connection = createWebflowConnection(options);
  const { webflow, publicUrls } = connection;
  const sites = createSites(webflow, siteId);
  const locales = createLocales(webflow);
  const thumbnails = createThumbnails(publicUrls.of);
  const folders = createFolderStore(webflow, retryPolicy, lagMs);
  const listings = createListingCache(webflow, { onRead: thumbnails.note, folders });
  const lookup = createAssetFinder(webflow, listings);
  const known = { ...connection, sites, locales, folders, listings, lookup, lagMs };
  const explained = createExplainUnknownSite(sites);

  let loading: ReturnType<typeof loadOnDemand> | undefined;
  async function loadOnDemand() {
    const [{ createOnDemandMethods }, workers] = await Promise.all([
      import("./on-demand-methods.js"),
      loadWorkers(),
    ]);
    return createOnDemandMethods(options, workers, known, allowedDirectories);
  }
  const onDemand = () => {
    loading ??= loadOnDemand();
    return loading;
  };

  return {
    ...createGalleryPictures(thumbnails, sites, listings),
    listSites: createListSites(sites),
    listAssets: explained(createListAssets(known)),
    listFolders: explained(createListFolders(sites, folders)),
    ensureFolder: explained(createEnsureFolder(sites, folders)),

    getAsset: async (...args) => (await onDemand()).getAsset(...args),
    viewAsset: async (...args) => (await onDemand()).viewAsset(...args),
    updateAssets: async (...args) => (await onDemand()).updateAssets(...args),
    findUses: async (...args) => (await onDemand()).findUses(...args),
    auditAssets: async (...args) => (await onDemand()).auditAssets(...args),
    deleteAssets: async (...args) => (await onDemand()).deleteAssets(...args),
    uploadAsset: async (...args) => (await onDemand()).uploadAsset(...args),
    uploadAssets: async (...args) => (await onDemand()).uploadAssets(...args),
    uploadStatus: async (...args) => (await onDemand()).uploadStatus(...args),
    syncFolder: async (...args) => (await onDemand()).syncFolder(...args),

    withPublicUrls: (result) => withPublicUrls(result, publicUrls),
    takeNotes: () => [...pendingNotes.splice(0), ...allowedDirectories.takeNotes()],

    async warmUp() {
      await onDemand();
    },
    async close() {
      // What is not loaded has nothing to close.
      await (await loading?.catch(() => undefined))?.close();
      await connection.close();
    },
  };
}
