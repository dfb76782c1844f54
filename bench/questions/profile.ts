import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newDirectory, startOurServer, timed } from "../our-server.js";
import { type Answer, seconds } from "../table.js";
import { NETWORK, startWorld, WEB_FILES } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

const FILES = 100;
const ROWS = 14;

/** As `--cpu-prof` writes it: https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile */
interface CpuProfile {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string } }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** Question 7: what the run of a hundred files spends its time on. */
export async function measureProfile(): Promise<Answer> {
  const world = await startWorld({ ...NETWORK, sizes: WEB_FILES, folders: FOLDERS });
  const directory = newDirectory();
  const server = await startOurServer(world, {
    // The sources file by file, so that the profile can tell them apart.
    entry: join("node_modules", ".bench", "source", "main.js"),
    nodeOptions: ["--cpu-prof", `--cpu-prof-dir=${directory}`, "--cpu-prof-interval=500"],
  });
  const { ms } = await timed(() => server.uploadAll(batchOf(world, FILES)));
  await server.close();
  world.close();

  const [file = ""] = readdirSync(directory);
  const profile = JSON.parse(readFileSync(join(directory, file), "utf8")) as CpuProfile;
  const byPart = [...timeByPart(profile)].sort(([, one], [, other]) => other - one);
  const busyMs = byPart.reduce((total, [, partMs]) => total + partMs, 0);
  return {
    title: "Where the time goes",
    setting: `A CPU profile of the 100-file run (${seconds(ms)} under the profiler), from the start of the process to its end; self time by module.`,
    columns: ["part", "CPU", "share"],
    rows: byPart
      .slice(0, ROWS)
      .map(([part, partMs]) => [
        part,
        `${partMs.toFixed(0)} ms`,
        `${((100 * partMs) / busyMs).toFixed(0)} %`,
      ]),
    notes: [
      `${seconds(busyMs)} of CPU in all, loading included; what the run takes beyond that, the process waits for the network.`,
      "Changed because of such runs: 40 files are read ahead of the 20 that are sent, so that their bytes wait for their turn and not the other way round; " +
        "private data is looked for in a PNG only as far as its chunks can be followed, which took 40 ms a megabyte; " +
        "and what the first answer does not need is loaded after it.",
    ],
  };
}

/** Milliseconds of self time: our own rooms by directory, packages by name, and Node's own parts. */
function timeByPart({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const part = parts.get(id);
    if (part) times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
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
