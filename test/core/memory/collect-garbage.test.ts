import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it, vi } from "vitest";
import { createMemoryRelease } from "../../../src/core/memory/collect-garbage.js";

const ENOUGH_TO_COLLECT = 16 * 1024 * 1024;

it("frees the bytes of files that had become old before they were released", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as (options: { type: "minor" }) => void;
  const before = process.memoryUsage().arrayBuffers;
  const files = Array.from({ length: 200 }, () => Buffer.alloc(100_000));
  // What outlives two collections of the young generation counts as old.
  for (let collections = 0; collections < 3; collections += 1) collectGarbage({ type: "minor" });
  files.length = 0;
  expect(process.memoryUsage().arrayBuffers).toBeGreaterThan(before + 15_000_000);
  createMemoryRelease()(ENOUGH_TO_COLLECT);
  await vi.waitFor(
    () => expect(process.memoryUsage().arrayBuffers).toBeLessThan(before + 10_000_000),
    10_000,
  );
});
