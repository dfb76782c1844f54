import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { drawFigures } from "./picture.js";
import { measureBulk } from "./questions/bulk.js";
import { measureChunkedOrigin } from "./questions/chunked-origin.js";
import { measureFirstList } from "./questions/first-list.js";
import { measureGrowth } from "./questions/growth.js";
import { measureLargeLibrary } from "./questions/large-library.js";
import { measureOfficialCli } from "./questions/official-cli.js";
import { measureOptimize } from "./questions/optimize.js";
import { measurePictures } from "./questions/pictures.js";
import { measurePing } from "./questions/ping.js";
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
  bulk: measureBulk,
  "rate-limit": measureRateLimit,
  "several-processes": measureSeveralProcesses,
  "chunked-origin": measureChunkedOrigin,
  "official-cli": measureOfficialCli,
  repeat: measureRepeat,
  growth: measureGrowth,
  "large-library": measureLargeLibrary,
  tokens: measureTokens,
  start: measureStart,
  "first-list": measureFirstList,
  profile: measureProfile,
  optimize: measureOptimize,
  pictures: measurePictures,
  ping: measurePing,
  scan: measureScan,
  uses: measureUses,
};

const RESULTS = "bench/RESULTS.md";
/** So many answers come with a figure, and all of them together make the picture. */
const FIGURES = 4;

/**
 * Asks the questions named, or all, and prints their tables. All of them, or those named behind `--write`, take the place
 * of their sections in RESULTS.md.
 */
export async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((argument) => argument !== "--write");
  const isWritten = names.length === 0 || args.includes("--write");
  const unknown = names.filter((name) => !QUESTIONS[name]);
  if (unknown.length > 0) {
    throw new Error(`no question ${unknown.join(", ")}; there are ${Object.keys(QUESTIONS).join(", ")}`);
  }
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(QUESTIONS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`measuring: ${name}\n`);
    const answer = await measure();
    if (answer.figure) figures.push(answer.figure);
    const section = toMarkdown(answer, `${today()} at ${commit()}`);
    process.stdout.write(`${section}\n`);
    if (isWritten) replaceSection(answer.title, section);
  }
  if (isWritten && figures.length === FIGURES) writeFileSync("docs/benchmark.svg", drawFigures(figures));
}

/** Puts the section where the one of the same title is, or at the end, below a heading of now. */
function replaceSection(title: string, section: string): void {
  const [, ...old] = `\n${readFileSync(RESULTS, "utf8")}`.split(/\n(?=## )/);
  const isMeant = (other: string): boolean => other.startsWith(`## ${title}\n`);
  const sections = old.some(isMeant)
    ? old.map((other) => (isMeant(other) ? section : `${other.trimEnd()}\n`))
    : [...old.map((other) => `${other.trimEnd()}\n`), section];
  writeFileSync(RESULTS, [heading(), ...sections].join("\n"));
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function heading(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores of ${cpus()[0]?.model ?? "an unknown processor"}, ${memory} GiB, ${type()}`;
  return [
    "# Results",
    "",
    "Written by `npm run bench`, which repeats all of it on loopback; each table tells when it was measured.",
    "",
    `- machine: ${machine}`,
    `- Node ${process.versions.node}, webflow-assets-mcp ${versionOf("package.json")}`,
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
