import { createLimitShare } from "./limit-share.js";

/** How many requests one token may still send, as far as Webflow's answers have told. */
export interface Allowance {
  /** Requests sent so far. */
  readonly sent: number;
  /** Whether Webflow sets no limit that a batch could meet. */
  readonly isWide: boolean;
  /** Whether one more request may be sent now. */
  mayStart(): boolean;
  /** Counts a request that is sent now, and returns its number: the first is 1. */
  noteStart(): number;
  /** Counts the end of a request, however it ended. */
  noteEnd(): void;
  /** Learns from an answer, other than 429, to the request of that number. */
  noteAnswer(order: number, headers: AnswerHeaders): void;
  /** Learns that a request was refused with 429: what remained is no longer known. */
  noteRefusal(): void;
  /** Requests that may be sent before the limit is reached, less those in flight; unlimited when no limit is known. */
  callsLeft(): number;
}

interface AnswerHeaders {
  get(name: string): string | null;
}

/** Webflow's plans allow 60 or 120 calls a minute; a limit from here on is none that a batch could meet. */
const WIDE_LIMIT = 1_000;

/** `participants` tells how many processes use the token, as far as they have told each other. */
export function createAllowance(maxInFlight: number, participants?: () => number): Allowance {
  const share = createLimitShare(participants);
  let sent = 0;
  let inFlight = 0;
  let sentWhenTold = 0;
  let remaining: number | undefined;
  /** Calls that this process may still send before all of its calls on their way have been answered. */
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
      // What remains was told before the others' calls on their way were counted: a round of our share, then a new look.
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
      const told = readCount(headers.get("x-ratelimit-remaining")) ?? Number.POSITIVE_INFINITY;
      // Answers overtake each other: more is only news from a request that was sent after less was told.
      const isStale = remaining !== undefined && told >= remaining && order <= sentWhenTold;
      if (Number.isFinite(told)) share.noteAnswer(isStale ? undefined : told);
      if (isStale) return;
      remaining = told;
      sentWhenTold = sent;
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
