/** How much of a rate limit falls to this process when several use the same token. */
export interface LimitShare {
  /** How many calls remained after an answer to this process; undefined if a lower count overtook it. */
  noteAnswer(remaining: number | undefined): void;
  /** How many processes seem to be calling, including this one; a whole number from 1 up. */
  sharers(): number;
}

/** After how many calls of this process half of the earlier evidence is forgotten. */
const HALF_LIFE_CALLS = 12;
/** Fewer calls than this prove nothing: until then, assume that there may be one other process. */
const FEWEST_CALLS = 4;
const UNKNOWN_SHARERS = 2;
/** Answers come in bursts, and overestimating the share costs refused calls. */
const TOLERANCE = 0.25;
const MOST_SHARERS = 16;

/**
 * Estimates from the answers: if `X-RateLimit-Remaining` falls by three for each call of this process, three such
 * processes are calling. `known` returns how many know of each other; the larger number counts.
 */
export function createLimitShare(known?: () => number): LimitShare {
  let previous: number | undefined;
  let spent = 0;
  let own = 0;

  return {
    noteAnswer(remaining) {
      const kept = 0.5 ** (1 / HALF_LIFE_CALLS);
      own = own * kept + 1;
      spent *= kept;
      if (remaining === undefined) return;
      // More than before: a new window has begun.
      if (previous !== undefined && remaining < previous) spent += previous - remaining;
      else spent += 1;
      previous = remaining;
    },
    sharers() {
      const reported = known?.();
      const guessed = own < FEWEST_CALLS ? (reported ?? UNKNOWN_SHARERS) : Math.ceil(spent / own - TOLERANCE);
      return Math.max(1, Math.min(MOST_SHARERS, Math.max(guessed, reported ?? 1)));
    },
  };
}
