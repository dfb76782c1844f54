import { join } from "node:path";
import { createLogger } from "../core/logger.js";
import { createByteBudget } from "../core/memory/byte-budget.js";
import { createEnsureFolder } from "../folders/ensure-folder.js";
import { createFolderStore } from "../folders/folder-store.js";
import { createListFolders } from "../folders/list-folders.js";
import { createInspector, type Inspector } from "../inspection/inspector.js";
import { createDeleteAssets } from "../library/delete-assets.js";
import { createGetAsset } from "../library/get-asset.js";
import { createListAssets } from "../library/list-assets.js";
import { createListSites } from "../library/list-sites.js";
import { createAssetFinder } from "../library/listing/asset-finder.js";
import { createListingCache } from "../library/listing/listing-cache.js";
import { createGalleryPictures, createThumbnails } from "../library/thumbnails.js";
import { createUpdateAssets } from "../library/update-assets.js";
import { createViewAsset } from "../library/view-asset.js";
import { createPictureOptimizer } from "../pictures/optimizer.js";
import { type AllowedDirectories, createAllowedDirectories } from "../sources/local/directories-in-use.js";
import { createSyncFolder } from "../sync/sync-folder.js";
import { createFileHold } from "../uploads/batch/file-hold.js";
import { createJobs } from "../uploads/batch/jobs.js";
import { createBatchUploads } from "../uploads/batch/upload-assets.js";
import { createFilePreparation } from "../uploads/file/prepare-file.js";
import { createHostedFileComparison } from "../uploads/hosted-file.js";
import { createClaims, NO_CLAIMS } from "../uploads/known/claims.js";
import { createLedger, NO_LEDGER } from "../uploads/known/ledger.js";
import { createAssetRecords } from "../uploads/record/asset-record.js";
import { createReuseKnown } from "../uploads/reuse-known.js";
import { createUploadAsset } from "../uploads/upload-asset.js";
import { createUploader } from "../uploads/upload-file.js";
import { createAuditAssets } from "../uses/audit-assets.js";
import { createFindUses } from "../uses/find-uses.js";
import { createUsageMaps } from "../uses/usage-maps.js";
import { createLookForUses } from "../uses/uses-before-deletion.js";
import { createLocales } from "../webflow/locales.js";
import { withPublicUrls } from "../webflow/public-urls.js";
import { createExplainUnknownSite, createSites } from "../webflow/sites.js";
import { DEFAULT_RETRY_POLICY } from "../webflow/wire/retry.js";
import type { AssetService } from "./asset-service.js";
import { type Connections, createConnections } from "./connections.js";
import type { AssetServiceOptions } from "./options.js";

/** Bytes of files that all calls and jobs together may hold in memory. */
const MOST_BYTES_IN_MEMORY = 32 * 1024 * 1024;
/** The same for the pictures of batches that are to be optimized: four photos of 5 MB keep two cores busy. */
const MOST_BYTES_OF_PICTURES = 22 * 1024 * 1024;
/** On top of that, of optimized ones that wait for their turn: they are encoded while a rate limit lets nothing in. */
const MOST_BYTES_WAITING = 26 * 1024 * 1024;
/** On top of that, bytes of files between their comparison by a sync and their upload. */
const MOST_BYTES_HELD = 24 * 1024 * 1024;

/** Builds the asset service from its parts. Nothing connects before the first call. */
export function createAssetService(options: AssetServiceOptions): AssetService {
  const { unfilledDirectories: unfilled = [], notes = [] } = options;
  const allowedDirectories = createAllowedDirectories(options.allowedDirectories, { unfilled });
  void allowedDirectories.look();
  const pendingNotes = [...notes];
  const connections = createConnections(options, allowedDirectories);
  const inspector = options.inspector ?? createInspector();
  const known = createSiteKnowledge(options, connections);
  const uploads = createUploadMethods(options, { ...connections, ...known, inspector }, allowedDirectories);
  const { sites } = known;
  const explained = createExplainUnknownSite(sites);

  return {
    ...createGalleryPictures(known.thumbnails, sites, known.listings),
    listSites: createListSites(sites),
    ...createLibraryMethods(options, { ...connections, ...known, inspector }, explained),
    listFolders: explained(createListFolders(sites, known.folders)),
    ensureFolder: explained(createEnsureFolder(sites, known.folders)),
    uploadAsset: explained(uploads.uploadAsset),
    uploadAssets: explained(uploads.uploadAssets),
    uploadStatus: uploads.uploadStatus,
    syncFolder: explained(uploads.syncFolder),

    withPublicUrls: (result) => withPublicUrls(result, connections.publicUrls),

    takeNotes: () => [...pendingNotes.splice(0), ...allowedDirectories.takeNotes()],

    async close() {
      await uploads.close();
      await Promise.allSettled([inspector.close(), connections.close()]);
    },
  };
}

