import type { World } from "../world.js";
import { uploadWithSdk } from "./sdk-helper.js";
import { uploadLikeTutorial } from "./tutorial.js";

export interface RivalFile {
  readonly url: string;
  readonly fileName: string;
  readonly folder: string;
}

export interface Job {
  readonly way: "tutorial" | "sdk" | "sdk-at-once";
  readonly world: Pick<World, "apiBaseUrl" | "token" | "siteId">;
  readonly files: readonly RivalFile[];
}

export interface RivalReport {
  readonly ms: number;
  readonly failures: number;
  /** User and system time, in milliseconds. */
  readonly cpuMs: number;
  readonly peakBytes: number;
}

/* Another way to upload, in a process of its own: takes a job as a message, answers with the report, and ends. */
process.once("message", async (job: Job) => {
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  const failures =
    job.way === "tutorial"
      ? await uploadLikeTutorial(job)
      : await uploadWithSdk(job, job.way === "sdk-at-once");
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usedBefore);
  const cpuMs = (user + system) / 1000;
  const report: RivalReport = { ms, failures, cpuMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
  process.send?.(report, () => process.exit());
});
process.send?.("ready");
