import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { ItemResult, JobReport } from "../../contract/job-report.js";
import { type CallContext, cancelledError, isCancelled } from "../../core/call-context.js";
import { AssetError, formatError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";

/** Work on many files that goes on after the call that began it was answered. */
export interface Jobs {
  /**
   * Begins a job and waits for its end as long as `call` has time. `work` sets the results as they come. When `call`
   * is cancelled before it was answered, so is the job.
   */
  start(
    results: ItemResult[],
    work: (call: CallContext) => Promise<void>,
    call: CallContext,
  ): Promise<JobReport>;
  /** Waits for the end of a job as long as `call` has time. Throws JOB_NOT_FOUND. */
  wait(id: string, call: CallContext): Promise<JobReport>;
  /** Ends a job; what is under way is undone. Throws JOB_NOT_FOUND. */
  cancel(id: string): Promise<JobReport>;
  /** Ends all jobs; resolves when what they left half done is undone. */
  close(): Promise<void>;
}

interface Job {
  readonly id: string;
  readonly results: readonly ItemResult[];
  readonly controller: AbortController;
  readonly listeners: Set<CallContext["progress"]>;
  status: JobReport["status"];
  ended: Promise<void>;
}

/** How long a job can be asked for after its end, in milliseconds. */
const KEPT_MS = 3_600_000;
/** Of jobs that have ended, in all; beyond, the oldest are forgotten before their time. */
const MOST_KEPT_RESULTS = 20_000;

export function createJobs(log: Logger): Jobs {
  const jobs = new Map<string, Job>();

  function find(id: string): Job {
    const job = jobs.get(id);
    if (job) return job;
    throw new AssetError(
      "JOB_NOT_FOUND",
      "There is no such job: it ended too long or too many jobs ago, or the server was started anew",
      "make the same call again; files that were finished come back as reused at once",
    );
  }

  function callOf(job: Job): CallContext {
    return {
      id: job.id.slice(0, 6),
      signal: job.controller.signal,
      deadline: Number.POSITIVE_INFINITY,
      log: log.child(job.id.slice(0, 6)),
      progress: (...step) => {
        for (const tell of job.listeners) tell(...step);
      },
    };
  }

  async function run(job: Job, work: (call: CallContext) => Promise<void>): Promise<void> {
    try {
      await work(callOf(job));
    } catch (error) {
      log.error(`job ${job.id}: ${formatError(error)}`);
      for (const item of job.results) {
        if (item.status === "pending" && !job.controller.signal.aborted) fail(item, error);
      }
    }
    for (const item of job.results) if (item.status === "pending") item.status = "cancelled";
    job.status = job.controller.signal.aborted ? "cancelled" : "done";
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

  /** Resolves when the job has ended, or the call's time has; throws when the call is cancelled. */
  async function waitFor(job: Job, call: CallContext): Promise<JobReport> {
    const tell: CallContext["progress"] = (...step) => call.progress(...step);
    job.listeners.add(tell);
    try {
      await endOrAbort(job, call);
    } finally {
      job.listeners.delete(tell);
    }
    if (isCancelled(call)) throw cancelledError();
    return report(job);
  }

  return {
    async start(results, work, call) {
      const job: Job = {
        id: randomBytes(12).toString("base64url"),
        results,
        controller: new AbortController(),
        listeners: new Set(),
        status: "running",
        ended: Promise.resolve(),
      };
      setMaxListeners(0, job.controller.signal);
      jobs.set(job.id, job);
      job.ended = run(job, work);
      try {
        return await waitFor(job, call);
      } catch (error) {
        job.controller.abort();
        await job.ended;
        throw error;
      }
    },

    wait: async (id, call) => waitFor(find(id), call),

    async cancel(id) {
      const job = find(id);
      job.controller.abort();
      await job.ended;
      return report(job);
    },

    async close() {
      for (const job of jobs.values()) job.controller.abort();
      await Promise.all([...jobs.values()].map((job) => job.ended));
    },
  };
}

export function fail(item: ItemResult, error: unknown): void {
  item.status = "failed";
  item.error = formatError(error);
}

function endOrAbort(job: Job, call: CallContext): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      call.signal.removeEventListener("abort", done);
      resolve();
    };
    if (call.signal.aborted) {
      resolve();
      return;
    }
    call.signal.addEventListener("abort", done, { once: true });
    void job.ended.then(done);
  });
}

function report(job: Job): JobReport {
  const count = (status: ItemResult["status"]): number =>
    job.results.filter((item) => item.status === status).length;
  return {
    job: job.id,
    status: job.status,
    total: job.results.length,
    uploaded: count("uploaded"),
    reused: count("reused"),
    planned: count("planned"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    pending: count("pending"),
    results: job.results.map((item) => ({ ...item })),
  };
}
