import { describe, expect, it } from "vitest";
import { readRetryAfter } from "../../src/core/retry-after.js";

const NOON = Date.parse("2026-11-24T12:00:00Z");

function read(retryAfter: string | undefined, date?: string): number | undefined {
  const headers = new Map([
    ["retry-after", retryAfter],
    ["date", date],
  ]);
  return readRetryAfter({ get: (name) => headers.get(name) ?? null }, NOON);
}

describe("how long an answer asks to wait", () => {
  it.each([
    ["0", 0],
    ["7", 7_000],
    ["120", 120_000],
    [" 7 ", 7_000],
    ["1.5", 1_500],
    ["Tue, 24 Nov 2026 12:00:09 GMT", 9_000],
    ["tue, 24 Nov 2026 12:00:09 GMT", 9_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
  ])("is read from seconds and from dates: %s", (header, milliseconds) => {
    expect(read(header)).toBe(milliseconds);
  });

  it.each([
    undefined,
    "",
    "soon",
    "7s",
    "x7",
    "-7",
    "2026-11-24T12:00:09Z",
  ])("is not known where the header is %j", (header) => {
    expect(read(header)).toBeUndefined();
  });

  it("is counted from the answer's own date, so that a wrong clock does no harm", () => {
    expect(read("Tue, 24 Nov 2026 08:00:07 GMT", "Tue, 24 Nov 2026 08:00:00 GMT")).toBe(7_000);
    expect(read("Tue, 24 Nov 2026 12:00:07 GMT", "unreadable")).toBe(7_000);
  });
});
