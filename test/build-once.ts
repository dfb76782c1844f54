import { execFileSync } from "node:child_process";

/** Builds `dist/` once before the suite, so that the stdio tests drive the binary that users get. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ["scripts/build.mjs"], { stdio: "inherit" });
}
