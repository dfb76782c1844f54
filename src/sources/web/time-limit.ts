/** Aborts its signal once the time is used up; time spent waiting for something else can be excluded. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  readonly isUp: () => boolean;
  /** Awaits `wait` with the clock stopped. */
  suspended<T>(wait: Promise<T>): Promise<T>;
  stop(): void;
}

/** Starts a limit of `milliseconds`, whose signal is also aborted with `outer`. */
export function startTimeLimit(milliseconds: number, outer: AbortSignal): TimeLimit {
  const controller = new AbortController();
  let left = milliseconds;
  let startedAt = Date.now();
  let timer = setTimeout(() => controller.abort(), left);

  return {
    signal: AbortSignal.any([outer, controller.signal]),
    isUp: () => controller.signal.aborted,
    async suspended(wait) {
      clearTimeout(timer);
      left -= Date.now() - startedAt;
      try {
        return await wait;
      } finally {
        startedAt = Date.now();
        timer = setTimeout(() => controller.abort(), Math.max(0, left));
      }
    },
    stop: () => clearTimeout(timer),
  };
}
