import { execSync } from "node:child_process";
import { existsSync } from "node:fs";

// A fresh clone has no packages yet: one command has to be enough there, too.
if (!existsSync("node_modules/.package-lock.json")) {
  console.log("Installing the packages that the build needs: a minute or two, and only this once ...");
  // No package needs its install script here, so that npm has nothing to warn of.
  execSync("npm ci --ignore-scripts --no-audit --no-fund --loglevel=error", { stdio: "inherit" });
}
console.log("Building ...");
execSync("npm run --silent build", { stdio: "inherit" });
