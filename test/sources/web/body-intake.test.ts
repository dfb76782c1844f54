import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBodyIntake } from "../../../src/sources/web/body-intake.js";
import { startTimeLimit } from "../../../src/sources/web/time-limit.js";
import { codeOf } from "../../builders/outcome.js";

const KB = 1024;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function anIntake(admit?: (bytes: number) => Promise<void>) {
  const limit = startTimeLimit(60_000, new AbortController().signal);
  return createBodyIntake("https://example.com/a.jpg", limit, admit);
}

describe("the intake of a body", () => {
  it("asks for room as the bytes come, and not for what the source promises", async () => {
    let admitted = 0;
    const intake = anIntake(async (bytes) => {
      admitted += bytes;
    });
    await intake.take(1);
    expect(admitted).toBe(256 * KB);
    await intake.take(600 * KB);
    expect(admitted).toBe(768 * KB);
  });

  it("asks for no more room when the body is read anew", async () => {
    const admit = vi.fn(async () => {});
    const intake = anIntake(admit);
    await intake.take(200 * KB);
    intake.beginAnew();
    await intake.take(200 * KB);
    expect(admit).toHaveBeenCalledTimes(1);
  });

  it("gives up a source that sends less than 10 kB a second for ten seconds", async () => {
    const intake = anIntake();
    const drops: string[] = [];
    for (let second = 0; second < 12; second += 1) {
      drops.push(await codeOf(intake.take(100)));
      vi.advanceTimersByTime(1_000);
    }
    expect(drops.slice(0, 11)).toEqual(Array(11).fill("no error"));
    expect(drops[11]).toBe("DOWNLOAD_FAILED");
  });

  it("does not blame a source for the time that it was made to wait", async () => {
    const intake = anIntake(async () => {
      vi.advanceTimersByTime(30_000);
    });
    await intake.take(100);
    vi.advanceTimersByTime(500);
    expect(await codeOf(intake.take(100))).toBe("no error");
  });
});
