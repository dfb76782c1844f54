import type { ItemResult, JobReport } from "../../contract/job-report.js";
import type { UploadAssetsRequest } from "../../contract/upload-assets.js";
import type { UploadStatusRequest } from "../../contract/upload-status.js";
import type { CallContext } from "../../core/call-context.js";
import { ownCopy } from "../../core/text.js";
import type { FolderChoice } from "../../folders/folder-store.js";
import type { ListingCache } from "../../library/listing/listing-cache.js";
import type { Sites } from "../../webflow/sites.js";
import { createUploadRecall } from "../known/recall-uploads.js";
import type { Jobs } from "./jobs.js";
import { type BatchDependencies, uploadBatch } from "./upload-batch.js";
import type { BatchItem } from "./upload-item.js";

/** Uploads of many files, which go on as a job if they take longer than a call may. */
export interface BatchUploads {
  uploadAssets(request: UploadAssetsRequest, call: CallContext): Promise<JobReport>;
  uploadStatus(request: UploadStatusRequest, call: CallContext): Promise<JobReport>;
}

export interface BatchUploadDependencies extends BatchDependencies {
  readonly sites: Sites;
  readonly listings: ListingCache;
  readonly jobs: Jobs;
}

export function createBatchUploads(parts: BatchUploadDependencies): BatchUploads {
  const { sites, jobs } = parts;
  return {
    async uploadAssets(request, call) {
      const items = request.items.map((item) => ({
        ...item,
        ...folderOf(item, request),
        optimize: item.optimize ?? request.optimize,
      }));
      parts.folders.check(request);
      const batch = {
        items,
        names: items.map(({ source }) => shownSource(source)),
        dryRun: request.dryRun ?? false,
        // Resolved by the job, which waits for the rate limit when a call has no time for it.
        site: (jobCall: CallContext) => sites.resolve(request.siteId, jobCall),
      };
      return startBatch(parts, batch, call);
    },

    async uploadStatus({ job, cancel, cursor }, call) {
      if (cancel) return jobs.cancel(job);
      return cursor === undefined ? jobs.wait(job, call) : jobs.page(job, cursor);
    },
  };
}

/** The folder that an item names, or else that of the whole batch. */
function folderOf({ folder }: FolderChoice, batch: FolderChoice): FolderChoice {
  return folder === undefined ? { folder: batch.folder, folderId: batch.folderId } : { folder };
}

export interface BatchToStart {
  readonly items: readonly BatchItem[];
  /** What reports call the items, in the same order. */
  readonly names: readonly string[];
  readonly dryRun: boolean;
  site(call: CallContext): Promise<string>;
}

/** Starts a batch as a job, and resolves with its report at the end, or when the call is out of time. */
export async function startBatch(
  parts: BatchUploadDependencies,
  { items, names, dryRun, site }: BatchToStart,
  call: CallContext,
): Promise<JobReport> {
  const results = names.map((source): ItemResult => ({ source, status: "pending" }));
  const work = async (jobCall: CallContext): Promise<void> => {
    const siteId = await site(jobCall);
    const known = createUploadRecall(siteId, items.length, parts);
    await uploadBatch(parts, { siteId, items, results, known, dryRun }, jobCall);
  };
  return parts.jobs.start(results, work, call);
}

/** A data: URI is shown by its beginning. */
function shownSource(source: string): string {
  if (!/^\s*data:/i.test(source)) return source;
  return `${ownCopy(source.trim().slice(0, source.indexOf(",") + 9))}... (${source.length} characters)`;
}
