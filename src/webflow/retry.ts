import { setTimeout as delay } from "node:timers/promises";
import pRetry from "p-retry";
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
 * Runs `step` until it succeeds, `isTransient` says that its error will stay, the attempts are used up, or the
 * next delay would pass the call's deadline; then the step's last error is thrown. An abort ends a delay at once.
 * Delays are exponential with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function withRetries<Result>(
  call: CallContext,
  policy: RetryPolicy,
  step: (attempt: number) => Promise<Result>,
  isTransient: (error: unknown) => boolean,
): Promise<Result> {
  return pRetry(step, {
    retries: policy.attempts - 1,
    minTimeout: 0,
    shouldRetry: async ({ error, attemptNumber, retriesLeft }) => {
      if (retriesLeft === 0 || call.signal.aborted || !isTransient(error)) return false;
      const ms = Math.random() * Math.min(policy.capMs, policy.baseMs * 2 ** (attemptNumber - 1));
      if (ms >= millisecondsLeft(call)) return false;
      call.log.debug(`attempt ${attemptNumber} failed (${error.message}); again in ${Math.round(ms)} ms`);
      return waited(ms, call.signal);
    },
  });
}

/** Resolves to whether the whole time passed without an abort. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
