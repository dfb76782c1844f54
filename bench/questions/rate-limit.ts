import { startOurServer, timed } from "../our-server.js";
import { runRival } from "../rivals/run-rival.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, seconds, times } from "../table.js";
import { type Counts, NETWORK, SMALL_FILES, startWorld, type World } from "../world.js";
import { batchOf, FOLDERS, filesOf } from "./upload.js";

const FILES = 120;
const LIMIT = { limit: 60, windowMs: 20_000 };
/** Retry-After is in whole seconds: one is granted for each window that has to be waited for. */
const LEFT_OVER_MS = 1_000;

/** Question 2: more files than a window allows calls. */
export async function measureRateLimit(): Promise<Answer> {
  const middle = await middleRuns([
    ["`uploadAssets`", () => run(uploadWithOurs)],
    ["the SDK's `createAndUpload`, all at once", () => run(rival("sdk-at-once"))],
    ["the SDK's `createAndUpload`, one by one", () => run(rival("sdk"))],
    ["the tutorial's way", () => run(rival("tutorial"))],
  ]);
  return {
    title: "The same under a rate limit",
    setting:
      `${FILES} files of 2 to 20 kB by URL into ${FOLDERS.length} folders; Webflow takes ${LIMIT.limit} calls in ${LIMIT.windowMs / 1000} s. ` +
      `The bound is floor((calls - 1) / ${LIMIT.limit}) windows, and one second a window is granted for whole seconds in Retry-After. ` +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: [
      "way",
      "time",
      "bound",
      "ratio",
      "calls answered",
      "refused with 429",
      "failed",
      "assets with bytes",
    ],
    rows: [...middle].map(([name, outcome]) => [name, ...rowOf(outcome)]),
    notes: ["Goal for `uploadAssets`: at most 1.05 of the bound, none failed."],
  };
}

type Way = (world: World) => Promise<{ ms: number; failures: number }>;

interface Outcome extends Counts {
  readonly ms: number;
  readonly failures: number;
}

async function run(way: Way): Promise<Outcome> {
  const world = await startWorld({ ...NETWORK, ...LIMIT, sizes: SMALL_FILES, folders: FOLDERS });
  const { ms, failures } = await way(world);
  const outcome = { ms, failures, ...(await world.counts()) };
  world.close();
  return outcome;
}

function rowOf({ ms, failures, apiCalls, refusedCalls, assets }: Outcome): (string | number)[] {
  const windows = Math.floor((apiCalls - 1) / LIMIT.limit);
  const boundMs = windows * LIMIT.windowMs;
  const isBound = windows > 0 && failures === 0;
  const ratio = isBound ? times((ms - windows * LEFT_OVER_MS) / boundMs) : "-";
  return [seconds(ms), seconds(boundMs), ratio, apiCalls, refusedCalls, failures, `${assets} of ${FILES}`];
}

async function uploadWithOurs(world: World): Promise<{ ms: number; failures: number }> {
  const server = await startOurServer(world);
  const { result, ms } = await timed(() => server.uploadAll(batchOf(world, FILES)));
  await server.close();
  return { ms, failures: result.failed };
}

function rival(way: "tutorial" | "sdk" | "sdk-at-once"): Way {
  return (world) => runRival({ way, world, files: filesOf(world, FILES) });
}
