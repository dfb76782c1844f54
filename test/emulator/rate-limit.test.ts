import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRateLimiter } from "../../src/emulator/data-api/protocol/rate-limit.js";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { apiOf } from "../builders/emulator-client.js";

describe("a rate limit of 3 in 10 seconds", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function limiterOf(sliding: boolean) {
    return createRateLimiter(() => ({ limit: 3, windowMs: 10_000, sliding }));
  }

  it.each([false, true])("allows three, then says when to come again (sliding: %s)", (sliding) => {
    const limiter = limiterOf(sliding);
    const remaining = [1, 2, 3].map(() => {
      expect(limiter.take("mine")).toBe(0);
      return limiter.remaining("mine");
    });
    vi.advanceTimersByTime(3_500);

    expect(remaining).toEqual([2, 1, 0]);
    expect(limiter.take("mine")).toBe(7);
  });

  it("does not count what it refuses", () => {
    const limiter = limiterOf(true);
    for (let index = 0; index < 10; index += 1) limiter.take("mine");
    vi.advanceTimersByTime(10_000);

    expect(limiter.remaining("mine")).toBe(3);
  });

  it("counts each token by itself", () => {
    const limiter = limiterOf(false);
    for (let index = 0; index < 3; index += 1) limiter.take("mine");

    expect(limiter.take("yours")).toBe(0);
  });

  it("gives back all three at the end of a fixed window", () => {
    const limiter = limiterOf(false);
    limiter.take("mine");
    vi.advanceTimersByTime(9_000);
    limiter.take("mine");
    limiter.take("mine");
    vi.advanceTimersByTime(1_000);

    expect(limiter.remaining("mine")).toBe(3);
  });

  it("gives back one after the other in a sliding window", () => {
    const limiter = limiterOf(true);
    limiter.take("mine");
    vi.advanceTimersByTime(9_000);
    limiter.take("mine");
    limiter.take("mine");
    vi.advanceTimersByTime(1_000);

    expect(limiter.remaining("mine")).toBe(1);
    limiter.take("mine");
    expect(limiter.take("mine")).toBe(9);
  });
});

describe("the Data API", () => {
  let emulator: Emulator;
  beforeEach(async () => {
    emulator = await startEmulator();
  });
  afterEach(() => emulator.close());

  it("allows 120 requests a minute, and reports the remainder with every answer", async () => {
    const { headers } = await apiOf(emulator)("GET /sites");

    expect(headers.get("x-ratelimit-limit")).toBe("120");
    expect(headers.get("x-ratelimit-remaining")).toBe("119");
    expect(headers.has("retry-after")).toBe(false);
  });

  it("reports it with errors and failures as well", async () => {
    const unauthorized = await apiOf(emulator, "guessed")("GET /sites");
    emulator.faults.add({ on: "listSites", kind: "status", status: 500, when: "before" });
    const failed = await apiOf(emulator)("GET /sites");

    expect(unauthorized.headers.get("x-ratelimit-limit")).toBe("120");
    expect(failed.headers.get("x-ratelimit-remaining")).toBe("120");
  });

  it("answers 429 with Retry-After above the limit, and does nothing", async () => {
    emulator.switches.rateLimit = { limit: 1, windowMs: 60_000, sliding: false };
    const call = apiOf(emulator);
    await call("GET /sites");

    const { status, json, headers } = await call(`POST /sites/${emulator.siteId}/asset_folders`, {
      displayName: "Spring",
    });

    expect(status).toBe(429);
    expect(json).toEqual({
      message: "Too many requests",
      code: "too_many_requests",
      externalReference: null,
      details: [],
    });
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(60);
    expect(headers.get("x-ratelimit-remaining")).toBe("0");
    expect(emulator.database.folders(emulator.siteId)).toEqual([]);
  });

  it("does not count what goes to S3 and the CDN", async () => {
    await fetch(`http://${emulator.uploadHost}/`, { method: "POST", body: "x" });
    await fetch(`${emulator.cdnBaseUrl}/key`);

    expect((await apiOf(emulator)("GET /sites")).headers.get("x-ratelimit-remaining")).toBe("119");
  });
});