/** What calls find out about the sites, kept for later calls. */
function createSiteKnowledge(
  options: AssetServiceOptions,
  { webflow, textFetcher, publicUrls }: Connections,
) {
  const { siteId, apiBaseUrl, urlHosts, retryPolicy = DEFAULT_RETRY_POLICY, timeouts } = options;
  const thumbnails = createThumbnails(publicUrls.of);
  const folders = createFolderStore(webflow, retryPolicy, timeouts?.lagMs);
  const listings = createListingCache(webflow, { onRead: thumbnails.note, folders });
  return {
    sites: createSites(webflow, siteId),
    locales: createLocales(webflow),
    folders,
    thumbnails,
    listings,
    lookup: createAssetFinder(webflow, listings),
    maps: createUsageMaps({ webflow, fetcher: textFetcher, openedHosts: urlHosts, apiBaseUrl, listings }),
  };
}

type Parts = Connections & ReturnType<typeof createSiteKnowledge> & { readonly inspector: Inspector };

/** What the tools do with the assets that a site already has. */
function createLibraryMethods(
  { viewer, trustConfirm = false, timeouts }: AssetServiceOptions,
  parts: Parts,
  explained: ReturnType<typeof createExplainUnknownSite>,
) {
  const asking = { ...parts, trustConfirm, lagMs: timeouts?.lagMs };
  const downloader = parts.hostedDownloader;
  const lookForUses = createLookForUses(parts);
  return {
    listAssets: explained(createListAssets(parts)),
    getAsset: explained(createGetAsset(parts)),
    viewAsset: explained(createViewAsset({ ...parts, downloader, viewer })),
    updateAssets: explained(createUpdateAssets(asking)),
    findUses: explained(createFindUses(parts)),
    auditAssets: explained(createAuditAssets({ ...parts, downloader })),
    deleteAssets: explained(createDeleteAssets({ ...asking, lookForUses })),
  };
}

/** What brings files to a site, and ends the jobs that are still doing so. */
function createUploadMethods(
  options: AssetServiceOptions,
  parts: Parts,
  allowedDirectories: AllowedDirectories,
) {
  const { token, uploadHosts, cacheDirectory, timeouts = {}, log = createLogger("silent") } = options;
  const { webflow, reader, inspector } = parts;
  const { lagMs } = timeouts;
  const hostedFiles = createHostedFileComparison(parts.hostedDownloader);
  const records = createAssetRecords(webflow, lagMs);
  const optimizer = options.optimizer ?? createPictureOptimizer();
  const ledger = cacheDirectory === undefined ? NO_LEDGER : createLedger(cacheDirectory, log);
  const claims = cacheDirectory === undefined ? NO_CLAIMS : createClaims(join(cacheDirectory, "uploads"));
  const jobs = createJobs(log);
  const dependencies = {
    ...parts,
    preparation: createFilePreparation(reader, optimizer, inspector, token),
    optimizer,
    uploader: createUploader({ ...parts, records, hostedFiles, uploadHosts, lagMs, claims }),
    reuseKnown: createReuseKnown({ ...parts, ledger, hostedFiles }),
    budget: createByteBudget(MOST_BYTES_IN_MEMORY, { onReturned: options.onBytesReleased }),
    pictureBudget: createByteBudget(MOST_BYTES_OF_PICTURES, {
      waitingBytes: MOST_BYTES_WAITING,
      onReturned: options.onPictureReleased,
    }),
    ledger,
    jobs,
  };

  return {
    uploadAsset: createUploadAsset(dependencies),
    ...createBatchUploads(dependencies),
    syncFolder: createSyncFolder({
      ...dependencies,
      hostedFiles,
      hold: createFileHold(MOST_BYTES_HELD),
      allowedDirectories,
    }),
    async close() {
      await jobs.close();
      await ledger.flush();
    },
  };
}
