import type { ItemResult, JobReport } from "../../contract/job-report.js";
import type { UploadAssetsRequest } from "../../contract/upload-assets.js";
import type { UploadStatusRequest } from "../../contract/upload-status.js";
import type { CallContext } from "../../core/call-context.js";
import { ownCopy } from "../../core/text.js";
import { parseFolderPath } from "../../folders/folder-path.js";
import type { ListingCache } from "../../library/listing/listing-cache.js";
import type { Sites } from "../../webflow/sites.js";
import { createUploadRecall } from "../recall-uploads.js";
import type { Jobs } from "./jobs.js";
import { type BatchDependencies, type BatchItem, uploadBatch } from "./upload-batch.js";

/** Uploads of many files, which go on as a job when they take longer than a call may. */
export interface BatchUploads {
  uploadAssets(request: UploadAssetsRequest, call: CallContext): Promise<JobReport>;
  uploadStatus(request: UploadStatusRequest, call: CallContext): Promise<JobReport>;
}

export interface BatchUploadDependencies extends BatchDependencies {
  readonly sites: Sites;
  readonly listings: ListingCache;
  readonly jobs: Jobs;
}

/** Beyond this many items a report leaves out the URLs, so that it stays within what clients show a model. */
const MOST_WITH_URL = 100;

export function createBatchUploads(parts: BatchUploadDependencies): BatchUploads {
  const { sites, jobs } = parts;
  return {
    async uploadAssets(request, call) {
      const items = request.items.map((item) => ({
        ...item,
        folder: item.folder ?? request.folder,
        optimize: item.optimize ?? request.optimize,
      }));
      for (const { folder } of items) if (folder !== undefined) parseFolderPath(folder);
      const siteId = await sites.resolve(request.siteId, call);
      return startBatch(parts, siteId, items, request.dryRun ?? false, call);
    },

    uploadStatus: async ({ job, cancel }, call) =>
      shortened(await (cancel ? jobs.cancel(job) : jobs.wait(job, call))),
  };
}

/** Begins a batch as a job, and resolves with its report at the end, or when the call's time is over. */
export async function startBatch(
  parts: BatchUploadDependencies,
  siteId: string,
  items: readonly BatchItem[],
  dryRun: boolean,
  call: CallContext,
): Promise<JobReport> {
  const results: ItemResult[] = items.map(({ source }) => ({
    source: shownSource(source),
    status: "pending",
  }));
  const known = createUploadRecall(siteId, items.length, parts);
  return shortened(
    await parts.jobs.start(
      results,
      (jobCall) => uploadBatch(parts, { siteId, items, results, known, dryRun }, jobCall),
      call,
    ),
  );
}

function shortened(report: JobReport): JobReport {
  if (report.total <= MOST_WITH_URL) return report;
  return { ...report, results: report.results.map(({ url: _, ...item }) => item) };
}

/** A data: URI is told by its beginning. */
function shownSource(source: string): string {
  if (!/^\s*data:/i.test(source)) return source;
  return `${ownCopy(source.trim().slice(0, source.indexOf(",") + 9))}... (${source.length} characters)`;
}
