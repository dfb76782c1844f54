import { type CallContext, millisecondsLeft, waitInterruptibly } from "../../core/call-context.js";

export interface RetryPolicy {
  /** How many times, in total, a call with a deadline tries a step. */
  readonly attempts: number;
  /** The first delay is between 0 and this many milliseconds; the range doubles with every attempt. */
  readonly baseMs: number;
  /** The longest delay in milliseconds, except one that the other side asked for. */
  readonly capMs: number;
  /** For how long a job, which nobody waits for, repeats a step, in milliseconds. */
  readonly patienceMs?: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 6, baseMs: 250, capMs: 8_000 };
/** Outages of a few minutes happen: https://status.webflow.com */
const PATIENCE_MS = 10 * 60_000;
const DELAY_WORTH_REPORTING_MS = 2_000;

/** What a failed step says about repeating it. */
export interface Transience {
  /** Whether the same step may well succeed a moment later. */
  readonly isTransient: boolean;
  /** How long the other side asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Runs `step` until it succeeds, fails permanently, or was repeated often enough; then throws its last error. Attempts
 * and delays are bounded by the call's deadline, or by a job's patience. An abort ends a delay at once.
 */
export async function withRetries<Result>(
  call: CallContext,
  policy: RetryPolicy,
  step: () => Promise<Result>,
  transienceOf: (error: unknown) => Transience,
): Promise<Result> {
  const startedAt = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      const { isTransient, retryAfterMs = 0 } = transienceOf(error);
      if (!isTransient || !hasTurnsLeft(call, policy, attempt, startedAt)) throw error;
      const delayMs = delayAfter(attempt, policy, retryAfterMs, call);
      if (delayMs >= millisecondsLeft(call)) throw error;
      report(error, delayMs, call);
      await pause(delayMs, call);
      if (call.signal.aborted) throw error;
    }
  }
}

function hasTurnsLeft(
  { deadline }: CallContext,
  { attempts, patienceMs = PATIENCE_MS }: RetryPolicy,
  attempt: number,
  startedAt: number,
): boolean {
  return deadline === Number.POSITIVE_INFINITY ? Date.now() - startedAt < patienceMs : attempt < attempts;
}

/**
 * Milliseconds to wait after a failed attempt: what the other side asks for if there is time for it, and at least
 * exponential backoff with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
function delayAfter(
  attempt: number,
  { baseMs, capMs }: RetryPolicy,
  retryAfterMs: number,
  call: CallContext,
): number {
  const own = Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
  return retryAfterMs < millisecondsLeft(call) ? Math.max(own, retryAfterMs) : own;
}

function report(error: unknown, delayMs: number, call: CallContext): void {
  const why = error instanceof Error ? error.message : "?";
  call.log.debug(`failed (${why}); again in ${Math.round(delayMs)} ms`);
  if (delayMs < DELAY_WORTH_REPORTING_MS) return;
  call.paused?.(`the end of an outage (${why})`, delayMs);
  call.progress(`Waiting ${Math.ceil(delayMs / 1000)} s to try again: ${why}`);
}

/** Resolves after this many milliseconds, or at once when the call is cancelled or out of time. */
function pause(ms: number, call: CallContext): Promise<void> {
  // Not the timers of node:timers/promises, which the fake clock of the tests does not move.
  return waitInterruptibly<void>(call, (end) => {
    const timer = setTimeout(end, ms);
    return () => clearTimeout(timer);
  }).catch(() => {});
}
