import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { type CallContext, cancelledError, DeadlinePassed, interruptionError } from "../core/call-context.js";
import type { Logger } from "../core/logger.js";

export interface RunningCallsOptions {
  readonly log: Logger;
  /** A call is answered within this many milliseconds. */
  readonly callMs: number;
}

/** What a client's request brings with it. */
export interface Request {
  readonly signal: AbortSignal;
  readonly progress: CallContext["progress"];
}

/** The calls under way: each has its time, and all of them end when the server does. */
export interface Calls {
  /**
   * Gives `work` a call of its own and resolves or rejects as it does, at the latest when the time is over. Work that
   * watches its signal has a few seconds before that for undoing what it left half done.
   */
  run<Result>(request: Request, work: (call: CallContext) => Promise<Result>): Promise<Result>;
  /** Aborts all calls, also those to come; resolves when they have ended. */
  abortAll(): Promise<void>;
}

/** Kept back from a call's time for undoing what it left half done. */
const CLEAN_UP_RESERVE_MS = 4_500;

export function createRunningCalls({ log, callMs }: RunningCallsOptions): Calls {
  const running = new Map<AbortController, Promise<unknown>>();
  const workMs = callMs - CLEAN_UP_RESERVE_MS;
  let isEnding = false;

  return {
    async run(request, work) {
      if (isEnding) throw cancelledError();
      const controller = new AbortController();
      // One call may have many requests on their way, each of which listens.
      setMaxListeners(0, controller.signal);
      const cancel = (): void => controller.abort();
      if (request.signal.aborted) cancel();
      request.signal.addEventListener("abort", cancel, { once: true });
      const id = randomBytes(3).toString("hex");
      const call: CallContext = {
        id,
        signal: controller.signal,
        deadline: Date.now() + workMs,
        log: log.child(id),
        progress: request.progress,
      };
      const workTimer = setTimeout(() => controller.abort(new DeadlinePassed()), workMs);
      const working = work(call);
      running.set(controller, working);
      const { overdue, stop } = rejectWhenOverdue(call, callMs);
      try {
        return await Promise.race([working, overdue]);
      } finally {
        stop();
        clearTimeout(workTimer);
        request.signal.removeEventListener("abort", cancel);
        const forget = (): boolean => running.delete(controller);
        working.then(forget, forget);
      }
    },

    async abortAll() {
      isEnding = true;
      for (const controller of running.keys()) controller.abort();
      await Promise.allSettled(running.values());
    },
  };
}

/** For a call that does not end although it was told to. */
function rejectWhenOverdue(call: CallContext, callMs: number): { overdue: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      call.log.error("the call did not end in time");
      reject(interruptionError(call));
    }, callMs);
  });
  return { overdue, stop: () => clearTimeout(timer) };
}
