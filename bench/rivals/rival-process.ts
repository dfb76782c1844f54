import type { World } from "../world.js";
import { uploadBare } from "./bare.js";
import { uploadWithSdk } from "./sdk-helper.js";
import { uploadLikeTutorial } from "./tutorial.js";

export interface RivalFile {
  readonly url: string;
  readonly fileName: string;
  readonly folder: string;
}

export interface Job {
  readonly way: "tutorial" | "sdk" | "sdk-at-once" | "bare";
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

const WAYS: Record<Job["way"], (job: Job) => Promise<number>> = {
  tutorial: uploadLikeTutorial,
  sdk: (job) => uploadWithSdk(job, false),
  "sdk-at-once": (job) => uploadWithSdk(job, true),
  bare: uploadBare,
};

/* Another way to upload, in a process of its own: takes a job as a message, answers with the report, and ends. */
process.once("message", async (job: Job) => {
  const startedAt = performance.now();
  const usedBefore = process.cpuUsage();
  const failures = await WAYS[job.way](job);
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usedBefore);
  const cpuMs = (user + system) / 1000;
  const report: RivalReport = { ms, failures, cpuMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
  process.send?.(report, () => process.exit());
});
process.send?.("ready");
