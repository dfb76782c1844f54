import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newDirectory, startOurServer, timed } from "../our-server.js";
import { runRival } from "../rivals/run-rival.js";
import { type Answer, seconds } from "../table.js";
import { NETWORK, startWorld, WEB_FILES, type World } from "../world.js";
import { batchOf, FOLDERS, filesOf } from "./upload.js";

const FILES = 100;
const ROUNDS = 3;
const ROWS = 16;

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** As `--cpu-prof` writes it: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
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
  /** Of the threads that were begun meanwhile. */
  readonly newThreadsMs: number;
}

/** Question 7: what the run of a hundred files spends its time on, and what the SDK's helper does. */
export async function measureProfile(): Promise<Answer> {
  const runs: { ours: Profiled; helper: Profiled }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    runs.push({ ours: await inNewWorld(profileOurs), helper: await inNewWorld(profileHelper) });
  }
  const [ours, helper] = [meanOf(runs.map((run) => run.ours)), meanOf(runs.map((run) => run.helper))];
  const names = [...new Set([...ours.parts.keys(), ...helper.parts.keys()])];
  const largest = names
    .map((name) => [name, ours.parts.get(name) ?? 0, helper.parts.get(name) ?? 0] as const)
    .sort(([, one, oneOther], [, two, twoOther]) => Math.max(two, twoOther) - Math.max(one, oneOther))
    .slice(0, ROWS);
  const row = (name: string, one: number, other: number): string[] => [
    name,
    inMs(one),
    inMs(other),
    inMs(one - other),
  ];
  const [oursInAll, helperInAll] = [sum(ours.parts), sum(helper.parts)];
  return {
    title: "Where the time goes",
    setting:
      `CPU profiles of ${FILES} files by URL, from the call to its answer, on a server whose modules are loaded; means of ${ROUNDS} interleaved runs. ` +
      "What Node does counts for the part of a program that called it. " +
      `The runs took ${seconds(ours.ms)} and ${seconds(helper.ms)} under the profiler.`,
    columns: ["part", "`uploadAssets`", "the SDK's helper, all at once", "difference"],
    rows: [
      ...largest.map((part) => row(...part)),
      row("main thread in all", oursInAll, helperInAll),
      row("the inspector's thread, its start included", ours.newThreadsMs, helper.newThreadsMs),
      row("all threads, as the system counts", ours.cpuMs, helper.cpuMs),
    ],
    notes: [
      "The rest of all threads is V8's, which compile and collect garbage, and Node's, which read and write files.",
      "Only `uploadAssets` examines each file (the inspector's thread, src/inspection), claims the bytes against other processes and keeps the ledger (src/uploads/known), " +
        "compares what the storage holds with what was sent (src/uploads), and reports (src/core).",
    ],
  };
}

/** Every figure is the mean of those of the runs. */
function meanOf(runs: readonly Profiled[]): Profiled {
  const mean = (figure: (run: Profiled) => number): number =>
    runs.reduce((total, run) => total + figure(run), 0) / runs.length;
  const names = new Set(runs.flatMap(({ parts }) => [...parts.keys()]));
  return {
    ms: mean(({ ms }) => ms),
    cpuMs: mean(({ cpuMs }) => cpuMs),
    newThreadsMs: mean(({ newThreadsMs }) => newThreadsMs),
    parts: new Map([...names].map((name) => [name, mean(({ parts }) => parts.get(name) ?? 0)])),
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
  const threads = server.threads();
  const { ms } = await timed(() => server.uploadAll(batchOf(world, FILES)));
  const cpuMs = (server.cpuMs() ?? Number.NaN) - usedBefore;
  const newThreadsMs = sum(new Map([...server.threads()].filter(([thread]) => !threads.has(thread))));
  await server.close();
  return { ms, cpuMs, newThreadsMs, parts: timeByPart(readProfile(directory), ms) };
}

async function profileHelper(world: World, directory: string): Promise<Profiled> {
  const job = { way: "sdk-at-once", world, files: filesOf(world, FILES) } as const;
  const { ms, cpuMs } = await runRival(job, profilerOptions(directory));
  return { ms, cpuMs, newThreadsMs: 0, parts: timeByPart(readProfile(directory), ms) };
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

/** Milliseconds in the last `lastMs`: our own rooms by directory, packages by name, and of Node what none of them called. */
function timeByPart(
  { nodes, samples, timeDeltas, endTime }: CpuProfile,
  lastMs: number,
): Map<string, number> {
  const parts = partsOf(nodes);
  const times = new Map<string, number>();
  let time = endTime;
  for (let index = samples.length - 1; index >= 0 && endTime - time < lastMs * 1000; index -= 1) {
    const part = parts.get(samples[index] ?? 0);
    if (part) times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
    time -= timeDeltas[index] ?? 0;
  }
  return times;
}

/** The part that each node counts for; none for waiting. Parents come before their children. */
function partsOf(nodes: readonly ProfileNode[]): Map<number, string | undefined> {
  const parts = new Map<number, string | undefined>();
  const inherited = new Map<number, string>();
  for (const { id, callFrame, children = [] } of nodes) {
    const part = partOf(callFrame) ?? inherited.get(id);
    for (const child of children) if (part) inherited.set(child, part);
    if (callFrame.functionName !== "(idle)") parts.set(id, part ?? "Node itself");
  }
  return parts;
}

/** Undefined for what is Node's. */
function partOf({ functionName, url }: ProfileNode["callFrame"]): string | undefined {
  if (functionName === "(garbage collector)") return "garbage collection";
  const own = /\.bench\/source\/(.*)\.js$/.exec(url)?.[1];
  if (own) return own.includes("/") ? `src/${own.split("/").slice(0, -1).join("/")}` : "src";
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
}
