import type { ItemResult, JobReport } from "../../contract/job-report.js";
import type { CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import { type Job, type JobWork, startJob } from "./job.js";

/** Work on many files that outlives the call that started it. */
export interface Jobs {
  /**
   * Starts a job and waits for its end for as long as `call` has time. `work` sets the results as they come in. If
   * `call` is cancelled before it was answered, so is the job. Throws what `work` throws before any item is finished.
   */
  start(results: ItemResult[], work: JobWork, call: CallContext): Promise<JobReport>;
  /** Waits for a job to end while `call` has time. `handle` is that of any report. Throws JOB_NOT_FOUND. */
  wait(handle: string, call: CallContext): Promise<JobReport>;
  /** The results from a cursor on, without waiting. Throws JOB_NOT_FOUND, INVALID_INPUT. */
  page(handle: string, cursor: string): JobReport;
  /** Ends a job; whatever is under way is undone. Throws JOB_NOT_FOUND. */
  cancel(handle: string): Promise<JobReport>;
  /** Ends all jobs; resolves when everything half done is undone. */
  close(): Promise<void>;
}

/** How long a job can be asked about after its end, in milliseconds. */
const KEPT_MS = 3_600_000;
/** For all ended jobs together; beyond, the oldest are forgotten early. */
const MOST_KEPT_RESULTS = 20_000;

export function createJobs(log: Logger): Jobs {
  const jobs = new Map<string, Job>();

  function find(handle: string): { job: Job; since: number } {
    const [id = "", number = "0"] = handle.trim().split(".");
    const job = jobs.get(id);
    if (job) return { job, since: Number(number) || 0 };
    throw new AssetError(
      "JOB_NOT_FOUND",
      "There is no such job: it ended too long or too many jobs ago, or the server was restarted",
      "make the same call again; files that were finished come back as reused immediately",
    );
  }

  async function forgetInTime(job: Job): Promise<void> {
    await job.ended;
    setTimeout(() => jobs.delete(job.id), KEPT_MS).unref();
    forgetOldest(job);
  }

  function forgetOldest(latest: Job): void {
    const ended = [...jobs.values()].filter((job) => job.status !== "running" && job !== latest);
    let kept = latest.results.length;
    for (const job of ended.reverse()) {
      kept += job.results.length;
      if (kept > MOST_KEPT_RESULTS) jobs.delete(job.id);
    }
  }

  return {
    async start(results, work, call) {
      const job = startJob(results, work, log);
      jobs.set(job.id, job);
      void forgetInTime(job);
      try {
        await job.waitFor(call);
      } catch (error) {
        await job.cancel();
        throw error;
      }
      if (job.failure !== undefined) throw job.failure;
      return job.report(0);
    },

    async wait(handle, call) {
      const { job, since } = find(handle);
      await job.waitFor(call);
      return job.report(since);
    },

    page: (handle, cursor) => find(handle).job.page(cursor),

    async cancel(handle) {
      const { job, since } = find(handle);
      await job.cancel();
      return job.report(since);
    },

    async close() {
      await Promise.all([...jobs.values()].map((job) => job.cancel()));
    },
  };
}
