import { describe, expect, it } from "vitest";
import { createLimitShare } from "../../../src/webflow/rate-limit/limit-share.js";

/** The guess after so many answers, each of which tells so many calls fewer than the one before. */
function guessAfter(answers: number, fall: number, known?: () => number) {
  const share = createLimitShare(known);
  for (let answer = 0; answer < answers; answer += 1) share.noteAnswer(1_000 - answer * fall);
  return share.sharers();
}

describe("how many processes share a limit", () => {
  it("is taken for two before four answers have told anything, or what is known of each other", () => {
    expect([guessAfter(0, 1), guessAfter(4, 1)]).toEqual([2, 2]);
    expect([guessAfter(0, 1, () => 1), guessAfter(0, 1, () => 3)]).toEqual([1, 3]);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [7, 7],
    [100, 16],
  ])("is told by what remains: %d fewer with each answer are %d", (fall, sharers) => {
    expect(guessAfter(60, fall)).toBe(sharers);
  });

  it("is at least as many as know of each other, at most 16, and at least one", () => {
    expect([guessAfter(60, 1, () => 3), guessAfter(60, 3, () => 2)]).toEqual([3, 3]);
    expect([guessAfter(0, 1, () => 40), guessAfter(60, 1, () => 0)]).toEqual([16, 1]);
  });

  it("counts an answer once at the beginning of a window, and where the count does not fall", () => {
    const share = createLimitShare();
    for (let answer = 0; answer < 60; answer += 1) share.noteAnswer(answer % 2 === 0 ? 60 : 59);
    expect(share.sharers()).toBe(1);
    const level = createLimitShare();
    for (let answer = 0; answer < 60; answer += 1) level.noteAnswer(60);
    expect(level.sharers()).toBe(1);
  });

  it("takes an answer that was overtaken for a call of this process alone", () => {
    const share = createLimitShare();
    for (let answer = 0; answer < 60; answer += 1)
      share.noteAnswer(answer % 2 === 0 ? 1_000 - answer * 2 : undefined);
    expect(share.sharers()).toBe(2);
  });

  it("makes up for answers that were overtaken with the next one that is not", () => {
    const share = createLimitShare();
    for (let answer = 0; answer < 60; answer += 1) {
      share.noteAnswer(undefined);
      share.noteAnswer(1_000 - answer * 2);
    }
    expect(share.sharers()).toBe(1);
  });

  it("forgets half of what it has seen with every dozen of answers", () => {
    const share = createLimitShare();
    let remaining = 10_000;
    const answers = (count: number, fall: number) => {
      for (let answer = 0; answer < count; answer += 1) {
        remaining -= fall;
        share.noteAnswer(remaining);
      }
    };
    answers(60, 5);
    answers(12, 1);
    expect(share.sharers()).toBe(3);
    answers(48, 1);
    expect(share.sharers()).toBe(1);
  });
});
