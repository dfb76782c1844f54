import { execFileSync } from "node:child_process";
import { beginCountingBuiltServerUse, countBuiltServerUse } from "./built-server-use.js";

/**
 * Builds `dist/` once before the suite, so that the stdio tests drive the binary that users get, and says after it how many
 * tests did.
 */
export default function buildOnce(): () => void {
  execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
  beginCountingBuiltServerUse();
  return () => {
    const count = countBuiltServerUse();
    if (count > 0) console.log(` Tests that spoke to the built server: ${count}\n`);
  };
}
