import { Worker } from "node:worker_threads";

/** What the process and its watchdog share: how often its event loop has turned, and whether it is to end. */
export const BEATS = 0;
export const IS_ENDING = 1;

export interface Watched {
  readonly shared: Int32Array;
  readonly parentPid: number;
}

export interface Watchdog {
  /** From now on, the process may be ended as soon as its event loop blocks. */
  noteEnding(): void;
}

const BEAT_MS = 500;

/**
 * Starts a thread that ends this process when its event loop blocks although its parent is gone or it was told to
 * end: in that state it sees neither the end of input nor a signal. `script` is the bundled `thread.ts` next to this
 * file. Where no thread can be started, nothing watches.
 */
export function startWatchdog(script: URL): Watchdog {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const watched: Watched = { shared, parentPid: process.ppid };
  try {
    const worker = new Worker(script, {
      name: "watchdog",
      env: {},
      execArgv: [],
      workerData: watched,
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
    });
    worker.on("error", () => {});
    worker.unref();
  } catch {
    // Some systems allow no threads.
  }
  setInterval(() => Atomics.add(shared, BEATS, 1), BEAT_MS).unref();
  return { noteEnding: () => void Atomics.store(shared, IS_ENDING, 1) };
}
