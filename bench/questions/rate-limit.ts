import { startOurServer, timed } from "../our-server.js";
import { runRival } from "../rivals/run-rival.js";
import { type Answer, seconds, times } from "../table.js";
import { NETWORK, SMALL_FILES, startWorld, type World } from "../world.js";
import { batchOf, FOLDERS, filesOf } from "./upload.js";

const FILES = 120;
const LIMIT = { limit: 60, windowMs: 60_000 };
const LEFT_OVER_MS = 1_000;

/** Question 2: more files than a window allows calls. */
export async function measureRateLimit(): Promise<Answer> {
  const ways = {
    "`uploadAssets`": uploadWithOurs,
    "the SDK's `createAndUpload`, all at once": rival("sdk-at-once"),
    "the SDK's `createAndUpload`, one by one": rival("sdk"),
    "the tutorial's way": rival("tutorial"),
  };
  const rows: (string | number)[][] = [];
  for (const [name, way] of Object.entries(ways)) {
    const world = await startWorld({ ...NETWORK, ...LIMIT, sizes: SMALL_FILES, folders: FOLDERS });
    const { ms, failures } = await way(world);
    const { apiCalls, refusedCalls, assets } = await world.counts();
    world.close();
    const boundMs = Math.floor((apiCalls - 1) / LIMIT.limit) * LIMIT.windowMs;
    const ratio = boundMs > 0 && failures === 0 ? times((ms - LEFT_OVER_MS) / boundMs) : "-";
    rows.push([
      name,
      seconds(ms),
      seconds(boundMs),
      ratio,
      apiCalls,
      refusedCalls,
      failures,
      `${assets} of ${FILES}`,
    ]);
  }
  return {
    title: "The same under 60 calls a minute",
    setting:
      `${FILES} files of 2 to 20 kB by URL into ${FOLDERS.length} folders; Webflow takes ${LIMIT.limit} calls in ${LIMIT.windowMs / 1000} s. ` +
      "The bound is floor((calls - 1) / 60) windows, and one second is granted for whole seconds in Retry-After.",
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
    rows,
    notes: ["Goal for `uploadAssets`: at most 1.05 of the bound, none failed."],
  };
}

async function uploadWithOurs(world: World): Promise<{ ms: number; failures: number }> {
  const server = await startOurServer(world);
  const { result, ms } = await timed(() => server.uploadAll(batchOf(world, FILES)));
  await server.close();
  return { ms, failures: result.failed };
}

function rival(way: "tutorial" | "sdk" | "sdk-at-once") {
  return (world: World) => runRival({ way, world, files: filesOf(world, FILES) });
}
