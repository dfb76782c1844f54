import type { EventLoopUtilization } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import type { Logger } from "../../core/logger.js";
import type { LookName } from "../inspector.js";
import type { LookAnswer, LookRequest } from "./messages.js";

/** A thread that examines bytes, one file at a time. */
export interface InspectorThread {
  /** Rejects with {@link LookFailed} if the look fails or takes too long, which ends the thread. */
  ask(name: LookName, bytes: Buffer, more: readonly unknown[]): Promise<unknown>;
  isRunning(): boolean;
  end(): Promise<void>;
}

export class LookFailed extends Error {
  override readonly name = "LookFailed";

  /** Whether the file is not to blame: other processes left the thread no time. */
  readonly isBusyMachine: boolean;

  constructor(why: string, isBusyMachine: boolean) {
    super(why);
    this.isBusyMachine = isBusyMachine;
  }
}

/** How much processor time a look may take after the first check, in microseconds: two seconds in all. */
const LOOK_MICROSECONDS = 1_800_000;
/** However little processor time it got, a look is given up after this time, in milliseconds. */
const LONGEST_LOOK_MS = 30_000;
const CHECKED_EVERY_MS = 200;
/** A thread that does not start within this time is given up, in milliseconds. */
const START_MS = 30_000;
/** The largest file to examine, 10 MiB of text in UTF-16, takes about half of this. */
const HEAP_MEGABYTES = 80;
/** Short-lived values; by default, they may take as much as a quarter of the heap. */
const YOUNG_HEAP_MEGABYTES = 12;
/**
 * Memory that both threads share, and into which the file is copied: the copy takes a millisecond or two, and neither
 * thread keeps the bytes of a file alive for the other. The system commits only what is written to. In bytes.
 */
const SHARED_BYTES = 10 * 1024 * 1024;

/** Starts `script`, the bundled `main.ts` next to this file; undefined if no thread can be started. */
export async function startInspectorThread(script: URL, log: Logger): Promise<InspectorThread | undefined> {
  const worker = startWorker(script, log);
  if (!worker) return undefined;
  const waiting = new Map<number, (answer: LookAnswer) => void>();
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  let isRunning = true;
  let lastId = 0;

  function giveUp(why: string, isBusyMachine = false): void {
    isRunning = false;
    for (const [id, tell] of waiting) tell({ id, failure: why, isBusyMachine });
    void worker?.terminate();
  }

  // Whatever a library prints must not reach stdout, which belongs to the protocol.
  worker.stdout.resume();
  worker.stderr.resume();
  worker.on("message", (answer: LookAnswer) => waiting.get(answer.id)?.(answer));
  worker.on("error", (error) => giveUp(error.message));
  worker.on("exit", () => giveUp("the thread ended"));

  function answerTo(id: number, within: (giveUp: GiveUp) => () => void): Promise<LookAnswer> {
    worker?.ref();
    return new Promise((resolve) => {
      const stop = within(giveUp);
      waiting.set(id, (answer) => {
        stop();
        waiting.delete(id);
        worker?.unref();
        resolve(answer);
      });
    });
  }

  const ready = await answerTo(0, (end) => {
    const timer = setTimeout(end, START_MS, "it took too long");
    return () => clearTimeout(timer);
  });
  if (ready.failure !== undefined) {
    log.debug(`the inspector's thread did not start: ${ready.failure}`);
    return undefined;
  }

  return {
    async ask(name, bytes, more) {
      lastId += 1;
      const answer = answerTo(lastId, limitLook);
      const request: LookRequest = { id: lastId, name, bytes: copyInto(shared, bytes), more };
      worker.postMessage(request);
      const { found, failure, isBusyMachine = false } = await answer;
      if (failure !== undefined) throw new LookFailed(failure, isBusyMachine);
      return found;
    },
    isRunning: () => isRunning,
    async end() {
      isRunning = false;
      await worker.terminate();
    },
  };
}

function startWorker(script: URL, log: Logger): Worker | undefined {
  try {
    return new Worker(script, {
      name: "inspector",
      // None of this server's settings, so no token either.
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: {
        maxOldGenerationSizeMb: HEAP_MEGABYTES,
        maxYoungGenerationSizeMb: YOUNG_HEAP_MEGABYTES,
      },
    });
  } catch (error) {
    log.debug(`no thread for the inspector: ${String(error)}`);
    return undefined;
  }
}

/** A larger file, which only a picture to be optimized may be, gets memory of its own. */
function copyInto(shared: SharedArrayBuffer, bytes: Buffer): Uint8Array {
  if (bytes.length > shared.byteLength) return new Uint8Array(bytes);
  const copy = new Uint8Array(shared, 0, bytes.length);
  copy.set(bytes);
  return copy;
}

type GiveUp = (why: string, isBusyMachine?: boolean) => void;

/**
 * Gives up a look that used too much processor time. Node reports what the whole process used; what this thread used
 * meanwhile is subtracted, so that neither it nor a busy machine condemns a file. Counting begins with the first
 * check: most looks are over by then, and asking the system for each of them would cost more than many a look.
 */
function limitLook(giveUp: GiveUp): () => void {
  const startedAt = performance.now();
  let atFirst: { used: NodeJS.CpuUsage; own: EventLoopUtilization } | undefined;
  const timer = setInterval(() => {
    atFirst ??= { used: process.cpuUsage(), own: performance.eventLoopUtilization() };
    const { user, system } = process.cpuUsage(atFirst.used);
    const ownMicroseconds = performance.eventLoopUtilization(atFirst.own).active * 1_000;
    if (user + system - ownMicroseconds > LOOK_MICROSECONDS) giveUp("it took too long");
    else if (performance.now() - startedAt > LONGEST_LOOK_MS) giveUp("the machine is too busy", true);
  }, CHECKED_EVERY_MS);
  return () => clearInterval(timer);
}
