import { setMaxListeners } from "node:events";
import {
  type CallContext,
  cancelledError,
  DeadlinePassed,
  interruptionError,
  ServerEnding,
} from "../core/call-context.js";
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

/** The time that a call has. */
export interface CallClock {
  /** Settles as `wait` does, which is up to a person: meanwhile the call's clock is stopped. */
  stopFor<Result>(wait: () => Promise<Result>): Promise<Result>;
}

/** The calls under way: each has its time, and all of them end when the server does. */
export interface Calls {
  /**
   * Gives `work` a call of its own and resolves or rejects as it does, at the latest when the time is over. Work that
   * watches its signal has a few seconds before that for undoing what it left half done.
   */
  run<Result>(
    request: Request,
    work: (call: CallContext, clock: CallClock) => Promise<Result>,
  ): Promise<Result>;
  /** Aborts all calls, also those to come; resolves when they have ended. */
  abortAll(): Promise<void>;
}

/** Kept back from a call's time for undoing what it left half done. */
const CLEAN_UP_RESERVE_MS = 4_500;

export function createRunningCalls({ log, callMs }: RunningCallsOptions): Calls {
  const running = new Map<AbortController, Promise<unknown>>();
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
      // Nobody has to be unable to guess it, and loading node:crypto would hold up the start.
      const id = Math.random().toString(16).slice(2, 8);
      const clock = startClock(callMs, () => controller.abort(new DeadlinePassed()));
      const call: CallContext = {
        id,
        signal: controller.signal,
        get deadline() {
          return clock.deadline();
        },
        log: log.child(id),
        progress: request.progress,
      };
      const working = work(call, clock);
      running.set(controller, working);
      const overdue = clock.over.then(() => {
        call.log.error("the call did not end in time");
        throw interruptionError(call);
      });
      try {
        return await Promise.race([working, overdue]);
      } finally {
        clock.end();
        request.signal.removeEventListener("abort", cancel);
        const forget = (): boolean => running.delete(controller);
        working.then(forget, forget);
      }
    },

    async abortAll() {
      isEnding = true;
      for (const controller of running.keys()) controller.abort(new ServerEnding());
      await Promise.allSettled(running.values());
    },
  };
}

interface RunningClock extends CallClock {
  /** When the work has to end: milliseconds since the epoch, `Infinity` while the clock is stopped. */
  deadline(): number;
  /** Resolves when the call has to be answered, for a call that does not end although it was asked to. */
  readonly over: Promise<void>;
  end(): void;
}

/** Calls `onDeadline` when the work has to end, which is before the call has to be answered. */
function startClock(callMs: number, onDeadline: () => void): RunningClock {
  const timers: NodeJS.Timeout[] = [];
  let answerBy = 0;
  let isStopped = false;
  let isOver = false;
  let onOver: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    onOver = resolve;
  });

  function run(ms: number): void {
    isStopped = false;
    answerBy = Date.now() + ms;
    timers.push(setTimeout(onDeadline, ms - CLEAN_UP_RESERVE_MS), setTimeout(onOver, ms));
  }

  function stop(): number {
    for (const timer of timers.splice(0)) clearTimeout(timer);
    isStopped = true;
    const left = answerBy - Date.now();
    answerBy = Number.POSITIVE_INFINITY;
    return left;
  }

  run(callMs);
  return {
    over,
    deadline: () => answerBy - CLEAN_UP_RESERVE_MS,
    end() {
      isOver = true;
      stop();
    },
    async stopFor(wait) {
      if (isStopped) return wait();
      const left = stop();
      try {
        return await wait();
      } finally {
        if (!isOver) run(left);
      }
    },
  };
}
