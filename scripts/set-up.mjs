import { execSync } from "node:child_process";
import { existsSync } from "node:fs";

// A fresh clone has no packages yet: one command has to be enough there, too.
if (!existsSync("node_modules/.package-lock.json")) execSync("npm ci", { stdio: "inherit" });
execSync("npm run --silent build", { stdio: "inherit" });
