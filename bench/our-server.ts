import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { childOf, cpuMsOf, memoryOf, threadsOf, type Watched, watchBoth } from "./processes.js";
import type { World } from "./world.js";

/** This server as a client starts it, on a world. */
export interface OurServer {
  readonly client: Client;
  /** Calls a tool; gives its structured content, and throws with the text of a failure. */
  call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Uploads a batch and follows it to its end; gives the last report. */
  uploadAll(items: readonly Item[], more?: Record<string, unknown>): Promise<BatchReport>;
  /** The most memory that it had so far; undefined where the system does not tell. */
  peakBytes(): number | undefined;
  /** The same of the process that optimizes pictures. */
  optimizerPeakBytes(): number | undefined;
  /** Where its ledger lies. */
  readonly cacheHome: string;
  /** Samples both processes until it is called again. */
  watchBoth(): () => Watched;
  /** User and system time that the server has used so far, in milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  /** What each of its threads has used so far, in milliseconds; none where the system does not tell. */
  threads(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export interface Item {
  readonly source: string;
  readonly folder?: string;
}

export type BatchReport = Record<string, unknown> & { status: string; failed: number; uploaded: number };

export interface OurServerOptions {
  readonly entry?: string;
  readonly nodeOptions?: readonly string[];
  readonly directories?: readonly string[];
  /** Where its ledger lies; a new place when left out. */
  readonly cacheHome?: string;
}

export async function startOurServer(
  world: World,
  {
    entry = "dist/main.js",
    nodeOptions = [],
    directories = [],
    cacheHome = newDirectory(),
  }: OurServerOptions = {},
): Promise<OurServer> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...nodeOptions, entry, ...directories],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      XDG_CACHE_HOME: cacheHome,
      WEBFLOW_TOKEN: world.token,
      WEBFLOW_SITE_ID: world.siteId,
      WEBFLOW_API_BASE_URL: world.apiBaseUrl,
      WEBFLOW_UPLOAD_HOSTS: world.uploadHost,
      WEBFLOW_URL_HOSTS: `${world.originHost},${world.siteHost}`,
      WEBFLOW_LOG_LEVEL: "error",
    },
  });
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(transport);
  const { pid } = transport;

  async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
    if (isError) throw new Error(JSON.stringify(content));
    return (structuredContent ?? {}) as Record<string, unknown>;
  }

  // Loads the asset service, as the modules of the others are loaded before their clock starts.
  await call("uploadStatus", { job: "none" }).catch(() => {});
  return {
    client,
    cacheHome,
    call,
    async uploadAll(items, more = {}) {
      let report = await call("uploadAssets", { items, ...more });
      while (report["status"] === "running") report = await call("uploadStatus", { job: report["job"] });
      return report as BatchReport;
    },
    peakBytes: () => memoryOf(pid, "VmHWM"),
    optimizerPeakBytes: () => memoryOf(childOf(pid), "VmHWM"),
    watchBoth: () => watchBoth(pid),
    cpuMs: () => cpuMsOf(pid),
    threads: () => threadsOf(pid),
    close: () => client.close(),
  };
}

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "bench-"));
}

/** `work`, and how long it took in milliseconds. */
export async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAt };
}
