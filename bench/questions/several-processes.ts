import { startOurServer, timed } from "../our-server.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, seconds, times } from "../table.js";
import { NETWORK, SMALL_FILES, startWorld } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

const FILES = 240;
const LIMIT = { limit: 60, windowMs: 10_000 };
const LEFT_OVER_MS = 1_000;

/** Whether several servers on one token, as several clients start them, get in each other's way. */
export async function measureSeveralProcesses(): Promise<Answer> {
  const middle = await middleRuns([1, 2, 4].map((processes) => [processes, () => run(processes)] as const));
  return {
    title: "Several processes on one token",
    setting:
      `${FILES} files of 2 to 20 kB by URL, shared out among servers that share a cache directory; Webflow takes ` +
      `${LIMIT.limit} calls in ${LIMIT.windowMs / 1000} s. Medians of ${ROUNDS} interleaved runs.`,
    columns: ["processes", "time", "bound", "ratio", "calls answered", "refused with 429", "share", "failed"],
    rows: [...middle].map(([processes, of]) => rowOf(processes, of)),
    notes: ["Goal: at most 1.1 of the bound and one second, at most 10 % of the calls refused."],
  };
}

interface Run {
  readonly ms: number;
  readonly boundMs: number;
  readonly calls: number;
  readonly refused: number;
  readonly failures: number;
}

function rowOf(processes: number, { ms, boundMs, refused, calls, failures }: Run): (string | number)[] {
  return [
    processes,
    seconds(ms),
    seconds(boundMs),
    times((ms - LEFT_OVER_MS) / boundMs),
    calls,
    refused,
    `${((100 * refused) / (calls + refused)).toFixed(0)} %`,
    failures,
  ];
}

async function run(processes: number): Promise<Run> {
  const world = await startWorld({ ...NETWORK, ...LIMIT, sizes: SMALL_FILES, folders: FOLDERS });
  const first = await startOurServer(world);
  const servers = [first];
  while (servers.length < processes) {
    servers.push(await startOurServer(world, { cacheHome: first.cacheHome }));
  }
  const files = batchOf(world, FILES);
  const { result, ms } = await timed(() =>
    Promise.all(
      servers.map((server, index) =>
        server.uploadAll(files.filter((_, number) => number % processes === index)),
      ),
    ),
  );
  const { apiCalls: calls, refusedCalls: refused } = await world.counts();
  await Promise.all(servers.map((server) => server.close()));
  world.close();
  const boundMs = Math.floor((calls - 1) / LIMIT.limit) * LIMIT.windowMs;
  return { ms, boundMs, calls, refused, failures: result.reduce((sum, { failed }) => sum + failed, 0) };
}
