export interface RateLimit {
  /** Requests that a token may make in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** A sliding window forgets each request by itself; a fixed one begins with a request and ends as a whole. */
  readonly sliding: boolean;
}

/** Counts the requests of each token. */
export interface RateLimiter {
  /** Counts a request: 0 if it is allowed, or else the whole seconds until one is. */
  take(token: string): number;
  /** How many more requests the token may make now. */
  remaining(token: string): number;
}

/** `rule` is asked at every request, so that a change takes effect at once. */
export function createRateLimiter(rule: () => RateLimit): RateLimiter {
  const timesByToken = new Map<string, number[]>();

  /** When the requests that still count arrived, oldest first, in milliseconds. */
  function counted(token: string, now: number): number[] {
    const { windowMs, sliding } = rule();
    const times = timesByToken.get(token) ?? [];
    if (sliding) return times.filter((time) => now - time < windowMs);
    const [first] = times;
    return first !== undefined && now - first < windowMs ? times : [];
  }

  return {
    take(token) {
      const { limit, windowMs } = rule();
      const now = performance.now();
      const times = counted(token, now);
      if (times.length < limit) {
        timesByToken.set(token, [...times, now]);
        return 0;
      }
      return Math.max(1, Math.ceil(((times[0] ?? now) + windowMs - now) / 1000));
    },
    remaining: (token) => Math.max(0, rule().limit - counted(token, performance.now()).length),
  };
}
