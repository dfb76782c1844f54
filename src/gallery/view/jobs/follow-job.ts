import { messageOf } from "../elements/failure-text.js";
import type { Host } from "../host/host.js";
import { type Job, mergeItems, readJob } from "./job.js";

export interface JobFollower {
  cancel(): void;
  stop(): void;
}

export interface JobEvents {
  changed(job: Job): void;
  /** The status could not be read several times in a row. */
  lost(reason: string): void;
}

/** Between two answers that come at once; the server itself holds a call until there is news. */
const PAUSE_MS = 1_000;
const RETRY_PAUSES_MS = [2_000, 5_000, 10_000];

/** Of a job of thousands of files, the view shows what these tell. */
const MAX_PAGES = 40;

/** Asks for the job's status until it has ended, then for all its files; each answer holds only what is new. */
export function followJob(host: Host, opening: Job, events: JobEvents): JobFollower {
  let isStopped = false;
  let id = opening.id;
  let known = opening.items;

  async function read(args: object): Promise<Job> {
    const { data } = await host.callTool("uploadStatus", args);
    if (typeof data["status"] !== "string") throw new Error("This app returned an empty result.");
    const job = readJob(data);
    id = job.id ?? id;
    known = mergeItems(known, job.items);
    return { ...job, items: known };
  }

  async function readRest(job: Job): Promise<void> {
    let page = job;
    for (let count = 0; count < MAX_PAGES && page.nextCursor !== undefined && !isStopped; count += 1) {
      page = await read({ job: id, cursor: page.nextCursor });
      if (!isStopped) events.changed(page);
    }
  }

  async function follow(): Promise<void> {
    let failures = 0;
    while (!isStopped) {
      try {
        const job = await read({ job: id });
        if (isStopped) return;
        events.changed(job);
        if (job.status !== "running") return await readRest(job);
        failures = 0;
        await pause(PAUSE_MS);
      } catch (error) {
        const wait = RETRY_PAUSES_MS[failures];
        if (wait === undefined) return events.lost(messageOf(error));
        failures += 1;
        await pause(wait);
      }
    }
  }

  void follow();
  return {
    cancel() {
      read({ job: id, cancel: true }).then(events.changed, (error: unknown) => events.lost(messageOf(error)));
    },
    stop() {
      isStopped = true;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
