/** How much of a rate limit that several processes use with one token falls to this one. */
export interface LimitShare {
  /** Takes note of an answer to this process: what remained after it, undefined when it was overtaken by one that told less. */
  noteAnswer(remaining: number | undefined): void;
  /** How many processes seem to be calling, this one among them; a whole number from 1 on. */
  sharers(): number;
}

/** How many of the own calls it takes for half of what was seen before to be forgotten. */
const HALF_LIFE_CALLS = 12;
/** Fewer own calls than this say nothing: until then there may be one other. */
const FEWEST_CALLS = 4;
const UNKNOWN_SHARERS = 2;
/** Answers come in spurts, and a share that is guessed too large costs refused calls. */
const TOLERANCE = 0.25;
const MOST_SHARERS = 16;

/**
 * Guesses from the answers: when `X-RateLimit-Remaining` falls by three for each call of this process, three of a kind
 * are calling. `known` tells how many take part as far as they told each other; the larger of the two counts.
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
      // More than before: a new window began.
      if (previous !== undefined && remaining < previous) spent += previous - remaining;
      else spent += 1;
      previous = remaining;
    },
    sharers() {
      const told = known?.();
      const guessed = own < FEWEST_CALLS ? (told ?? UNKNOWN_SHARERS) : Math.ceil(spent / own - TOLERANCE);
      return Math.max(1, Math.min(MOST_SHARERS, Math.max(guessed, told ?? 1)));
    },
  };
}
