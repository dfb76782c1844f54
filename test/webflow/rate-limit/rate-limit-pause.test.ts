import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createRateLimitPause,
  type RateLimitPause,
} from "../../../src/webflow/rate-limit/rate-limit-pause.js";
import { callContext } from "../../builders/call.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function refused(retryAfter?: number | string, said?: string) {
  return {
    headers: new Headers(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    said,
  };
}

/** Chance at one of its ends: 0, or almost 1. */
function chance(value: number): void {
  vi.spyOn(Math, "random").mockReturnValue(value);
}

describe("a pause that Webflow asks for", () => {
  it("lasts as long as it asks for, and tells why", () => {
    const pause = createRateLimitPause(1_000);
    expect([pause.msLeft(), pause.askedMsLeft(), pause.said]).toEqual([0, 0, undefined]);
    pause.begin(1, 1, refused(12, "Too many requests"));
    expect([pause.msLeft(), pause.askedMsLeft(), pause.said]).toEqual([12_000, 12_000, "Too many requests"]);
    vi.advanceTimersByTime(12_001);
    expect([pause.msLeft(), pause.askedMsLeft()]).toEqual([0, 0]);
  });

  it("lasts at least a tenth of a second, and after five minutes another try is worth it", () => {
    const short = createRateLimitPause(1_000);
    short.begin(1, 1, refused(0));
    expect(short.msLeft()).toBe(100);
    const long = createRateLimitPause(1_000);
    long.begin(1, 1, refused(3_600));
    expect([long.msLeft(), long.askedMsLeft()]).toEqual([300_000, 3_600_000]);
  });

  it("is never shortened by another refusal", () => {
    const pause = createRateLimitPause(1_000);
    pause.begin(1, 2, refused(12));
    pause.begin(2, 2, refused(5));
    expect([pause.msLeft(), pause.askedMsLeft()]).toEqual([12_000, 12_000]);
    pause.begin(3, 3, refused(20));
    expect([pause.msLeft(), pause.askedMsLeft()]).toEqual([20_000, 20_000]);
  });

  it("is over as it was asked for once a request succeeds after it", () => {
    const pause = createRateLimitPause(1_000);
    pause.begin(1, 1, refused(3_600));
    pause.noteSuccess();
    expect(pause.askedMsLeft()).toBe(3_600_000);
    vi.advanceTimersByTime(300_000);
    pause.noteSuccess();
    expect(pause.askedMsLeft()).toBe(0);
  });
});

describe("a pause that is guessed, because Webflow does not say how long", () => {
  /** The pauses after so many refusals in a row, each of a request that was sent after the one before. */
  function pausesOf(pause: RateLimitPause, count: number, from = 1): number[] {
    return Array.from({ length: count }, (_, index) => {
      vi.advanceTimersByTime(pause.msLeft());
      pause.begin(from + index, from + index, refused());
      return Math.round(pause.msLeft());
    });
  }

  it.each([
    [0, [500, 1_000, 2_000, 4_000, 7_500, 7_500]],
    [0.999999, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]],
  ])("doubles with each refusal up to 15 s, less up to a half by chance: %d", (by, pauses) => {
    chance(by);
    expect(pausesOf(createRateLimitPause(1_000), 6)).toEqual(pauses);
  });

  it("begins anew after a success", () => {
    chance(0);
    const pause = createRateLimitPause(1_000);
    pausesOf(pause, 3);
    pause.noteSuccess();
    expect(pausesOf(pause, 1, 4)).toEqual([500]);
  });

  it("counts once for requests that were under way together", () => {
    chance(0);
    const pause = createRateLimitPause(1_000);
    pause.begin(2, 3, refused());
    vi.advanceTimersByTime(500);
    pause.begin(1, 3, refused());
    pause.begin(3, 3, refused());
    expect(pause.msLeft()).toBe(0);
    pause.begin(4, 4, refused());
    expect(pause.msLeft()).toBe(1_000);
  });

  it("is no longer for what requests under way together were told", () => {
    chance(0);
    const pause = createRateLimitPause(1_000);
    pause.begin(1, 2, refused());
    pause.begin(2, 2, refused(1));
    vi.advanceTimersByTime(1_000);
    pause.begin(3, 3, refused());
    expect(pause.msLeft()).toBe(1_000);
  });
});

describe("the report of a pause", () => {
  function told(pause: RateLimitPause) {
    const reports: unknown[] = [];
    const call = callContext({
      progress: (message) => reports.push(message),
      paused: (reason, ms) => reports.push([reason, ms]),
    });
    return { reports, report: () => pause.report(call), bare: () => pause.report(callContext()) };
  }

  it("is given once a pause to each call, and anew when it grows", () => {
    const pause = createRateLimitPause(1_000);
    pause.begin(1, 1, refused(12));
    const { reports, report, bare } = told(pause);
    report();
    report();
    bare();
    expect(reports).toEqual(["Waiting 12 s for Webflow's rate limit", ["the rate limit", 12_000]]);
    pause.begin(2, 2, refused(20));
    report();
    expect(reports).toHaveLength(4);
  });

  it("is not worth it for two seconds", () => {
    const pause = createRateLimitPause(1_000);
    const { reports, report } = told(pause);
    pause.begin(1, 1, refused(2));
    report();
    expect(reports).toEqual([]);
    pause.begin(2, 2, refused(3));
    report();
    expect(reports).toHaveLength(2);
  });
});
