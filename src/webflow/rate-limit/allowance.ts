import type { AnswerHeaders } from "../wire/transport.js";
import { createLimitShare } from "./limit-share.js";

/** How many requests one token may still send, as far as Webflow's answers have said. */
export interface Allowance {
  /** Requests sent so far. */
  readonly sent: number;
  /** Whether Webflow sets no limit that a batch could meet. */
  readonly isWide: boolean;
  /** Whether one more request may be sent now. */
  mayStart(): boolean;
  /** Counts a request that is about to be sent, and returns its number, starting at 1. */
  noteStart(): number;
  /** Counts the end of a request, successful or not. */
  noteEnd(): void;
  /** Learns from an answer other than 429 to the request with that number. */
  noteAnswer(order: number, headers: AnswerHeaders): void;
  /** Learns that a request was refused with 429: how many remain is no longer known. */
  noteRefusal(): void;
  /** Requests that may be sent before the limit is reached, less those in flight; unlimited when no limit is known. */
  callsLeft(): number;
}

/** Webflow's plans allow 60 or 120 calls a minute; a limit from here on up is not one that a batch could reach. */
const WIDE_LIMIT = 1_000;

/** `participants` returns how many processes use the token, as far as they know of each other. */
export function createAllowance(maxInFlight: number, participants?: () => number): Allowance {
  const share = createLimitShare(participants);
  let sent = 0;
  let inFlight = 0;
  let sentWhenReported = 0;
  let remaining: number | undefined;
  /** Calls that this process may still send before all of its calls in flight have been answered. */
  let leftOfRound = 0;
  let isWide: boolean | undefined;

  return {
    get sent() {
      return sent;
    },
    get isWide() {
      return isWide === true;
    },

    mayStart() {
      if (inFlight === 0) {
        leftOfRound = Math.floor((remaining ?? 0) / share.sharers());
        return true;
      }
      if (remaining === undefined || inFlight >= maxInFlight) return false;
      // The count that Webflow reported leaves out the others' calls in flight: send one round of our share, then
      // look again.
      return share.sharers() === 1 ? inFlight < remaining : leftOfRound > 0;
    },

    noteStart() {
      inFlight += 1;
      leftOfRound -= 1;
      sent += 1;
      return sent;
    },

    noteEnd() {
      inFlight -= 1;
    },

    noteAnswer(order, headers) {
      const reported = readCount(headers.get("x-ratelimit-remaining")) ?? Number.POSITIVE_INFINITY;
      // Answers overtake each other: a higher count is news only from a request that was sent after the lower one was
      // reported.
      const isStale = remaining !== undefined && reported >= remaining && order <= sentWhenReported;
      if (Number.isFinite(reported)) share.noteAnswer(isStale ? undefined : reported);
      if (isStale) return;
      remaining = reported;
      sentWhenReported = sent;
      const limit = readCount(headers.get("x-ratelimit-limit")) ?? remaining;
      isWide = isWide !== false && limit >= WIDE_LIMIT;
    },

    noteRefusal() {
      isWide = false;
      remaining = undefined;
    },

    callsLeft: () => Math.max(0, (remaining ?? Number.POSITIVE_INFINITY) - inFlight),
  };
}

function readCount(header: string | null): number | undefined {
  return header !== null && /^\s*\d+\s*$/.test(header) ? Number(header) : undefined;
}
