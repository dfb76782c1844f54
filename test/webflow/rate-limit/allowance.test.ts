import { describe, expect, it } from "vitest";
import { createAllowance } from "../../../src/webflow/rate-limit/allowance.js";

function headers(remaining: string | number | null, limit?: string | number): Headers {
  return new Headers({
    ...(remaining !== null && { "x-ratelimit-remaining": String(remaining) }),
    ...(limit !== undefined && { "x-ratelimit-limit": String(limit) }),
  });
}

/** An allowance of so many requests at once, for so many processes, after one answer that told how many remain. */
function told(
  remaining: string | number | null,
  { most = 64, processes = 1, limit }: { most?: number; processes?: number; limit?: string | number } = {},
) {
  const allowance = createAllowance(most, () => processes);
  allowance.mayStart();
  const order = allowance.noteStart();
  allowance.noteEnd();
  allowance.noteAnswer(order, headers(remaining, limit));
  return allowance;
}

/** How many requests may start one after the other, none of which is answered. */
function startable(allowance: ReturnType<typeof createAllowance>, most = 100): number {
  let started = 0;
  while (started < most && allowance.mayStart()) {
    allowance.noteStart();
    started += 1;
  }
  return started;
}

describe("the requests that may be sent", () => {
  it("are one while nothing is known, or nothing remains", () => {
    expect(startable(createAllowance(64))).toBe(1);
    expect(startable(told(0))).toBe(1);
  });

  it("are as many as remain, and no more than may be in flight at once", () => {
    expect(startable(told(5))).toBe(5);
    expect(startable(told(50, { most: 8 }))).toBe(8);
  });

  it("are as many as may be in flight at once where no limit is told", () => {
    for (const header of [null, "many", "-3", "12 of 60", "x12"])
      expect(startable(told(header, { most: 8 }))).toBe(8);
    expect(startable(told(" 3 "))).toBe(3);
  });

  it("are a share of what remains where others use the token, and then none until all are answered", () => {
    const allowance = told(9, { processes: 2 });
    expect(startable(allowance)).toBe(4);
    allowance.noteEnd();
    expect(startable(allowance)).toBe(0);
    for (let ends = 0; ends < 3; ends += 1) allowance.noteEnd();
    expect(startable(allowance)).toBe(4);
  });

  it("are counted", () => {
    const allowance = createAllowance(64);
    expect([allowance.sent, allowance.noteStart(), allowance.noteStart(), allowance.sent]).toEqual([
      0, 1, 2, 2,
    ]);
  });

  it("are one again after a refusal", () => {
    const allowance = told(50);
    allowance.noteRefusal();
    expect(startable(allowance)).toBe(1);
  });
});

describe("the calls that are left", () => {
  it("are without end while no limit is known", () => {
    expect(createAllowance(64).callsLeft()).toBe(Number.POSITIVE_INFINITY);
  });

  it("are those that remain, less those in flight, and never less than none", () => {
    const allowance = told(2);
    expect(allowance.callsLeft()).toBe(2);
    for (const left of [1, 0, 0]) {
      allowance.noteStart();
      expect(allowance.callsLeft()).toBe(left);
    }
  });
});

describe("an answer that was overtaken", () => {
  /** Two requests, of which the second is answered first; then the first tells how many remained. */
  function overtaken(first: number, second: number, both = 2) {
    const allowance = createAllowance(64, () => 1);
    for (let order = 1; order <= both; order += 1) allowance.noteStart();
    allowance.noteAnswer(2, headers(second));
    allowance.noteAnswer(both === 2 ? 1 : 3, headers(first));
    for (let ends = 0; ends < both; ends += 1) allowance.noteEnd();
    return allowance;
  }

  it("is no news where it tells as many or more", () => {
    expect(overtaken(58, 57).callsLeft()).toBe(57);
    expect(overtaken(57, 57).callsLeft()).toBe(57);
  });

  it("is news where it tells fewer, which others have spent", () => {
    expect(overtaken(40, 57).callsLeft()).toBe(40);
  });

  it("is news where its request was sent after the lower count was told: a new window has begun", () => {
    const allowance = told(3);
    const order = allowance.noteStart();
    allowance.noteEnd();
    allowance.noteAnswer(order, headers(59));
    expect(allowance.callsLeft()).toBe(59);
  });

  it("is no news where its request was in flight when the lower count was told", () => {
    expect(overtaken(59, 3, 3).callsLeft()).toBe(3);
  });
});

describe("a limit that no batch could meet", () => {
  it.each([
    [59, undefined, false],
    [999, undefined, false],
    [1_000, undefined, true],
    [5, 1_000, true],
    [5, 999, false],
    [null, undefined, true],
  ])("with %j remaining of %j: %j", (remaining, limit, isWide) => {
    expect(told(remaining, { ...(limit !== undefined && { limit }) }).isWide).toBe(isWide);
  });

  it("is not known before the first answer, and not believed after a narrow limit or a refusal", () => {
    expect(createAllowance(64).isWide).toBe(false);
    const narrow = told(5, { limit: 60 });
    narrow.noteAnswer(narrow.noteStart(), headers(5_000, 5_000));
    expect(narrow.isWide).toBe(false);
    const refused = told(5_000, { limit: 5_000 });
    refused.noteRefusal();
    refused.noteAnswer(refused.noteStart(), headers(5_000, 5_000));
    expect(refused.isWide).toBe(false);
  });
});
