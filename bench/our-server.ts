import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
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
  /** Samples both processes until it is called again; the most memory that they had together. */
  watchBoth(): () => MemoryOfBoth;
  /** User and system time that the server has used so far, in milliseconds; undefined where the system does not tell. */
  cpuMs(): number | undefined;
  close(): Promise<void>;
}

/** In bytes. */
export interface MemoryOfBoth {
  /** Pages that both share are counted twice. */
  readonly resident: number;
  /** Half of those pages is counted to each: proc(5), Pss. */
  readonly proportional: number;
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

type ProcessId = number | string | null | undefined;

const SAMPLE_EVERY_MS = 20;
/** The system walks all pages for it. */
const SAMPLE_SHARES_EVERY_MS = 200;

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
    peakBytes: () => peakBytesOf(pid),
    optimizerPeakBytes: () => peakBytesOf(childOf(pid)),
    watchBoth: () => watchBoth(pid),
    cpuMs: () => cpuMsOf(pid),
    close: () => client.close(),
  };
}

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "bench-"));
}

function peakBytesOf(pid: ProcessId): number | undefined {
  return memoryOf(pid, "VmHWM");
}

function watchBoth(pid: number | null): () => MemoryOfBoth {
  const most = { resident: 0, proportional: 0 };
  const sample = (field: keyof typeof most, of: MemoryField): void => {
    const together = (memoryOf(pid, of) ?? 0) + (memoryOf(childOf(pid), of) ?? 0);
    most[field] = Math.max(most[field], together);
  };
  const timers = [
    setInterval(() => sample("resident", "VmRSS"), SAMPLE_EVERY_MS),
    setInterval(() => sample("proportional", "Pss"), SAMPLE_SHARES_EVERY_MS),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
    return most;
  };
}

type MemoryField = "VmHWM" | "VmRSS" | "Pss";

function memoryOf(pid: ProcessId, field: MemoryField): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/${field === "Pss" ? "smaps_rollup" : "status"}`, "utf8");
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Linux counts in hundredths of a second: proc(5), fields 14 and 15. */
function cpuMsOf(pid: number | null): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

function childOf(pid: number | null): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0];
  } catch {
    return undefined;
  }
}

/** `work`, and how long it took in milliseconds. */
export async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAt };
}
