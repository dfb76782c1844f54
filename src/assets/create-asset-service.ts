import type { Call } from "../call.js";
import type { HostRule } from "../host-rules.js";
import { createLogger, type Logger } from "../log.js";
import { createPacer } from "../webflow/pacing.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../webflow/retry.js";
import { createStorage } from "../webflow/s3-post.js";
import { createWebflowClient } from "../webflow/webflow-client.js";
import { createAssetListings } from "./asset-listings.js";
import { createAssetRecords } from "./asset-records.js";
import type { AssetService } from "./asset-service.js";
import { createByteBudget } from "./batch/byte-budget.js";
import { createJobs } from "./batch/jobs.js";
import { createBatchUploads } from "./batch/upload-assets.js";
import { createListFolders } from "./folder-listing.js";
import { parseFolderPath } from "./folder-path.js";
import { createFolders } from "./folders.js";
import { createGalleryPictures } from "./gallery-pictures.js";
import { createHostedFiles } from "./hosted-files.js";
import { createHostedPictures } from "./hosted-pictures.js";
import { createLedger, NO_LEDGER } from "./ledger.js";
import { createLibrary } from "./library.js";
import { createPictureOptimizer, type PictureOptimizer } from "./optimize/picture-optimizer.js";
import { createFilePreparation } from "./prepare-file.js";
import { createSites } from "./sites.js";
import { resolveAllowedDirectories } from "./sources/allowed-directories.js";
import { createDownloader } from "./sources/download.js";
import { createSourceReader } from "./sources/source-reader.js";
import { createSyncFolder } from "./sync/sync-folder.js";
import { createUploader, type Uploader } from "./upload.js";
import { createUploadAsset } from "./upload-asset.js";

/** How long the steps on the network may take, in milliseconds; each has a sensible default. */
export interface Timeouts {
  /** One request to the Data API in all. */
  readonly requestMs?: number;
  /** Silence of the storage, of a source, or of a hosted file. */
  readonly idleMs?: number;
}

export interface AssetServiceOptions {
  readonly token: string | undefined;
  readonly apiBaseUrl: string;
  /** The site of calls that name none. */
  readonly siteId?: string | undefined;
  readonly allowedDirectories: readonly string[];
  /** Hosts beside Amazon's that files may be sent to and looked at. */
  readonly uploadHosts: readonly HostRule[];
  /** Hosts that URL sources may come from although they are private. */
  readonly urlHosts: readonly HostRule[];
  readonly retryPolicy?: RetryPolicy;
  readonly timeouts?: Timeouts;
  /** Where to remember what was uploaded; without it nothing is remembered from one run to the next. */
  readonly cacheDirectory?: string | undefined;
  /** What works on pictures; without it, this process does. */
  readonly optimizer?: PictureOptimizer;
  /** Told how many bytes of files are not needed any more. */
  readonly onBytesReleased?: (bytes: number) => void;
  readonly log?: Logger;
}

/** Files that are held in memory at once, by all calls and jobs together. */
const MOST_BYTES_IN_MEMORY = 32 * 1024 * 1024;

/** Builds the asset service from its parts. Nothing is connected and nothing is read before the first call. */
export function createAssetService(options: AssetServiceOptions): AssetService {
  const { token, apiBaseUrl, uploadHosts, urlHosts, allowedDirectories } = options;
  const { retryPolicy = DEFAULT_RETRY_POLICY, timeouts = {} } = options;
  const client = createWebflowClient({
    token,
    apiBaseUrl,
    pacer: createPacer(),
    retryPolicy,
    ...(timeouts.requestMs !== undefined && { requestTimeoutMs: timeouts.requestMs }),
  });
  const pictures = createHostedPictures(client);
  const { webflow } = pictures;
  const storage = createStorage({
    retryPolicy,
    ...(timeouts.idleMs !== undefined && { idleTimeoutMs: timeouts.idleMs }),
  });
  const limits = timeouts.idleMs === undefined ? {} : { idleMs: timeouts.idleMs };
  const reader = createSourceReader({ allowedDirectories, urlHosts, limits });
  const hostedDownloader = createDownloader({ urlHosts: [...urlHosts, ...uploadHosts], limits });
  const sites = createSites(webflow, options.siteId);
  const folders = createFolders(webflow, retryPolicy);
  const listings = createAssetListings(webflow);
  const library = createLibrary({ webflow, sites, folders, listings, downloader: hostedDownloader });
  const hostedFiles = createHostedFiles(hostedDownloader);
  const silentUploader = createUploader({
    webflow,
    storage,
    records: createAssetRecords(webflow),
    folders,
    hostedFiles,
    uploadHosts,
  });
  const uploader: Uploader = {
    upload: (target, file, call) =>
      silentUploader.upload(target, file, call).finally(() => listings.noteAdded(target.siteId)),
  };
  const optimizer = options.optimizer ?? createPictureOptimizer();
  const preparation = createFilePreparation(reader, optimizer);
  const log = options.log ?? createLogger("silent");
  const ledger = options.cacheDirectory === undefined ? NO_LEDGER : createLedger(options.cacheDirectory, log);
  const jobs = createJobs(log);
  const budget = createByteBudget(MOST_BYTES_IN_MEMORY, options.onBytesReleased);
  const batchParts = { preparation, optimizer, folders, uploader, budget, ledger, sites, listings, jobs };
  const batchUploads = createBatchUploads(batchParts);
  const syncFolder = createSyncFolder({
    ...batchParts,
    hostedFiles,
    allowedDirectories: async () => (await resolveAllowedDirectories(allowedDirectories)).directories,
  });

  /** Every method tells of an unknown site which ones there are. */
  function explained<Request, Result, ItsCall extends Call>(
    method: (request: Request, call: ItsCall) => Promise<Result>,
  ): typeof method {
    return async (request, call) => {
      try {
        return await method(request, call);
      } catch (error) {
        throw await sites.explain(error, call);
      }
    };
  }

  return {
    ...createGalleryPictures(pictures, sites),

    listSites: library.listSites,
    listAssets: explained(library.listAssets),
    getAsset: explained(library.getAsset),
    viewAsset: explained(library.viewAsset),
    updateAssets: library.updateAssets,
    deleteAssets: explained(library.deleteAssets),

    listFolders: explained(createListFolders(sites, folders)),

    ensureFolder: explained(async ({ siteId: named, path }, call) => {
      parseFolderPath(path);
      const siteId = await sites.resolve(named, call);
      const { folder, created } = await folders.ensure(siteId, path, call);
      return { siteId, folder: { id: folder.id, path: folder.path }, created: [...created] };
    }),

    uploadAsset: explained(createUploadAsset({ sites, folders, preparation, uploader, budget, ledger })),
    uploadAssets: explained(batchUploads.uploadAssets),
    uploadStatus: batchUploads.uploadStatus,
    syncFolder: explained(syncFolder),

    async close() {
      await jobs.close();
      await ledger.flush();
      await Promise.allSettled([reader.close(), hostedDownloader.close(), storage.close()]);
    },
  };
}
