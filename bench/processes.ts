import { existsSync, readdirSync, readFileSync } from "node:fs";

type ProcessId = number | string | null | undefined;

/** What was seen of a server and its optimizer while they were watched. */
export interface Watched {
  /** The most memory of both together, in bytes; pages that both share are counted twice. */
  readonly resident: number;
  /** The same, where half of those pages is counted to each: proc(5), Pss. */
  readonly proportional: number;
  /** User and system time of each, in milliseconds. */
  readonly serverMs: number;
  readonly optimizerMs: number;
  /** For which part of the time the optimizer used about no core, about one, about two, and so on. */
  readonly busyShares: readonly number[];
}

const RESIDENT_EVERY_MS = 20;
const BUSY_EVERY_MS = 200;
/** The system walks all pages for it, which takes three milliseconds of a process that is to be watched. */
const PROPORTIONAL_EVERY_MS = 2_000;

export function watchBoth(pid: number | null): () => Watched {
  const most = { resident: 0, proportional: 0 };
  const sample = (field: keyof typeof most, of: MemoryField): void => {
    const together = (memoryOf(pid, of) ?? 0) + (memoryOf(childOf(pid), of) ?? 0);
    most[field] = Math.max(most[field], together);
  };
  const before = cpuMsOf(pid) ?? Number.NaN;
  const busy: number[] = [];
  let last = { at: performance.now(), optimizerMs: 0 };
  const sampleBusy = (): void => {
    const now = { at: performance.now(), optimizerMs: cpuMsOf(childOf(pid)) ?? 0 };
    const cores = Math.round((now.optimizerMs - last.optimizerMs) / (now.at - last.at));
    busy[cores] = (busy[cores] ?? 0) + now.at - last.at;
    last = now;
  };
  const timers = [
    setInterval(() => sample("resident", "VmRSS"), RESIDENT_EVERY_MS),
    setInterval(() => sample("proportional", "Pss"), PROPORTIONAL_EVERY_MS),
    setInterval(sampleBusy, BUSY_EVERY_MS),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
    sampleBusy();
    const watchedMs = busy.reduce((total, ms) => total + (ms ?? 0), 0);
    const busyShares = Array.from(busy, (ms) => (ms ?? 0) / watchedMs);
    const serverMs = (cpuMsOf(pid) ?? Number.NaN) - before;
    return { ...most, serverMs, optimizerMs: last.optimizerMs, busyShares };
  };
}

type MemoryField = "VmHWM" | "VmRSS" | "Pss";

/** In bytes; undefined where the system does not tell. */
export function memoryOf(pid: ProcessId, field: MemoryField): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/${field === "Pss" ? "smaps_rollup" : "status"}`, "utf8");
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Linux counts in hundredths of a second: proc(5), fields 14 and 15. */
export function cpuMsOf(pid: ProcessId): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

export function childOf(pid: ProcessId): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0];
  } catch {
    return undefined;
  }
}

/** What each thread of a process has used so far, in milliseconds of processor time. */
export function threadsOf(pid: number | null): Map<string, number> {
  const directory = `/proc/${pid}/task`;
  if (!existsSync(directory)) return new Map();
  // The first field of schedstat is in nanoseconds: https://docs.kernel.org/scheduler/sched-stats.html
  const used = (thread: string): number =>
    Number(readFileSync(`${directory}/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  return new Map(readdirSync(directory).map((thread) => [thread, used(thread)]));
}
