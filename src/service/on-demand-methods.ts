import { join } from "node:path";
import { createLogger } from "../core/logger.js";
import { createByteBudget } from "../core/memory/byte-budget.js";
import type { FolderStore } from "../folders/folder-store.js";
import { createInspector } from "../inspection/inspector.js";
import { createDeleteAssets } from "../library/delete-assets.js";
import { createGetAsset } from "../library/get-asset.js";
import type { AssetFinder } from "../library/listing/asset-finder.js";
import type { ListingCache } from "../library/listing/listing-cache.js";
import { createUpdateAssets } from "../library/update-assets.js";
import { createViewAsset } from "../library/view-asset.js";
import { picturesAtOnce } from "../pictures/load-sharp.js";
import { createPictureOptimizer } from "../pictures/optimizer.js";
import type { AllowedDirectories } from "../sources/local/directories-in-use.js";
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
import { createUsageMaps, type UsageMaps } from "../uses/usage-maps.js";
import { createLookForUses } from "../uses/uses-before-deletion.js";
import type { Locales } from "../webflow/locales.js";
import { createExplainUnknownSite, type Sites } from "../webflow/sites.js";
import type { AssetService } from "./asset-service.js";
import { createFileConnections, type FileConnections } from "./file-connections.js";
import type { AssetServiceOptions, FileWorkers } from "./options.js";
import type { WebflowConnection } from "./webflow-connection.js";

/** Bytes of files that all calls and jobs together may hold in memory. */
const MOST_BYTES_IN_MEMORY = 32 * 1024 * 1024;
/** The same for the pictures of batches that are to be optimized: so many photos of 6 MB keep every core busy. */
const MOST_BYTES_OF_PICTURES = (picturesAtOnce() + 1) * 6 * 1024 * 1024;
/** On top of that, of optimized ones that wait for their turn: they are encoded while a rate limit lets nothing in. */
const MOST_BYTES_WAITING = 32 * 1024 * 1024;
/** On top of that, bytes of files between their comparison by a sync and their upload. */
const MOST_BYTES_HELD = 24 * 1024 * 1024;

/** The methods that this module gives. */
type OnDemandMethods = Pick<
  AssetService,
  | "getAsset"
  | "viewAsset"
  | "updateAssets"
  | "findUses"
  | "auditAssets"
  | "deleteAssets"
  | "uploadAsset"
  | "uploadAssets"
  | "uploadStatus"
  | "syncFolder"
  | "close"
>;

/** What calls find out about the sites, kept for later calls. */
export interface SiteKnowledge {
  readonly sites: Sites;
  readonly locales: Locales;
  readonly folders: FolderStore;
  readonly listings: ListingCache;
  readonly lookup: AssetFinder;
  /** How long Webflow, S3 and the CDN may take to show what one of them has just accepted, in milliseconds. */
  readonly lagMs: number;
}

/**
 * What reads and changes assets, their files and the pages that show them: most of the server's code, which lists are
 * answered without.
 */
export function createOnDemandMethods(
  options: AssetServiceOptions,
  workers: FileWorkers,
  known: SiteKnowledge & WebflowConnection,
  allowedDirectories: AllowedDirectories,
): OnDemandMethods {
  const { apiBaseUrl, urlHosts } = options;
  const { inspector = createInspector(), optimizer = createPictureOptimizer(), viewer } = workers;
  const connections = createFileConnections(options, allowedDirectories);
  const maps = createUsageMaps({
    ...known,
    fetcher: connections.textFetcher,
    openedHosts: urlHosts,
    apiBaseUrl,
  });
  const parts = { ...known, ...connections, maps, inspector, optimizer, viewer };
  const uploads = createUploadMethods(options, parts, allowedDirectories);
  return {
    ...createLibraryMethods(options, parts),
    ...uploads,
    async close() {
      await uploads.close();
      await Promise.allSettled([inspector.close(), connections.close()]);
    },
  };
}

type Parts = SiteKnowledge &
  WebflowConnection &
  FileConnections & { readonly maps: UsageMaps } & Required<Omit<FileWorkers, "viewer">> &
  Pick<FileWorkers, "viewer">;

/** What the tools do with the assets that a site already has. */
function createLibraryMethods({ trustConfirm = false }: AssetServiceOptions, parts: Parts) {
  const explained = createExplainUnknownSite(parts.sites);
  const asking = { ...parts, trustConfirm };
  const downloader = parts.hostedDownloader;
  const lookForUses = createLookForUses(parts);
  return {
    getAsset: explained(createGetAsset(parts)),
    viewAsset: explained(createViewAsset({ ...parts, downloader })),
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
  const { token, uploadHosts, cacheDirectory, log = createLogger("silent") } = options;
  const { webflow, reader, inspector, optimizer, lagMs } = parts;
  const hostedFiles = createHostedFileComparison(parts.hostedDownloader);
  const records = createAssetRecords(webflow, lagMs);
  const ledger = cacheDirectory === undefined ? NO_LEDGER : createLedger(cacheDirectory, log);
  const claims = cacheDirectory === undefined ? NO_CLAIMS : createClaims(join(cacheDirectory, "uploads"));
  const jobs = createJobs(log);
  const explained = createExplainUnknownSite(parts.sites);
  const dependencies = {
    ...parts,
    preparation: createFilePreparation(reader, optimizer, inspector, token),
    uploader: createUploader({ ...parts, records, hostedFiles, uploadHosts, claims }),
    reuseKnown: createReuseKnown({ ...parts, ledger, hostedFiles }),
    budget: createByteBudget(MOST_BYTES_IN_MEMORY, { onReturned: options.onBytesReleased }),
    pictureBudget: createByteBudget(MOST_BYTES_OF_PICTURES, {
      waitingBytes: MOST_BYTES_WAITING,
      onReturned: options.onPictureReleased,
    }),
    ledger,
    jobs,
  };

  const { uploadAssets, uploadStatus } = createBatchUploads(dependencies);
  const hold = createFileHold(MOST_BYTES_HELD);
  return {
    uploadAsset: explained(createUploadAsset(dependencies)),
    uploadAssets: explained(uploadAssets),
    uploadStatus,
    syncFolder: explained(createSyncFolder({ ...dependencies, hostedFiles, hold, allowedDirectories })),
    async close() {
      await jobs.close();
      await ledger.flush();
    },
  };
}
