import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { ItemResult, JobReport } from "../../contract/job-report.js";
import { type CallContext, cancelledError, isCancelled } from "../../core/call-context.js";
import { AssetError, formatError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import { createJobReporter, type JobReporter } from "./job-reporter.js";

/** Work on many files that goes on after the call that began it was answered. */
export interface Jobs {
  /**
   * Begins a job and waits for its end as long as `call` has time. `work` sets the results as they come. When `call`
   * is cancelled before it was answered, so is the job. Throws what `work` throws before any item has ended.
   */
  start(
    results: ItemResult[],
    work: (call: CallContext) => Promise<void>,
    call: CallContext,
  ): Promise<JobReport>;
  /**
   * Waits for the end of a job as long as `call` has time. `handle` is the job of any report. Throws JOB_NOT_FOUND.
   */
  wait(handle: string, call: CallContext): Promise<JobReport>;
  /** The results from a cursor on, at once. Throws JOB_NOT_FOUND, INVALID_INPUT. */
  page(handle: string, cursor: string): JobReport;
  /** Ends a job; what is under way is undone. Throws JOB_NOT_FOUND. */
  cancel(handle: string): Promise<JobReport>;
  /** Ends all jobs; resolves when what they left half done is undone. */
  close(): Promise<void>;
}

interface Job {
  readonly id: string;
  readonly results: readonly ItemResult[];
  readonly reporter: JobReporter;
  readonly controller: AbortController;
  readonly listeners: Set<CallContext["progress"]>;
  readonly startedAt: number;
  status: JobReport["status"];
  ended: Promise<void>;
  /** What the whole work failed with. */
  failure?: unknown;
  /** What the work waits for, until when. */
  pause?: { readonly reason: string; readonly until: number };
}

/** How long a job can be asked for after its end, in milliseconds. */
const KEPT_MS = 3_600_000;
/** Of jobs that have ended, in all; beyond, the oldest are forgotten before their time. */
const MOST_KEPT_RESULTS = 20_000;
/** While nothing ends, whoever waits is told in between that the job is alive. */
const SIGN_OF_LIFE_MS = 5_000;

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

  function callOf(job: Job): CallContext {
    return {
      id: job.id.slice(0, 6),
      signal: job.controller.signal,
      deadline: Number.POSITIVE_INFINITY,
      log: log.child(job.id.slice(0, 6)),
      progress: (...step) => {
        for (const tell of job.listeners) tell(...step);
      },
      paused: (reason, ms) => {
        job.pause = { reason, until: Date.now() + ms };
      },
    };
  }

  async function run(job: Job, work: (call: CallContext) => Promise<void>): Promise<void> {
    try {
      await work(callOf(job));
    } catch (error) {
      log.error(`job ${job.id}: ${formatError(error)}`);
      if (job.results.every(({ status }) => status === "pending")) job.failure = error;
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
  async function waitFor(job: Job, call: CallContext): Promise<void> {
    const tell: CallContext["progress"] = (...step) => call.progress(...step);
    const signsOfLife = setInterval(() => tell(stateOf(job)), SIGN_OF_LIFE_MS);
    job.listeners.add(tell);
    try {
      await endOrAbort(job, call);
    } finally {
      clearInterval(signsOfLife);
      job.listeners.delete(tell);
    }
    if (isCancelled(call)) throw cancelledError();
  }

  function report(job: Job, since: number): JobReport {
    return job.status === "running"
      ? job.reporter.running(since, waitingNote(job))
      : job.reporter.ended(job.status);
  }

  return {
    async start(results, work, call) {
      const id = randomBytes(9).toString("base64url");
      const job: Job = {
        id,
        results,
        reporter: createJobReporter(id, results),
        controller: new AbortController(),
        listeners: new Set(),
        startedAt: Date.now(),
        status: "running",
        ended: Promise.resolve(),
      };
      setMaxListeners(0, job.controller.signal);
      jobs.set(job.id, job);
      job.ended = run(job, work);
      try {
        await waitFor(job, call);
      } catch (error) {
        job.controller.abort();
        await job.ended;
        throw error;
      }
      if (job.failure !== undefined) throw job.failure;
      return report(job, 0);
    },

    async wait(handle, call) {
      const { job, since } = find(handle);
      await waitFor(job, call);
      return report(job, since);
    },

    page(handle, cursor) {
      const { job } = find(handle);
      return job.reporter.page(job.status, cursor);
    },

    async cancel(handle) {
      const { job, since } = find(handle);
      job.controller.abort();
      await job.ended;
      return report(job, since);
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

function stateOf(job: Job): string {
  const done = job.results.filter(({ status }) => status !== "pending").length;
  const waiting = waitingNote(job);
  return `${done} of ${job.results.length} files done${waiting === undefined ? "" : `. ${waiting}`}`;
}

/** Why nothing happens just now, and how long the rest takes at the pace so far. */
function waitingNote({ pause, results, startedAt }: Job): string | undefined {
  const left = pause === undefined ? 0 : pause.until - Date.now();
  if (pause === undefined || left <= 0) return undefined;
  const pending = results.filter(({ status }) => status === "pending").length;
  const done = results.length - pending;
  const restMs = done === 0 ? left : Math.max(left, ((Date.now() - startedAt) / done) * pending);
  const about = restMs < 90_000 ? `${Math.ceil(restMs / 1000)} s` : `${Math.round(restMs / 60_000)} min`;
  return `Waiting for ${pause.reason}, about ${about} left.`;
}
