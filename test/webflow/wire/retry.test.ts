import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type RetryPolicy, type Transience, withRetries } from "../../../src/webflow/wire/retry.js";
import { callContext } from "../../builders/call.js";

const POLICY: RetryPolicy = { attempts: 4, baseMs: 1_000, capMs: 3_000, patienceMs: 60_000 };
const TRANSIENT: Transience = { isTransient: true };
const DOWN = new Error("down");

beforeEach(() => {
  vi.useFakeTimers();
  // The longest delay that chance may give.
  vi.spyOn(Math, "random").mockReturnValue(1);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Repeats a step that fails until the attempt `succeedsAt`, and tells when each attempt was made, in milliseconds. */
function repeat({ call = callContext(), transience = TRANSIENT, succeedsAt = Number.POSITIVE_INFINITY }) {
  const startedAt = Date.now();
  const attempts: number[] = [];
  const step = async () => {
    attempts.push(Date.now() - startedAt);
    if (attempts.length < succeedsAt) throw DOWN;
    return "done";
  };
  const outcome = withRetries(call, POLICY, step, () => transience).catch((error) => error);
  return { attempts, outcome };
}

describe("a step that is repeated", () => {
  it("waits twice as long after each failure, up to a cap, and gives up after its attempts", async () => {
    const { attempts, outcome } = repeat({});
    await vi.runAllTimersAsync();
    expect(attempts).toEqual([0, 1_000, 3_000, 6_000]);
    expect(await outcome).toBe(DOWN);
  });

  it("waits for as little as chance gives it, so that many do not come at once", async () => {
    vi.mocked(Math.random).mockReturnValue(0.25);
    const { attempts } = repeat({});
    await vi.runAllTimersAsync();
    expect(attempts).toEqual([0, 250, 750, 1_500]);
  });

  it("is not made again once it succeeds", async () => {
    const { attempts, outcome } = repeat({ succeedsAt: 2 });
    await vi.runAllTimersAsync();
    expect([attempts.length, await outcome]).toEqual([2, "done"]);
  });

  it("is not made again when its failure will not pass", async () => {
    const { attempts, outcome } = repeat({ transience: { isTransient: false } });
    await vi.runAllTimersAsync();
    expect([attempts.length, await outcome]).toEqual([1, DOWN]);
  });

  it("waits as long as it is asked to where that is longer, also beyond the cap", async () => {
    const { attempts } = repeat({ transience: { isTransient: true, retryAfterMs: 5_000 }, succeedsAt: 2 });
    await vi.runAllTimersAsync();
    expect(attempts).toEqual([0, 5_000]);
  });

  it("goes by its own delays when it is asked to wait for longer than its call may take", async () => {
    const transience = { isTransient: true, retryAfterMs: 3_600_000 };
    const { attempts } = repeat({ transience, succeedsAt: 2 });
    await vi.runAllTimersAsync();
    expect(attempts).toEqual([0, 1_000]);
  });

  it("fails at once when the next attempt would come after the deadline", async () => {
    const { attempts, outcome } = repeat({ call: callContext({ deadline: Date.now() + 2_000 }) });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await outcome).toBe(DOWN);
    expect(attempts).toEqual([0, 1_000]);
  });

  it("continues in a job, which has no deadline, for as long as there is patience", async () => {
    const { attempts, outcome } = repeat({ call: callContext({ deadline: Number.POSITIVE_INFINITY }) });
    await vi.runAllTimersAsync();
    expect(await outcome).toBe(DOWN);
    expect(attempts.length).toBeGreaterThan(POLICY.attempts);
    expect(attempts.at(-1)).toBeGreaterThanOrEqual(60_000);
    expect(attempts.at(-2)).toBeLessThan(60_000);
  });

  it("ends its delay in the moment in which its call is cancelled, and is not made again", async () => {
    const cancel = new AbortController();
    const { attempts, outcome } = repeat({ call: callContext({ signal: cancel.signal }) });
    await vi.advanceTimersByTimeAsync(500);
    cancel.abort();
    expect(await outcome).toBe(DOWN);
    expect(attempts).toEqual([0]);
  });

  it("reports a delay of two seconds or more, and to a job that it is paused by an outage", async () => {
    const told: string[] = [];
    const pauses: [string, number][] = [];
    repeat({
      call: callContext({
        progress: (message) => told.push(message),
        paused: (reason, ms) => pauses.push([reason, ms]),
      }),
      succeedsAt: 3,
    });
    await vi.runAllTimersAsync();
    expect(told).toEqual(["Waiting 2 s to try again: down"]);
    expect(pauses).toEqual([["the end of an outage (down)", 2_000]]);
  });
});
