import { setTimeout as delay } from "node:timers/promises";
import { type CallContext, millisecondsLeft } from "../core/call-context.js";

export interface RetryPolicy {
  /** How often a step is tried in all. */
  readonly attempts: number;
  /** The first delay is between 0 and this many milliseconds; the range doubles with every attempt. */
  readonly baseMs: number;
  /** No delay is longer, in milliseconds. */
  readonly capMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 6, baseMs: 250, capMs: 8_000 };

/**
 * Runs `step` until it succeeds, its error is not one that `isTransient` tells to pass, the attempts are used up, or
 * the next delay would pass the call's deadline; then the step's last error is thrown. An abort ends a delay at once.
 */
export async function withRetries<Result>(
  call: CallContext,
  policy: RetryPolicy,
  step: () => Promise<Result>,
  isTransient: (error: unknown) => boolean,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      const delayMs = delayAfter(attempt, policy);
      const isWorthRepeating = isTransient(error) && attempt < policy.attempts;
      if (!isWorthRepeating || delayMs >= millisecondsLeft(call)) throw error;
      call.log.debug(
        `attempt ${attempt} failed (${error instanceof Error ? error.message : "?"}); again in ${Math.round(delayMs)} ms`,
      );
      await pause(delayMs, call.signal);
      if (call.signal.aborted) throw error;
    }
  }
}

/**
 * Milliseconds to wait after the failure of an attempt: exponential with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
function delayAfter(attempt: number, { baseMs, capMs }: RetryPolicy): number {
  return Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));
}

/** Resolves after so many milliseconds, or at once when the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
