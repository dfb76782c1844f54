import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/*
 * `npm run test:nodes`: runs `npm cit` on every line of Node that is supported, from the npm packages of its binaries.
 * `npm run test:nodes -- 22 24` runs it on those only.
 */

const LINES = ["20", "22", "24", "26"];

const wanted = process.argv.length > 2 ? process.argv.slice(2) : LINES;
const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const directory = mkdtempSync(join(tmpdir(), "nodes-"));
const failed = [];
try {
  for (const line of wanted) {
    const prefix = join(directory, line);
    execFileSync("npm", ["install", "--silent", "--no-save", "--prefix", prefix, `node-${platform}@${line}`]);
    const bin = join(prefix, "node_modules", `node-${platform}`, "bin");
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    console.log(`== Node ${execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim()}`);
    if (spawnSync("npm", ["cit"], { env, stdio: "inherit" }).status !== 0) failed.push(line);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
console.log(`${wanted.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
