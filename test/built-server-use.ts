import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the workers of one run write down which tests spoke to the built server: they inherit it. */
export const BUILT_SERVER_LOG = "WEBFLOW_TEST_BUILT_SERVER_LOG";

/** To be called in the main process of a run, before its workers start. */
export function beginCountingBuiltServerUse(): void {
  const log = join(tmpdir(), `webflow-assets-built-server-${process.pid}.log`);
  process.env[BUILT_SERVER_LOG] = log;
  rmSync(log, { force: true });
}

/** How many tests spoke to the built server since the count began, which ends with this. */
export function countBuiltServerUse(): number {
  const log = process.env[BUILT_SERVER_LOG] ?? "";
  if (!existsSync(log)) return 0;
  const tests = new Set(readFileSync(log, "utf8").split("\n").filter(Boolean));
  rmSync(log);
  return tests.size;
}
