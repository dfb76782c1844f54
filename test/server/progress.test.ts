import type { ProgressNotification } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgress, type Progress } from "../../src/server/progress.js";

let told: ProgressNotification["params"][];
let progress: Progress;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  progress = createProgress("token", async ({ params }) => {
    told.push(params);
  });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a call of less than half a second reports nothing", async () => {
  progress.tell("one", 1, 3);
  await vi.advanceTimersByTimeAsync(490);
  await progress.end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told).toEqual([]);
});

test("of many steps, the last of each quarter of a second is reported", async () => {
  for (let step = 1; step <= 300; step += 1) {
    progress.tell(`${step} of 1000`, step, 1_000);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(told.length).toBeLessThanOrEqual(11);
  expect(told.length).toBeGreaterThanOrEqual(10);
  expect(told[0]).toMatchObject({ progress: 50, total: 1_000, message: "50 of 1000" });
});

test("the numbers are integers that grow, also where a step does not reach further", async () => {
  for (const [message, done] of [["a", 2], ["b"], ["c", 1], ["d", 0.5], ["e", 9]] as [string, number?][]) {
    progress.tell(message, done, 10);
    await vi.advanceTimersByTimeAsync(600);
  }
  expect(told.map((one) => one.progress)).toEqual([2, 3, 4, 5, 9]);
});

test("a number beyond the total is reported without the total", async () => {
  progress.tell("waiting", 2, 3);
  await vi.advanceTimersByTimeAsync(600);
  for (const message of ["still waiting", "and still"]) {
    progress.tell(message, 2, 3);
    await vi.advanceTimersByTimeAsync(600);
  }
  expect(told.map(({ total }) => total)).toEqual([3, 3, undefined]);
});

test("a second round, which counts from one again, is reported without a total", async () => {
  for (const [message, done] of [
    ["8 of 9 compared", 8],
    ["1 of 9 done", 1],
    ["2 of 9 done", 2],
  ] as const) {
    progress.tell(message, done, 90);
    await vi.advanceTimersByTimeAsync(600);
  }
  expect(told.map(({ total }) => total)).toEqual([90, undefined, undefined]);
});

test("the last step is left to the answer", async () => {
  progress.tell("3 of 3", 3, 3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual([]);
});

test("the answer waits until the last notification has left and a moment has passed", async () => {
  let leave: () => void = () => {};
  const slow = createProgress("token", () => new Promise((resolve) => (leave = resolve)));
  slow.tell("one", 1, 3);
  await vi.advanceTimersByTimeAsync(500);
  let hasEnded = false;
  const ended = slow.end().then(() => {
    hasEnded = true;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hasEnded).toBe(false);
  leave();
  await vi.advanceTimersByTimeAsync(9);
  expect(hasEnded).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  await ended;
});
