import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import { readRetryAfter } from "../../../src/core/retry-after.js";
import { createPacer, type Pacer } from "../../../src/webflow/rate-limit/pacing.js";
import type { PacedAnswer } from "../../../src/webflow/rate-limit/rate-limit-pause.js";
import { callContext } from "../../builders/call.js";

/** A service that allows `limit` requests a window and tells what remains, as Webflow does. */
function limitedService({
  limit,
  windowMs,
  slidingMs = 0,
}: {
  limit: number;
  windowMs: number;
  slidingMs?: number;
}) {
  let windowStart = Date.now();
  let used = 0;
  let asked = 0;
  const refused: number[] = [];
  let served = 0;
  return {
    refused,
    served: () => served,
    async answer(): Promise<PacedAnswer> {
      // A fixed series of round trips between 40 and 120 ms: no two networks answer in step.
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 40 + ((asked * 37) % 81) + slidingMs));
      if (Date.now() - windowStart >= windowMs) {
        windowStart = Date.now();
        used = 0;
      }
      if (used >= limit) {
        refused.push(Date.now());
        const seconds = Math.ceil((windowStart + windowMs - Date.now()) / 1000);
        return answerWith(429, { "retry-after": String(seconds) });
      }
      used += 1;
      served += 1;
      return answerWith(200, {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(limit - used),
      });
    },
  };
}

function answerWith(status: number, headers: Record<string, string> = {}): PacedAnswer {
  return { status, headers: new Headers(headers) };
}

function runMany(pacer: Pacer, count: number, attempt: () => Promise<PacedAnswer>) {
  return Promise.all(
    Array.from({ length: count }, () => pacer.run(callContext({ deadline: Infinity }), attempt)),
  );
}

describe("the pacer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("never lets a caller see a 429, and sends one probe a window at the most beyond the limit", async () => {
    const service = limitedService({ limit: 60, windowMs: 60_000 });
    const all = runMany(createPacer(), 300, service.answer);
    await vi.runAllTimersAsync();
    expect((await all).every(({ status }) => status === 200)).toBe(true);
    expect(service.refused.length).toBeLessThanOrEqual(5);
  });

  it.each([
    2, 4,
  ])("%i pacers on one token that know of each other lose at most a tenth of their calls to 429, and no time", async (count) => {
    const start = Date.now();
    const service = limitedService({ limit: 60, windowMs: 60_000 });
    const pacers = Array.from({ length: count }, () => createPacer({ participants: () => count }));
    const all = Promise.all(pacers.map((pacer) => runMany(pacer, 240 / count, service.answer)));
    await vi.runAllTimersAsync();
    await all;
    expect(service.refused.length / (service.refused.length + 240)).toBeLessThan(0.1);
    expect(Date.now() - start).toBeLessThan(3 * 60_000 * 1.1 + 2_000);
  });

  it("two pacers on one token that do not know of each other learn it from what remains", async () => {
    const service = limitedService({ limit: 60, windowMs: 60_000 });
    const all = Promise.all(
      [createPacer(), createPacer()].map((pacer) => runMany(pacer, 120, service.answer)),
    );
    await vi.runAllTimersAsync();
    await all;
    expect(service.refused.length / (service.refused.length + 240)).toBeLessThan(0.25);
  });

  it("uses up every window: 300 calls under 60 a minute take four minutes and little more", async () => {
    const start = Date.now();
    const service = limitedService({ limit: 60, windowMs: 60_000 });
    const all = runMany(createPacer(), 300, service.answer);
    await vi.runAllTimersAsync();
    await all;
    expect(Date.now() - start).toBeLessThan(4 * 61_000 + 2_000);
  });

  it("lets two processes on one token slow down together", async () => {
    const service = limitedService({ limit: 60, windowMs: 60_000 });
    const all = Promise.all([
      runMany(createPacer(), 60, service.answer),
      runMany(createPacer(), 60, service.answer),
    ]);
    await vi.runAllTimersAsync();
    expect((await all).flat().every(({ status }) => status === 200)).toBe(true);
    expect(service.served()).toBe(120);
  });

  it("sends one request alone while it knows nothing, then as many as remain", async () => {
    let running = 0;
    const most: number[] = [];
    const pacer = createPacer({ participants: () => 1 });
    const all = runMany(pacer, 20, async () => {
      running += 1;
      most.push(running);
      await new Promise((resolve) => setTimeout(resolve, 10));
      running -= 1;
      return answerWith(200, { "x-ratelimit-remaining": "5" });
    });
    await vi.runAllTimersAsync();
    await all;
    expect(most[0]).toBe(1);
    expect(Math.max(...most)).toBe(5);
  });

  it("answers in order of arrival, also after a pause", async () => {
    const pacer = createPacer({ maxInFlight: 1 });
    const order: number[] = [];
    let refuseNext = true;
    const all = Promise.all(
      [1, 2, 3].map((number) =>
        pacer.run(callContext(), async () => {
          if (refuseNext) {
            refuseNext = false;
            return answerWith(429, { "retry-after": "1" });
          }
          order.push(number);
          return answerWith(200);
        }),
      ),
    );
    await vi.runAllTimersAsync();
    await all;
    expect(order).toEqual([1, 2, 3]);
  });

  it("ignores Retry-After on an answer that is no 429", async () => {
    const pacer = createPacer();
    const start = Date.now();
    const answer = () => Promise.resolve(answerWith(200, { "retry-after": "60" }));
    await pacer.run(callContext(), answer);
    await pacer.run(callContext(), answer);
    expect(Date.now()).toBe(start);
  });

  it("reports a wait of more than two seconds as progress, once", async () => {
    const told: string[] = [];
    const call = callContext({ deadline: Infinity, progress: (message) => told.push(message) });
    let answers = 0;
    const done = createPacer().run(call, async () => {
      answers += 1;
      return answers === 1 ? answerWith(429, { "retry-after": "12" }) : answerWith(200);
    });
    await vi.runAllTimersAsync();
    await done;
    expect(told).toEqual(["Waiting 12 s for Webflow's rate limit"]);
  });

  it("answers RATE_LIMITED with the seconds at once when the deadline leaves no time to wait", async () => {
    const pacer = createPacer();
    const call = callContext({ deadline: Date.now() + 45_000 });
    const done = pacer.run(call, async () => answerWith(429, { "retry-after": "60" }));
    await expect(done).rejects.toMatchObject({ code: "RATE_LIMITED", next: expect.stringContaining("60 s") });
  });

  it("repeats in RATE_LIMITED what Webflow said, and leaves it out where it said nothing", async () => {
    const refusal = (said: string | undefined) => async (): Promise<PacedAnswer> => ({
      ...answerWith(429, { "retry-after": "60" }),
      said,
    });
    const run = (said: string | undefined) =>
      createPacer().run(callContext({ deadline: Date.now() + 5_000 }), refusal(said));
    await expect(run("Too many")).rejects.toThrow(/than this call may take \(Too many\)/);
    await expect(run(undefined)).rejects.toThrow(/than this call may take$/);
  });

  it("has no calls left during a pause, and after it what it knows of", async () => {
    const pacer = createPacer();
    const answers = [
      answerWith(429, { "retry-after": "10" }),
      answerWith(200, { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "40" }),
    ];
    const done = pacer.run(
      callContext({ deadline: Infinity }),
      async () => answers.shift() ?? answerWith(200),
    );
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pacer.callsLeft()).toBe(0);
    await vi.runAllTimersAsync();
    await done;
    expect(pacer.callsLeft()).toBe(40);
  });

  it("reports a pause of a day as it was asked for", async () => {
    const call = callContext({ deadline: Date.now() + 30_000 });
    const done = createPacer().run(call, async () => answerWith(429, { "retry-after": "86400" }));
    await expect(done).rejects.toMatchObject({
      code: "RATE_LIMITED",
      next: expect.stringContaining("86400 s"),
    });
  });

  it("answers RATE_LIMITED when the deadline passes while a call waits", async () => {
    const timeOut = new AbortController();
    const pacer = createPacer();
    const call = callContext({ signal: timeOut.signal, deadline: Date.now() + 45_000 });
    const done = pacer.run(call, async () => answerWith(429, { "retry-after": "30" }));
    setTimeout(() => timeOut.abort(new DeadlinePassed()), 10_000);
    const check = expect(done).rejects.toMatchObject({ code: "RATE_LIMITED" });
    await vi.runAllTimersAsync();
    await check;
  });

  it("lets a cancelled call leave the queue at once and keeps the others in it", async () => {
    const cancel = new AbortController();
    const pacer = createPacer({ maxInFlight: 1 });
    const first = pacer.run(callContext(), async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return answerWith(200);
    });
    const second = pacer.run(callContext({ signal: cancel.signal }), async () => answerWith(200));
    const third = pacer.run(callContext(), async () => answerWith(204));
    cancel.abort();
    await expect(second).rejects.toMatchObject({ code: "CANCELLED" });
    await vi.runAllTimersAsync();
    expect((await first).status).toBe(200);
    expect((await third).status).toBe(204);
  });
});

