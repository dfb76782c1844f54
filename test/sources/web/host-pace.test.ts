import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createHostPace } from "../../../src/sources/web/host-pace.js";

const THIRTY_YEARS_MS = 999_999_999_000;
const warnings: Error[] = [];
const warn = (warning: Error) => warnings.push(warning);

beforeEach(() => process.on("warning", warn));
afterEach(() => process.off("warning", warn));

it("a host that asks for thirty years is told of, and asked again after two minutes", async () => {
  const pace = createHostPace(500);
  expect(pace.refused("example.com", Date.now(), THIRTY_YEARS_MS)).toBe(THIRTY_YEARS_MS);

  const controller = new AbortController();
  const turn = pace.turn("example.com", controller.signal);
  await setImmediate();
  controller.abort();

  await expect(turn).rejects.toThrow("aborted");
  // A timer cannot be set for longer than 24 days: it would go off at once.
  expect(warnings).toEqual([]);
});
