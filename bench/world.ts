import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../src/emulator/behaviour/seeded-random.js";
import type { GeneratedSite } from "../src/emulator/seeds/generated-site.js";
import { numberedPng } from "../test/builders/bytes.js";

/** The smallest and the largest file, in bytes. */
export type Sizes = readonly [number, number];

export interface WorldOptions {
  /** A round trip to the Data API, to S3 and to the CDN. */
  readonly latencyMs: number;
  readonly originLatencyMs: number;
  readonly sizes: Sizes;
  /** Calls a window; none when left out. */
  readonly limit?: number;
  readonly windowMs?: number;
  /** Whether the origin sends its files without a Content-Length, in chunks. */
  readonly chunkedOrigin?: boolean;
  /** Folders that exist already. */
  readonly folders?: readonly string[];
  readonly site?: GeneratedSite;
}

export interface Counts {
  /** Those that Webflow answered. */
  readonly apiCalls: number;
  /** Those that it refused with 429. */
  readonly refusedCalls: number;
  readonly s3Posts: number;
  readonly downloads: number;
  readonly downloadedBytes: number;
  /** Assets with their bytes. */
  readonly assets: number;
}

export interface World {
  readonly apiBaseUrl: string;
  readonly token: string;
  readonly siteId: string;
  readonly uploadHost: string;
  readonly originHost: string;
  /** Where the site is published. */
  readonly siteHost: string;
  counts(): Promise<Counts>;
  close(): void;
}

/** The way to Webflow from a European office, as a round trip in milliseconds; the origin is nearer. */
export const NETWORK = { latencyMs: 80, originLatencyMs: 40 } as const;
export const WEB_FILES: Sizes = [20_000, 2_000_000];
export const SMALL_FILES: Sizes = [2_000, 20_000];

/** File `number`: a PNG by its signature, its size drawn from a seed, small ones more often than large ones. */
export function benchFile(number: number, [smallest, largest]: Sizes): Buffer {
  const share = seededRandom(number)();
  return numberedPng(number, Math.round(smallest * (largest / smallest) ** share));
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const child = fork(script("world-process.mjs"), [JSON.stringify(options)]);
  const { ready } = (await answerOf(child)) as { ready: Omit<World, "counts" | "close"> };
  return {
    ...ready,
    async counts() {
      child.send("counts");
      return (await answerOf(child)) as Counts;
    },
    close: () => child.kill(),
  };
}

/** A script beside this one, once all are bundled. */
export function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`a process of the benchmark ended with ${code}`)));
  });
}
