import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { spawnServer } from "../spoken-server.js";
import { type Answer, median } from "../table.js";
import { SMALL_FILES, script, startWorld } from "../world.js";
import { FOLDERS } from "./upload.js";

const ROUNDS = 15;

/** What a first `listFolders` waits for, one after the other; the last is behind it. */
const STEPS = [
  "Node alone, until its first output",
  "the program, until `initialize` is answered",
  "`tools/list`",
  "loading the tool, the service, webflow-api and undici: a call that is refused for its site id",
  "the first request to Webflow: connecting, asking, reading the answer",
  "the same again",
] as const;

/** Question 6b: where the time of a first list goes, seen from outside. */
export async function measureFirstList(): Promise<Answer> {
  const world = await startWorld({ latencyMs: 0, originLatencyMs: 0, sizes: SMALL_FILES, folders: FOLDERS });
  const env = {
    WEBFLOW_TOKEN: world.token,
    WEBFLOW_SITE_ID: world.siteId,
    WEBFLOW_API_BASE_URL: world.apiBaseUrl,
  };
  const ours: number[][] = [];
  const floor: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await steps(resolve("dist/main.js"), env, [{ siteId: "malformed" }, {}, {}]));
    // It refuses nothing: what it needs is loaded before `initialize`.
    floor.push(await steps(script("listing-server.mjs"), env, [{}, {}]));
  }
  world.close();
  const [node = 0, program = 0, tools = 0, loading = 0, request = 0, again = 0] = medians(ours);
  const [, floorProgram = 0, floorTools = 0, floorRequest = 0, floorAgain = 0] = medians(floor);
  const floorSteps = [node, floorProgram, floorTools, 0, floorRequest, floorAgain];
  const total = node + program + tools + loading + request;
  const floorTotal = node + floorProgram + floorTools + floorRequest;
  return {
    title: "A first list, step by step",
    setting:
      `What the first \`listFolders\` after the spawn waits for, with Webflow on loopback: medians of ${ROUNDS} interleaved rounds. ` +
      "The floor is a server with that one tool on the same SDK, bundled in the same way, which hands over what webflow-api answers.",
    columns: ["step", "webflow-assets-mcp", "the floor"],
    rows: [
      ...[node, program, tools, loading, request].map((ms, step) =>
        row(STEPS[step] ?? "", ms, floorSteps[step]),
      ),
      row("together", total, floorTotal),
      row(STEPS[5], again, floorAgain),
    ],
    notes: [
      "The floor has loaded webflow-api before it answers `initialize`, and Node's own fetch loads with its first request.",
      `Goal: 250 ms. On this machine Node, the SDK, webflow-api and one request take ${floorTotal.toFixed(0)} ms without this server.`,
    ],
  };
}

function row(step: string, ms: number, floorMs = 0): string[] {
  return [step, `${ms.toFixed(0)} ms`, floorMs === 0 ? "-" : `${floorMs.toFixed(0)} ms`];
}

/** Milliseconds: Node alone, then to `initialize`, `tools/list` and each of the calls, from one to the next. */
async function steps(
  file: string,
  env: Readonly<Record<string, string>>,
  calls: readonly object[],
): Promise<number[]> {
  const times = [await firstOutputOfNode()];
  const server = spawnServer([process.execPath, file], env);
  let last = times[0] ?? 0;
  for (const ask of [
    server.initialize,
    () => server.ask("tools/list", {}),
    ...calls.map((args) => () => server.ask("tools/call", { name: "listFolders", arguments: args })),
  ]) {
    const now = await ask();
    times.push(now - last);
    last = now;
  }
  await server.end();
  return times;
}

async function firstOutputOfNode(): Promise<number> {
  const startedAt = performance.now();
  const node = spawn(process.execPath, ["-e", "process.stdout.write('.')"]);
  const ended = once(node, "exit");
  await once(node.stdout, "data");
  const ms = performance.now() - startedAt;
  await ended;
  return ms;
}

function medians(rounds: readonly (readonly number[])[]): number[] {
  return (rounds[0] ?? []).map((_, step) => median(rounds.map((times) => times[step] ?? Number.NaN)));
}
