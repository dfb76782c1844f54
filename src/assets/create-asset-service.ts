import type { Call } from "../call.js";
import type { HostRule } from "../host-rules.js";
import { createPacer } from "../webflow/pacing.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../webflow/retry.js";
import { createStorage } from "../webflow/s3-post.js";
import { createWebflowClient } from "../webflow/webflow-client.js";
import { createAssetListings } from "./asset-listings.js";
import { createAssetRecords } from "./asset-records.js";
import type { AssetService } from "./asset-service.js";
import { createListFolders } from "./folder-listing.js";
import { parseFolderPath } from "./folder-path.js";
import { createFolders } from "./folders.js";
import { createHostedFiles } from "./hosted-files.js";
import { createLibrary } from "./library.js";
import { createPrepareFile } from "./prepare-file.js";
import { createSites } from "./sites.js";
import { createDownloader } from "./sources/download.js";
import { createSourceReader } from "./sources/source-reader.js";
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
}

/** Builds the asset service from its parts. Nothing is connected and nothing is read before the first call. */
export function createAssetService(options: AssetServiceOptions): AssetService {
  const { token, apiBaseUrl, uploadHosts, urlHosts, allowedDirectories } = options;
  const { retryPolicy = DEFAULT_RETRY_POLICY, timeouts = {} } = options;
  const webflow = createWebflowClient({
    token,
    apiBaseUrl,
    pacer: createPacer(),
    retryPolicy,
    ...(timeouts.requestMs !== undefined && { requestTimeoutMs: timeouts.requestMs }),
  });
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
  const silentUploader = createUploader({
    webflow,
    storage,
    records: createAssetRecords(webflow),
    folders,
    hostedFiles: createHostedFiles(hostedDownloader),
    uploadHosts,
  });
  const uploader: Uploader = {
    upload: (target, file, call) =>
      silentUploader.upload(target, file, call).finally(() => listings.noteAdded(target.siteId)),
  };
  const prepareFile = createPrepareFile(reader);

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

    uploadAsset: explained(createUploadAsset({ sites, folders, prepareFile, uploader })),

    async close() {
      await Promise.allSettled([reader.close(), hostedDownloader.close(), storage.close()]);
    },
  };
}
