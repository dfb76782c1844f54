import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { createMemoryRelease } from "../../../src/core/memory/collect-garbage.js";

const ENOUGH_TO_COLLECT = 16 * 1024 * 1024;

/** 20 MB, of which nothing is left but a weak reference to the first part. */
function oldAndForgotten(): WeakRef<Buffer> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as (options: { type: "minor" }) => void;
  const files = Array.from({ length: 200 }, () => Buffer.alloc(100_000));
  // What outlives two collections of the young generation counts as old.
  for (let collections = 0; collections < 3; collections += 1) collectGarbage({ type: "minor" });
  return new WeakRef(files[0] as Buffer);
}

it("frees the bytes of files that had become old before they were released", async () => {
  const file = oldAndForgotten();
  createMemoryRelease()(ENOUGH_TO_COLLECT);
  // Weak references hold what they refer to until the turn in which they were made is over.
  await nextTurn();
  createMemoryRelease()(ENOUGH_TO_COLLECT);
  await nextTurn();
  expect(file.deref()).toBeUndefined();
});
