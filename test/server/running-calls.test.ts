import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type CallContext,
  CLEAN_UP_MS,
  hasDeadlinePassed,
  isCancelled,
} from "../../src/core/call-context.js";
import { createLogger } from "../../src/core/logger.js";
import { type CallClock, createRunningCalls } from "../../src/server/running-calls.js";

const CALL_MS = 45_000;
const NEVER = new Promise<never>(() => {});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A call that a client has made, whose work goes on until the test ends it. */
function start(work: (call: CallContext, clock: CallClock) => Promise<unknown> = () => NEVER) {
  const client = new AbortController();
  const calls = createRunningCalls({ log: createLogger("silent"), callMs: CALL_MS });
  let call: CallContext | undefined;
  const answer = calls
    .run({ signal: client.signal, progress: () => {} }, (given, clock) => {
      call = given;
      return work(given, clock);
    })
    .catch((error) => error);
  return { client, calls, answer, call: call as unknown as CallContext };
}

describe("a call under way", () => {
  it("is cancelled in the moment in which its client says so", () => {
    const { client, call } = start();
    expect(call.signal.aborted).toBe(false);
    client.abort();
    expect(isCancelled(call)).toBe(true);
  });

  it("has its work end in time for cleaning up before the client has to be answered", async () => {
    const { call } = start();
    expect(Date.now() + CALL_MS - call.deadline).toBeGreaterThanOrEqual(CLEAN_UP_MS);
    await vi.advanceTimersByTimeAsync(call.deadline - Date.now() - 1);
    expect(call.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(hasDeadlinePassed(call)).toBe(true);
    expect(isCancelled(call)).toBe(false);
  });

  it("is answered TIMED_OUT on the dot when its work does not end", async () => {
    const { answer } = start();
    const answered = vi.fn();
    void answer.then(answered);
    await vi.advanceTimersByTimeAsync(CALL_MS - 1);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(answered).toHaveBeenCalledWith(expect.objectContaining({ code: "TIMED_OUT" }));
  });

  it("has no deadline while a person is asked, and as much time as before afterwards", async () => {
    const { call } = start((_call, clock) =>
      clock.stopFor(() => new Promise((resolve) => setTimeout(resolve, 600_000))).then(() => NEVER),
    );
    expect(call.deadline).toBe(Number.POSITIVE_INFINITY);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(call.signal.aborted).toBe(false);
    expect(Date.now() + CALL_MS - call.deadline).toBeLessThan(5_000);
    await vi.advanceTimersByTimeAsync(CALL_MS);
    expect(hasDeadlinePassed(call)).toBe(true);
  });

  it("leaves no timer behind once it was answered", async () => {
    const { answer } = start(async () => "done");
    expect(await answer).toBe("done");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends with the server, which takes no other one from then on", async () => {
    const { calls, call } = start(
      (given) => new Promise((resolve) => given.signal.addEventListener("abort", () => resolve("undone"))),
    );
    await calls.abortAll();
    expect(isCancelled(call)).toBe(true);
    const late = calls.run({ signal: new AbortController().signal, progress: () => {} }, async () => "late");
    await expect(late).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

it("a call that was cancelled before it began is cancelled from its start", async () => {
  const calls = createRunningCalls({ log: createLogger("silent"), callMs: CALL_MS });
  const request = { signal: AbortSignal.abort(), progress: () => {} };
  expect(await calls.run(request, async (call) => isCancelled(call))).toBe(true);
});
