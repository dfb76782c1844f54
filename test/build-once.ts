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
    if (process.env["npm_lifecycle_event"] === "test") {
      console.log(" The gallery is tested in a browser: npm run test:browser\n");
    }
  };
}
