import type { EmulatorSwitches } from "./switches.js";

export interface RateLimitVerdict {
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Whole seconds until the next request is taken. */
  readonly retryAfterSeconds: number;
}

/** Counts the requests of each token in a window, fixed or sliding, as the switches say. */
export interface RateLimiter {
  take(token: string): RateLimitVerdict;
}

export function createRateLimiter(switches: Pick<EmulatorSwitches, "rateLimit">): RateLimiter {
  const requestTimes = new Map<string, number[]>();

  return {
    take(token) {
      const { limit, windowMs, sliding } = switches.rateLimit;
      const now = Date.now();
      const times = requestTimes.get(token) ?? [];
      const [first] = times;
      const current = sliding
        ? times.filter((time) => now - time < windowMs)
        : first !== undefined && now - first < windowMs
          ? times
          : [];
      const isAllowed = current.length < limit;
      if (isAllowed) current.push(now);
      requestTimes.set(token, current);
      const freeAt = (current[0] ?? now) + windowMs;
      return {
        isAllowed,
        remaining: limit - current.length,
        retryAfterSeconds: Math.max(1, Math.ceil((freeAt - now) / 1000)),
      };
    },
  };
}
