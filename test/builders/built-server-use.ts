import { appendFileSync } from "node:fs";
import { expect } from "vitest";
import { BUILT_SERVER_LOG } from "../built-server-use.js";

const noted = new Set<string>();

/** Notes that the test under way speaks to the built server. What a set-up says to it is no test's. */
export function noteBuiltServerUse(): void {
  const log = process.env[BUILT_SERVER_LOG];
  const { testPath, currentTestName } = expect.getState();
  if (log === undefined || testPath === undefined || currentTestName === undefined) return;
  const test = `${testPath} > ${currentTestName}`;
  if (noted.has(test)) return;
  noted.add(test);
  appendFileSync(log, `${JSON.stringify(test)}\n`);
}
