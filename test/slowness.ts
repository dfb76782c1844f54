import { createHash } from "node:crypto";

/** What {@link fixedWork} takes on an idle machine of 2026, in milliseconds. */
const IDLE_MS = 120;
const MOST = 20;

/**
 * How many times slower than an idle machine this one is, at least 1: `WEBFLOW_TEST_SLOWNESS` where it is set, else
 * measured by a fixed piece of work. Every time limit of the tests is multiplied by it.
 */
export function measureSlowness(): number {
  const set = Number(process.env["WEBFLOW_TEST_SLOWNESS"]);
  if (set >= 1) return set;
  const [, median = IDLE_MS] = [fixedWork(), fixedWork(), fixedWork()].sort((a, b) => a - b);
  return Math.min(MOST, Math.max(1, median / IDLE_MS));
}

/** A time limit of the tests, in milliseconds, stretched for this machine. */
export function patient(milliseconds: number): number {
  return Math.ceil(milliseconds * measureSlowness());
}

function fixedWork(): number {
  const startedAt = performance.now();
  let value = 0;
  for (let step = 0; step < 3e7; step += 1) value = (value * 31 + step) | 0;
  const hash = createHash("sha256").update(String(value));
  const block = Buffer.alloc(1024 * 1024);
  for (let count = 0; count < 64; count += 1) hash.update(block);
  hash.digest();
  return performance.now() - startedAt;
}