describe("readRetryAfter", () => {
  it.each([
    ["7", 7_000],
    ["0", 0],
    ["Tue, 24 Nov 2026 00:00:09 GMT", 9_000],
    ["Mon, 23 Nov 2026 00:00:00 GMT", 0],
    ["soon", undefined],
    ["-5", undefined],
    [null, undefined],
  ])("reads %j as %j ms", (header, milliseconds) => {
    const headers = new Headers(header === null ? {} : { "retry-after": header });
    expect(readRetryAfter(headers, Date.parse("2026-11-24T00:00:00Z"))).toBe(milliseconds);
  });
});

describe("how many works the pacer advises to have under way", () => {
  const limited = async (headers: Record<string, string>, status = 200) => {
    const pacer = createPacer();
    let answered = 0;
    await pacer.run(callContext(), async () => {
      answered += 1;
      return answered === 1 ? answerWith(status, headers) : answerWith(200);
    });
    return pacer.worksAtOnce();
  };

  it("is few before anything is known of the limit", () => {
    expect(createPacer().worksAtOnce()).toBe(7);
  });

  it("is few under the limits of Webflow's plans", async () => {
    expect(await limited({ "x-ratelimit-limit": "120", "x-ratelimit-remaining": "100" })).toBe(7);
    expect(await limited({ "x-ratelimit-remaining": "59" })).toBe(7);
  });

  it("is many if no limit is reported, or one that no batch could reach", async () => {
    expect(await limited({})).toBe(64);
    expect(await limited({ "x-ratelimit-limit": "100000", "x-ratelimit-remaining": "12" })).toBe(64);
  });

  it("stays few once a call was refused with 429", async () => {
    expect(await limited({ "retry-after": "0" }, 429)).toBe(7);
  });

  it("measures a date by the Date header of the same answer, not by this machine's clock", () => {
    const headers = new Headers({
      "retry-after": "Tue, 24 Nov 2026 00:00:09 GMT",
      date: "Tue, 24 Nov 2026 00:00:02 GMT",
    });
    expect(readRetryAfter(headers, Date.parse("2026-11-24T08:00:00Z"))).toBe(7_000);
  });
});
