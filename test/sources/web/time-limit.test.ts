import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTimeLimit } from "../../../src/sources/web/time-limit.js";

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a time limit", () => {
  it("aborts its signal when the time is used up, not before", () => {
    const limit = startTimeLimit(1_000, never);
    vi.advanceTimersByTime(999);
    expect([limit.isUp(), limit.signal.aborted]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([limit.isUp(), limit.signal.aborted]).toEqual([true, true]);
  });

  it("leaves suspended waiting out of the count", async () => {
    const limit = startTimeLimit(1_000, never);
    vi.advanceTimersByTime(600);
    const waiting = limit.suspended(new Promise((resolve) => setTimeout(resolve, 60_000)));
    await vi.advanceTimersByTimeAsync(60_000);
    await waiting;
    await vi.advanceTimersByTimeAsync(399);
    expect(limit.isUp()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(limit.isUp()).toBe(true);
  });

  it("passes on an abort from outside without being up itself", () => {
    const outer = new AbortController();
    const limit = startTimeLimit(1_000, outer.signal);
    outer.abort();
    expect([limit.isUp(), limit.signal.aborted]).toEqual([false, true]);
    limit.stop();
  });

  it("leaves no timer behind when it is stopped", () => {
    startTimeLimit(1_000, never).stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
