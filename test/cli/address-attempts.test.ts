import { getDefaultAutoSelectFamilyAttemptTimeout } from "node:net";
import { expect, it } from "vitest";
import { allowSlowHandshakes } from "../../src/cli/address-attempts.js";

const FLAG = "--network-family-autoselection-attempt-timeout=100";

it("a connection to one of several addresses gets ten times as long as Node gives it", () => {
  const before = getDefaultAutoSelectFamilyAttemptTimeout();
  allowSlowHandshakes({}, []);
  expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBeGreaterThanOrEqual(2_500);
  expect(before).toBeLessThan(2_500);
});

it.each([
  ["NODE_OPTIONS", { NODE_OPTIONS: `--no-warnings ${FLAG}` }, []],
  ["an argument of node", {}, [FLAG]],
] as const)("a time that the user set as %s stands", (_, environment, nodeArguments) => {
  const set: number[] = [];
  allowSlowHandshakes(environment, nodeArguments, (milliseconds) => set.push(milliseconds));
  expect(set).toEqual([]);
});
