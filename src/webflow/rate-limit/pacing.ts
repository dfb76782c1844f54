import {
  type CallContext,
  cancelledError,
  hasDeadlinePassed,
  isCancelled,
  millisecondsLeft,
  waitInterruptibly,
} from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { createAllowance } from "./allowance.js";
import { createRateLimitPause, type PacedAnswer } from "./rate-limit-pause.js";

/** Paces every Data API call of one token. */
export interface Pacer {
  /**
   * Runs `attempt` when its turn has come, in order of arrival, and repeats it for as long as the answer is 429.
   * Resolves with the first other answer. Throws RATE_LIMITED if the call's deadline leaves no time to wait,
   * CANCELLED if the call is cancelled while it waits, and whatever `attempt` throws.
   */
  run<Answer extends PacedAnswer>(call: CallContext, attempt: () => Promise<Answer>): Promise<Answer>;
  /** Calls that may be made before the limit is reached, less those in flight; unlimited if no limit is known. */
  callsLeft(): number;
  /**
   * How many uploads, or other jobs that need a call each, it makes sense to run at once. Whatever is under way when
   * a process is killed has to be looked up again, which costs nothing but time if Webflow sets no tight limit.
   */
  worksAtOnce(): number;
}

export interface PacerOptions {
  /** How many requests may be in flight at once. */
  readonly maxInFlight?: number;
  /** First pause after a 429 without Retry-After, in milliseconds; it doubles with each further one. */
  readonly pauseMs?: number;
  /** How many processes use the token, as far as they know of each other. */
  readonly participants?: () => number;
}

interface Waiter {
  readonly arrival: number;
  readonly call: CallContext;
  start(): void;
}

/**
 * Enough to keep a limit of 120 a minute busy. When the process is killed, each one costs up to three calls to
 * complete later: one that repeats the record, two that look at it.
 */
const WORKS_UNDER_A_LIMIT = 7;

/**
 * A pacer that learns the limit from what Webflow reports: `X-RateLimit-Remaining` on every answer, and 429 with
 * `Retry-After` in seconds or as a date. Retry-After on any other answer is ignored, because Webflow's own examples
 * show it on a 200. No header says when the window ends, so when nothing remains, or nothing is known yet, one
 * request goes ahead alone and the others act on its answer.
 * Source: https://developers.webflow.com/data/reference/rate-limits
 */
export function createPacer({ maxInFlight = 64, pauseMs = 1_000, participants }: PacerOptions = {}): Pacer {
  const waiting: Waiter[] = [];
  const pause = createRateLimitPause(pauseMs);
  const allowance = createAllowance(maxInFlight, participants);
  let arrivals = 0;
  let wakeUp: NodeJS.Timeout | undefined;

  function startWaiting(): void {
    clearTimeout(wakeUp);
    const pausedMs = pause.msLeft();
    if (pausedMs > 0) {
      if (waiting.length > 0) wakeUp = setTimeout(startWaiting, pausedMs);
      return;
    }
    while (waiting.length > 0 && allowance.mayStart()) waiting.shift()?.start();
  }

  function enqueue(waiter: Waiter): void {
    const index = waiting.findIndex((other) => other.arrival > waiter.arrival);
    waiting.splice(index === -1 ? waiting.length : index, 0, waiter);
    pause.report(waiter.call);
    startWaiting();
  }

  async function waitForTurn(call: CallContext, arrival: number): Promise<number> {
    if (pause.askedMsLeft() > millisecondsLeft(call)) throw interruption(call);
    const begin = (start: (order: number) => void) => {
      const waiter: Waiter = { arrival, call, start: () => start(allowance.noteStart()) };
      enqueue(waiter);
      return () => void waiting.splice(waiting.indexOf(waiter), 1);
    };
    return waitInterruptibly(call, begin, interruption);
  }

  function learn(order: number, answer: PacedAnswer): void {
    if (answer.status !== 429) {
      pause.noteSuccess();
      allowance.noteAnswer(order, answer.headers);
      return;
    }
    allowance.noteRefusal();
    pause.begin(order, allowance.sent, answer);
    for (const waiter of waiting) pause.report(waiter.call);
  }

  function interruption(call: CallContext): AssetError {
    if (isCancelled(call)) return cancelledError();
    const seconds = Math.max(1, Math.ceil(pause.askedMsLeft() / 1000));
    return rateLimitedError(seconds, hasDeadlinePassed(call), pause.said);
  }

  return {
    callsLeft: () => (pause.msLeft() > 0 ? 0 : allowance.callsLeft()),

    worksAtOnce: () => (allowance.isWide ? maxInFlight : WORKS_UNDER_A_LIMIT),

    async run(call, attempt) {
      arrivals += 1;
      const arrival = arrivals;
      for (;;) {
        const order = await waitForTurn(call, arrival);
        try {
          const answer = await attempt();
          learn(order, answer);
          if (answer.status !== 429) return answer;
        } finally {
          allowance.noteEnd();
          startWaiting();
        }
      }
    },
  };
}

function rateLimitedError(seconds: number, waited: boolean, said: string | undefined): AssetError {
  const why = waited
    ? "Webflow's rate limit left this call no time to finish"
    : `Webflow's rate limit asks for a wait of ${seconds} s, longer than this call may take`;
  return new AssetError(
    "RATE_LIMITED",
    said === undefined ? why : `${why} (${said})`,
    `call again in ${seconds} s`,
  );
}
