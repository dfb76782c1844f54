import { setTimeout as delay } from "node:timers/promises";
import { type CallContext, millisecondsLeft } from "../core/call-context.js";

/** How long Webflow, S3 and the CDN may take to show what one of them has just accepted. Milliseconds. */
export const LAG_MS = 5_000;

/** The pauses between looks, as fractions of the whole time: most delays are short. */
const PAUSES = [1 / 16, 1 / 8, 1 / 4, 9 / 16];

/**
 * Repeats a look at what may not be visible yet, until `isClear` accepts it or `withinMs` milliseconds have passed, but
 * never longer than the call. Resolves to the last thing seen; rejects when a look does.
 */
export async function lookUntil<Seen>(
  look: () => Promise<Seen>,
  isClear: (seen: Seen) => boolean,
  withinMs: number,
  call: CallContext,
): Promise<Seen> {
  let seen = await look();
  for (const share of PAUSES) {
    const pauseMs = share * withinMs;
    if (isClear(seen) || pauseMs >= millisecondsLeft(call)) break;
    await delay(pauseMs, undefined, { signal: call.signal }).catch(() => {});
    if (call.signal.aborted) break;
    seen = await look();
  }
  return seen;
}
