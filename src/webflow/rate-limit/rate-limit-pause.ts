import type { CallContext } from "../../core/call-context.js";
import { readRetryAfter } from "../wire/retry-after.js";

/** An answer with 429, as far as a pause depends on it. */
export interface RefusedByLimit {
  readonly headers: { get(name: string): string | null };
  /** What it says, in the words of a message. */
  readonly said?: string | undefined;
}

/** The pause that Webflow's rate limit asks for, for all calls of one token. */
export interface RateLimitPause {
  /** Milliseconds until the next request may go ahead; 0 when there is no pause. */
  msLeft(): number;
  /** Milliseconds that Webflow asks to wait still, which may be more: after a long while it is worth another try. */
  askedMsLeft(): number;
  /** What the last 429 said. */
  readonly said: string | undefined;
  /** Begins or prolongs a pause. `order` is that of the refused request among the `sent` ones. */
  begin(order: number, sent: number, answer: RefusedByLimit): void;
  /** A request went through. */
  noteSuccess(): void;
  /** Tells a call of the pause that it is in, once a pause. */
  report(call: CallContext): void;
}

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 300_000;
const LONGEST_GUESSED_PAUSE_MS = 15_000;
const PAUSE_WORTH_REPORTING_MS = 2_000;

/** `guessMs` is the first pause after a 429 without Retry-After; it doubles with each one that follows. */
export function createRateLimitPause(guessMs: number): RateLimitPause {
  const reported = new WeakMap<CallContext, number>();
  let until = 0;
  let askedUntil = 0;
  let lastSentBefore = 0;
  let inARow = 0;
  let said: string | undefined;

  function askedMsLeft(): number {
    return Math.max(0, askedUntil - Date.now());
  }

  return {
    msLeft: () => Math.max(0, until - Date.now()),
    askedMsLeft,
    get said() {
      return said;
    },

    begin(order, sent, answer) {
      const isSameBurst = order <= lastSentBefore;
      const asked = readRetryAfter(answer.headers);
      said = answer.said;
      if (isSameBurst && asked === undefined) return;
      const guess = Math.min(LONGEST_GUESSED_PAUSE_MS, guessMs * 2 ** inARow) * (0.5 + Math.random() / 2);
      const length = Math.max(SHORTEST_PAUSE_MS, asked ?? guess);
      if (!isSameBurst) inARow += 1;
      lastSentBefore = sent;
      askedUntil = Math.max(askedUntil, Date.now() + length);
      until = Math.max(until, Date.now() + Math.min(LONGEST_PAUSE_MS, length));
    },

    noteSuccess() {
      inARow = 0;
      if (until <= Date.now()) askedUntil = until;
    },

    report(call) {
      const seconds = Math.ceil(askedMsLeft() / 1000);
      if (askedMsLeft() <= PAUSE_WORTH_REPORTING_MS || reported.get(call) === askedUntil) return;
      reported.set(call, askedUntil);
      call.progress(`Waiting ${seconds} s for Webflow's rate limit`);
      call.paused?.("the rate limit", askedMsLeft());
      call.log.info(`rate limit: waiting ${seconds} s`);
    },
  };
}
