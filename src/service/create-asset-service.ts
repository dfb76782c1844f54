import { createHash } from "node:crypto";
import { join } from "node:path";
import type { AllowedHost } from "../core/allowed-hosts.js";
import { createByteBudget } from "../core/byte-budget.js";
import { createLogger, type Logger } from "../core/logger.js";
import type { Proxies } from "../core/proxies.js";
import { createEnsureFolder } from "../folders/ensure-folder.js";
import { createFolderStore } from "../folders/folder-store.js";
import { createListFolders } from "../folders/list-folders.js";
import { createInspector, type Inspector } from "../inspection/inspector.js";
import { createDeleteAssets } from "../library/delete-assets.js";
import { createGetAsset } from "../library/get-asset.js";
import { createListAssets } from "../library/list-assets.js";
import { createListSites } from "../library/list-sites.js";
import { createAssetFinder } from "../library/listing/find-assets.js";
import { createListingCache } from "../library/listing/listing-cache.js";
import { createGalleryPictures, createThumbnails } from "../library/thumbnails.js";
import { createUpdateAssets } from "../library/update-assets.js";
import { createViewAsset } from "../library/view-asset.js";
import { createPictureOptimizer, type PictureOptimizer } from "../pictures/optimizer.js";
import type { PictureViewer } from "../pictures/viewing/picture-viewer.js";
import { resolveAllowedDirectories } from "../sources/local/allowed-directories.js";
import { createSourceReader } from "../sources/source-reader.js";
import { createDownloader } from "../sources/web/download.js";
import { createTextFetcher } from "../sources/web/fetch-text.js";
import type { UrlSources } from "../sources/web/url.js";
import { createSyncFolder } from "../sync/sync-folder.js";
import { createAssetRecords } from "../uploads/asset-record.js";
import { createFileHold } from "../uploads/batch/file-hold.js";
import { createJobs } from "../uploads/batch/jobs.js";
import { createBatchUploads } from "../uploads/batch/upload-assets.js";
import { createHostedFileComparison } from "../uploads/hosted-file.js";
import { createLedger, NO_LEDGER } from "../uploads/ledger.js";
import { createFilePreparation } from "../uploads/prepare-file.js";
import { createReuseKnown } from "../uploads/reuse-known.js";
import { createUploadAsset } from "../uploads/upload-asset.js";
import { createUploader, type Uploader } from "../uploads/upload-file.js";
import { createAuditAssets } from "../uses/audit-assets.js";
import { createFindUses } from "../uses/find-uses.js";
import { createUsageMaps } from "../uses/usage-maps.js";
import { createLookForUses } from "../uses/uses-before-deletion.js";
import { createWebflowClient } from "../webflow/client.js";
import { createLocales } from "../webflow/locales.js";
import { createFormPoster } from "../webflow/post-form.js";
import { createPacer } from "../webflow/rate-limit/pacing.js";
import { createParticipants, type Participants } from "../webflow/rate-limit/participants.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "../webflow/retry.js";
import { createExplainUnknownSite, createSites } from "../webflow/sites.js";
import { createTransport } from "../webflow/wire/transport.js";
import type { AssetService } from "./asset-service.js";

/** How long the steps on the network may take, in milliseconds; each has a sensible default. */
export interface Timeouts {
  /** One request to the Data API in all. */
  readonly requestMs?: number;
  /** Silence of the storage, of a source, or of a hosted file. */
  readonly idleMs?: number;
  /** Until Webflow, the storage and the CDN show what one of them has just taken. */
  readonly lagMs?: number;
}

export interface AssetServiceOptions {
  readonly token: string | undefined;
  /** Why what is set as the token cannot be used. */
  readonly tokenProblem?: string | undefined;
  readonly proxies?: Proxies | undefined;
  readonly apiBaseUrl: string;
  /** The site of calls that name none. */
  readonly siteId?: string | undefined;
  readonly allowedDirectories: readonly string[];
  /** Hosts beside Amazon's that files may be sent to and looked at. */
  readonly uploadHosts: readonly AllowedHost[];
  /** Hosts that URL sources may come from although they are private. */
  readonly urlHosts: readonly AllowedHost[];
  /** Which URLs are sources; `any` when left out. */
  readonly urlSources?: UrlSources | undefined;
  /** For unattended runs: `confirm: true` is enough, and nobody is asked. */
  readonly trustConfirm?: boolean;
  readonly retryPolicy?: RetryPolicy;
  readonly timeouts?: Timeouts;
  /** Where to remember what was uploaded; without it nothing is remembered from one run to the next. */
  readonly cacheDirectory?: string | undefined;
  /** What works on pictures; without it, this process does. */
  readonly optimizer?: PictureOptimizer;
  /** What makes pictures fit for models; without it, this process does. */
  readonly viewer?: PictureViewer;
  /** What looks into the bytes of files; without it, this thread does. */
  readonly inspector?: Inspector;
  /** Told how many bytes of files are not needed any more. */
  readonly onBytesReleased?: (bytes: number) => void;
  readonly log?: Logger;
}

/** Files that are held in memory at once, by all calls and jobs together. */
const MOST_BYTES_IN_MEMORY = 32 * 1024 * 1024;
/** Besides, for files between their comparison by a sync and their upload. */
const MOST_BYTES_HELD = 24 * 1024 * 1024;

