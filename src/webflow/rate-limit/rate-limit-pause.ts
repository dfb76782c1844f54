import type { CallContext } from "../../core/call-context.js";
import { readRetryAfter } from "../../core/retry-after.js";
import type { AnswerHeaders } from "../wire/transport.js";

/** What pacing depends on in an answer; the rest is the caller's business. */
export interface PacedAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** For an error, its text as messages show it. */
  readonly said?: string | undefined;
}

/** The pause that Webflow's rate limit asks for, shared by all calls of one token. */
export interface RateLimitPause {
  /** Milliseconds until the next request may go ahead; 0 without a pause. */
  msLeft(): number;
  /** Milliseconds that Webflow asks to wait, which may be longer: after a long while it is worth another try. */
  askedMsLeft(): number;
  /** The text of the last 429. */
  readonly said: string | undefined;
  /** Starts or extends a pause. `order` is the number of the refused request among the `sent` ones. */
  begin(order: number, sent: number, answer: Omit<PacedAnswer, "status">): void;
  /** A request has succeeded. */
  noteSuccess(): void;
  /** Tells a call about the pause that it is in, once per pause. */
  report(call: CallContext): void;
}

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 300_000;
const LONGEST_GUESSED_PAUSE_MS = 15_000;
const PAUSE_WORTH_REPORTING_MS = 2_000;

/** `guessMs` is the first pause after a 429 without Retry-After; it doubles with each further one. */
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
