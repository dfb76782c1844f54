import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { drawFigures } from "./picture.js";
import { measureChunkedOrigin } from "./questions/chunked-origin.js";
import { measureGrowth } from "./questions/growth.js";
import { measureLargeLibrary } from "./questions/large-library.js";
import { measureOptimize } from "./questions/optimize.js";
import { measureProfile } from "./questions/profile.js";
import { measureRateLimit } from "./questions/rate-limit.js";
import { measureRepeat } from "./questions/repeat.js";
import { measureScan } from "./questions/scan.js";
import { measureSeveralProcesses } from "./questions/several-processes.js";
import { measureStart } from "./questions/start.js";
import { measureTokens } from "./questions/tokens.js";
import { measureUpload } from "./questions/upload.js";
import { measureUses } from "./questions/uses.js";
import { type Answer, type Figure, toMarkdown } from "./table.js";

const QUESTIONS: Record<string, () => Promise<Answer>> = {
  upload: measureUpload,
  "rate-limit": measureRateLimit,
  "several-processes": measureSeveralProcesses,
  "chunked-origin": measureChunkedOrigin,
  repeat: measureRepeat,
  growth: measureGrowth,
  "large-library": measureLargeLibrary,
  tokens: measureTokens,
  start: measureStart,
  profile: measureProfile,
  optimize: measureOptimize,
  scan: measureScan,
  uses: measureUses,
};

/** Asks the questions named, prints their tables, and writes RESULTS.md when all were asked (none named). */
export async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !QUESTIONS[name]);
  if (unknown.length > 0) {
    throw new Error(`no question ${unknown.join(", ")}; there are ${Object.keys(QUESTIONS).join(", ")}`);
  }
  const sections: string[] = [];
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(QUESTIONS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`measuring: ${name}\n`);
    const answer = await measure();
    if (answer.figure) figures.push(answer.figure);
    const section = toMarkdown(answer);
    process.stdout.write(`${section}\n`);
    sections.push(section);
  }
  if (names.length > 0) return;
  writeFileSync("bench/RESULTS.md", [heading(), ...sections].join("\n"));
  writeFileSync("docs/benchmark.svg", drawFigures(figures));
}

function heading(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? "an unknown processor"}, ${memory} GiB, ${type()}`;
  return [
    "# Results",
    "",
    "Written by `npm run bench`, which repeats all of it on loopback.",
    "",
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    `- machine: ${machine}`,
    `- Node ${process.versions.node}, webflow-assets-mcp ${versionOf("package.json")} at ${commit()}`,
    ...["webflow-api", "@modelcontextprotocol/sdk", "undici", "sharp"].map(
      (name) => `- ${name} ${versionOf(`node_modules/${name}/package.json`)}`,
    ),
    "",
  ].join("\n");
}

function versionOf(packageFile: string): string {
  return JSON.parse(readFileSync(packageFile, "utf8")).version;
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "an unknown commit";
  }
}