/** Builds the asset service from its parts. Nothing is connected and nothing is read before the first call. */
export function createAssetService(options: AssetServiceOptions): AssetService {
  const { token, tokenProblem, apiBaseUrl, uploadHosts, urlHosts, allowedDirectories, proxies } = options;
  const { retryPolicy = DEFAULT_RETRY_POLICY, timeouts = {}, trustConfirm = false } = options;
  const participants = participantsOf(options);
  const pacer = createPacer(participants && { participants: participants.count });
  const transport = createTransport({ proxies });
  const webflow = createWebflowClient({
    token,
    tokenProblem,
    apiBaseUrl,
    transport,
    proxies,
    pacer,
    retryPolicy,
    ...(timeouts.requestMs !== undefined && { requestTimeoutMs: timeouts.requestMs }),
  });
  const storage = createFormPoster({
    retryPolicy,
    proxies,
    ...(timeouts.idleMs !== undefined && { idleTimeoutMs: timeouts.idleMs }),
  });
  const limits = timeouts.idleMs === undefined ? {} : { idleMs: timeouts.idleMs };
  const reader = createSourceReader({
    allowedDirectories,
    urlHosts,
    urlSources: options.urlSources,
    limits,
    proxies,
  });
  const hostedDownloader = createDownloader({ urlHosts: [...urlHosts, ...uploadHosts], limits, proxies });
  const sites = createSites(webflow, options.siteId);
  const locales = createLocales(webflow);
  const folders = createFolderStore(webflow, retryPolicy);
  const thumbnails = createThumbnails();
  const listings = createListingCache(webflow, { onRead: thumbnails.note });
  const lookup = createAssetFinder(webflow, listings);
  const textFetcher = createTextFetcher({ urlHosts: [...urlHosts, ...uploadHosts], ...limits, proxies });
  const maps = createUsageMaps({
    webflow,
    fetcher: textFetcher,
    openedHosts: urlHosts,
    apiBaseUrl,
    listings,
  });
  const lookForUses = createLookForUses({ maps, listings, webflow });
  const hostedFiles = createHostedFileComparison(hostedDownloader);
  const silentUploader = createUploader({
    webflow,
    storage,
    records: createAssetRecords(webflow, timeouts.lagMs),
    folders,
    hostedFiles,
    uploadHosts,
    lagMs: timeouts.lagMs,
  });
  const uploader: Uploader = {
    upload: (target, file, call) =>
      silentUploader.upload(target, file, call).finally(() => listings.noteAdded(target.siteId)),
  };
  const optimizer = options.optimizer ?? createPictureOptimizer();
  const inspector = options.inspector ?? createInspector();
  const preparation = createFilePreparation(reader, optimizer, inspector, token);
  const log = options.log ?? createLogger("silent");
  const ledger = options.cacheDirectory === undefined ? NO_LEDGER : createLedger(options.cacheDirectory, log);
  const jobs = createJobs(log);
  const budget = createByteBudget(MOST_BYTES_IN_MEMORY, options.onBytesReleased);
  const reuseKnown = createReuseKnown({ webflow, folders, ledger, hostedFiles });
  const batchDependencies = {
    preparation,
    optimizer,
    inspector,
    folders,
    uploader,
    reuseKnown,
    budget,
    ledger,
    sites,
    listings,
    jobs,
    worksAtOnce: pacer.worksAtOnce,
  };
  const batchUploads = createBatchUploads(batchDependencies);
  const syncFolder = createSyncFolder({
    ...batchDependencies,
    hostedFiles,
    hold: createFileHold(MOST_BYTES_HELD),
    allowedDirectories: async () => (await resolveAllowedDirectories(allowedDirectories)).directories,
  });

  const explained = createExplainUnknownSite(sites);

  return {
    ...createGalleryPictures(thumbnails, sites, listings),

    listSites: createListSites(sites),
    listAssets: explained(createListAssets({ sites, folders, listings, locales })),
    getAsset: explained(createGetAsset({ webflow, sites, folders, locales })),
    viewAsset: explained(
      createViewAsset({ sites, lookup, downloader: hostedDownloader, inspector, viewer: options.viewer }),
    ),
    updateAssets: explained(createUpdateAssets({ webflow, sites, lookup, listings, locales, trustConfirm })),
    findUses: explained(createFindUses({ sites, folders, maps })),
    auditAssets: explained(createAuditAssets({ sites, folders, maps, downloader: hostedDownloader })),
    deleteAssets: explained(
      createDeleteAssets({ webflow, sites, folders, lookup, listings, lookForUses, trustConfirm }),
    ),

    listFolders: explained(createListFolders(sites, folders)),

    ensureFolder: explained(createEnsureFolder(sites, folders)),

    uploadAsset: explained(createUploadAsset(batchDependencies)),
    uploadAssets: explained(batchUploads.uploadAssets),
    uploadStatus: batchUploads.uploadStatus,
    syncFolder: explained(syncFolder),

    async close() {
      await jobs.close();
      await ledger.flush();
      await participants?.leave();
      await Promise.allSettled([
        inspector.close(),
        reader.close(),
        hostedDownloader.close(),
        textFetcher.close(),
        storage.close(),
        transport.close(),
      ]);
    },
  };
}

/** The processes with the same token find each other by a digest of it, from which it cannot be told. */
function participantsOf({ token, cacheDirectory }: AssetServiceOptions): Participants | undefined {
  if (token === undefined || cacheDirectory === undefined) return undefined;
  const digest = createHash("sha256").update(token).digest("hex").slice(0, 16);
  return createParticipants(join(cacheDirectory, "callers", digest));
}
