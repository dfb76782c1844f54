import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { ItemResult, JobReport } from "../../contract/job-report.js";
import { abortable, type CallContext, cancelledError, isCancelled } from "../../core/call-context.js";
import { formatError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import type { Writable } from "../../core/writable.js";
import { createJobReporter } from "./job-reporter.js";

/** One job, from its start to its end and beyond. */
export interface Job {
  readonly id: string;
  readonly results: readonly ItemResult[];
  readonly status: JobReport["status"];
  /** What the work threw before any item was finished. */
  readonly failure: unknown;
  /** Resolves when the job has ended; never rejects. */
  readonly ended: Promise<void>;
  /** Resolves when the job has ended or the call is out of time; throws if the call is cancelled. */
  waitFor(call: CallContext): Promise<void>;
  /** `since` is the number of the previous report, 0 for none. */
  report(since: number): JobReport;
  /** The results from a cursor on. Throws INVALID_INPUT. */
  page(cursor: string): JobReport;
  /** Ends the job early; resolves when everything half done is undone. */
  cancel(): Promise<void>;
}

/** Sets the results of a job as they come in. */
export type JobWork = (call: CallContext) => Promise<void>;

interface Pause {
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** While no item finishes, whoever waits gets a sign of life this often. */
const SIGN_OF_LIFE_MS = 5_000;

export function startJob(results: ItemResult[], work: JobWork, log: Logger): Job {
  const id = randomBytes(9).toString("base64url");
  const reporter = createJobReporter(id, results);
  const controller = new AbortController();
  const listeners = new Set<CallContext["progress"]>();
  const startedAt = Date.now();
  /** What the work waits for. */
  let pause: Pause | undefined;
  setMaxListeners(0, controller.signal);

  const jobCall: CallContext = {
    id: id.slice(0, 6),
    signal: controller.signal,
    deadline: Number.POSITIVE_INFINITY,
    log: log.child(id.slice(0, 6)),
    progress: (...step) => {
      for (const tell of listeners) tell(...step);
    },
    paused: (reason, ms) => {
      pause = { reason, until: Date.now() + ms };
    },
  };

  async function run(): Promise<void> {
    try {
      await work(jobCall);
    } catch (error) {
      log.error(`job ${id}: ${formatError(error)}`);
      if (results.every((item) => item.status === "pending")) job.failure = error;
      for (const item of results) {
        if (item.status === "pending" && !controller.signal.aborted) fail(item, error);
      }
    }
    for (const item of results) if (item.status === "pending") item.status = "cancelled";
    job.status = controller.signal.aborted ? "cancelled" : "done";
  }

  const job: Writable<Job> = {
    id,
    results,
    status: "running",
    failure: undefined,
    ended: Promise.resolve(),

    async waitFor(call) {
      const tell: CallContext["progress"] = (...step) => call.progress(...step);
      const signsOfLife = setInterval(() => tell(stateOf(results, startedAt, pause)), SIGN_OF_LIFE_MS);
      listeners.add(tell);
      try {
        await abortable(call, job.ended).catch(() => {});
      } finally {
        clearInterval(signsOfLife);
        listeners.delete(tell);
      }
      if (isCancelled(call)) throw cancelledError();
    },

    report: (since) =>
      job.status === "running"
        ? reporter.running(since, waitingNote(results, startedAt, pause))
        : reporter.ended(job.status),

    page: (cursor) => reporter.page(job.status, cursor),

    cancel() {
      controller.abort();
      return job.ended;
    },
  };
  job.ended = run();
  return job;
}

export function fail(item: ItemResult, error: unknown): void {
  item.status = "failed";
  item.error = formatError(error);
}

function stateOf(results: readonly ItemResult[], startedAt: number, pause: Pause | undefined): string {
  const done = results.filter(({ status }) => status !== "pending").length;
  const waiting = waitingNote(results, startedAt, pause);
  return `${done} of ${results.length} files done${waiting === undefined ? "" : `. ${waiting}`}`;
}

/** Why nothing is happening, and how long the rest will take at the pace so far. */
function waitingNote(results: readonly ItemResult[], startedAt: number, pause: Pause | undefined) {
  const left = pause === undefined ? 0 : pause.until - Date.now();
  if (pause === undefined || left <= 0) return undefined;
  const pending = results.filter(({ status }) => status === "pending").length;
  const done = results.length - pending;
  const restMs = done === 0 ? left : Math.max(left, ((Date.now() - startedAt) / done) * pending);
  const about = restMs < 90_000 ? `${Math.ceil(restMs / 1000)} s` : `${Math.round(restMs / 60_000)} min`;
  return `Waiting for ${pause.reason}, about ${about} left.`;
}
