import { expect, test } from "vitest";
import { createLeftOutTally } from "../../src/sync/left-out-tally.js";

test("what is left out is counted by its reason, in the order in which the reasons came up", () => {
  const tally = createLeftOutTally();
  tally.add("hidden", ".env");
  tally.add("excluded", "private/");
  tally.add("hidden", ".git/");
  expect(tally.list()).toEqual([
    { why: "hidden", count: 2, names: [".env", ".git/"] },
    { why: "excluded", count: 1, names: ["private/"] },
  ]);
});

test("of many entries five are named, and all are counted", () => {
  const tally = createLeftOutTally();
  for (let index = 0; index < 8; index += 1) tally.add("hidden", `.${index}`);
  expect(tally.list()).toEqual([{ why: "hidden", count: 8, names: [".0", ".1", ".2", ".3", ".4"] }]);
});

test("a name is told on one line and not at any length", () => {
  const tally = createLeftOutTally();
  tally.add("excluded", "two\nlines");
  tally.add("excluded", "x".repeat(1_000));
  const [{ names } = { names: [] }] = tally.list();
  expect(names[0]).not.toContain("\n");
  expect(names[1]?.length).toBeLessThanOrEqual(200);
});

test("nothing is told where nothing is left out", () => {
  expect(createLeftOutTally().list()).toEqual([]);
});
