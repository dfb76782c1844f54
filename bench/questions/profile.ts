import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newDirectory, startOurServer, timed } from "../our-server.js";
import { runRival } from "../rivals/run-rival.js";
import { type Answer, seconds } from "../table.js";
import { NETWORK, startWorld, WEB_FILES, type World } from "../world.js";
import { batchOf, FOLDERS, filesOf } from "./upload.js";

const FILES = 100;
const ROWS = 14;

/** As `--cpu-prof` writes it: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string } }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
  /** Microseconds. */
  readonly endTime: number;
}

interface Profiled {
  readonly parts: Map<string, number>;
  readonly ms: number;
  /** Of all threads of the process, as the system counts it. */
  readonly cpuMs: number;
}

/** Question 7: what the run of a hundred files spends its time on, and what the SDK's helper does. */
export async function measureProfile(): Promise<Answer> {
  const ours = await inNewWorld(profileOurs);
  const helper = await inNewWorld(profileHelper);
  const names = [...new Set([...ours.parts.keys(), ...helper.parts.keys()])];
  const largest = names
    .map((name) => [name, ours.parts.get(name) ?? 0, helper.parts.get(name) ?? 0] as const)
    .sort(([, one, oneOther], [, two, twoOther]) => Math.max(two, twoOther) - Math.max(one, oneOther))
    .slice(0, ROWS);
  const row = (name: string, one: number, other: number): string[] => [name, inMs(one), inMs(other)];
  return {
    title: "Where the time goes",
    setting:
      "CPU profiles of 100 files by URL, from the call to its answer, on a server whose modules are loaded; self time of the main thread by module. " +
      `The run took ${seconds(ours.ms)} and ${seconds(helper.ms)} under the profiler.`,
    columns: ["part", "`uploadAssets`", "the SDK's helper, all at once"],
    rows: [
      ...largest.map((part) => row(...part)),
      row("main thread in all", sum(ours.parts), sum(helper.parts)),
      row("all threads, as the system counts", ours.cpuMs, helper.cpuMs),
    ],
    notes: [
      "Other threads are V8's, which compile and collect garbage, those that read and write files, and of ours the one that examines files.",
      "What the helper does not do: examine each file, look for secrets and private data, compare what the storage holds, claim the bytes against other processes, keep the ledger, and report.",
    ],
  };
}

async function inNewWorld(
  profile: (world: World, directory: string) => Promise<Profiled>,
): Promise<Profiled> {
  const world = await startWorld({ ...NETWORK, sizes: WEB_FILES, folders: FOLDERS });
  try {
    return await profile(world, newDirectory());
  } finally {
    world.close();
  }
}

async function profileOurs(world: World, directory: string): Promise<Profiled> {
  const server = await startOurServer(world, {
    // The sources file by file, so that the profile can tell them apart.
    entry: join("node_modules", ".bench", "source", "main.js"),
    nodeOptions: profilerOptions(directory),
  });
  const usedBefore = server.cpuMs() ?? Number.NaN;
  const { ms } = await timed(() => server.uploadAll(batchOf(world, FILES)));
  const cpuMs = (server.cpuMs() ?? Number.NaN) - usedBefore;
  await server.close();
  return { ms, cpuMs, parts: timeByPart(readProfile(directory), ms) };
}

async function profileHelper(world: World, directory: string): Promise<Profiled> {
  const job = { way: "sdk-at-once", world, files: filesOf(world, FILES) } as const;
  const { ms, cpuMs } = await runRival(job, profilerOptions(directory));
  return { ms, cpuMs, parts: timeByPart(readProfile(directory), ms) };
}

function profilerOptions(directory: string): string[] {
  return ["--cpu-prof", `--cpu-prof-dir=${directory}`, "--cpu-prof-interval=500"];
}

function readProfile(directory: string): CpuProfile {
  const [file = ""] = readdirSync(directory);
  return JSON.parse(readFileSync(join(directory, file), "utf8")) as CpuProfile;
}

function sum(parts: ReadonlyMap<string, number>): number {
  return [...parts.values()].reduce((total, partMs) => total + partMs, 0);
}

function inMs(ms: number): string {
  return `${ms.toFixed(0)} ms`;
}

/** Milliseconds of self time in the last `lastMs`: our own rooms by directory, packages by name, and Node's own parts. */
function timeByPart(
  { nodes, samples, timeDeltas, endTime }: CpuProfile,
  lastMs: number,
): Map<string, number> {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const times = new Map<string, number>();
  let time = endTime;
  for (let index = samples.length - 1; index >= 0 && endTime - time < lastMs * 1000; index -= 1) {
    const part = parts.get(samples[index] ?? 0);
    if (part) times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
    time -= timeDeltas[index] ?? 0;
  }
  return times;
}

/** Undefined for waiting. */
function partOf({ functionName, url }: { functionName: string; url: string }): string | undefined {
  if (functionName === "(idle)") return undefined;
  if (functionName === "(garbage collector)") return "garbage collection";
  const own = /\.bench\/source\/(.*)\.js$/.exec(url)?.[1];
  if (own) return own.includes("/") ? `src/${own.split("/").slice(0, -1).join("/")}` : "src";
  const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName) return packageName;
  if (url.startsWith("node:")) return `Node: ${url.slice(5).split("/").slice(0, 2).join("/")}`;
  return "Node: native (hashing, sockets, loading of modules)";
}
