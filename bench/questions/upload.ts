import { type OurServer, startOurServer, timed } from "../our-server.js";
import type { Job, RivalFile } from "../rivals/rival-process.js";
import { runRival } from "../rivals/run-rival.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, megabytes, seconds, times } from "../table.js";
import {
  benchFile,
  type Counts,
  NETWORK,
  startWorld,
  WEB_FILES,
  type World,
  type WorldOptions,
} from "../world.js";

const FILES = 100;
const WEB_BATCH: Batch = { files: FILES, sizes: WEB_FILES };
export const FOLDERS = ["Banners", "Blog", "Campaigns", "Products", "Team"];

export interface Outcome extends Counts {
  readonly ms: number;
  /** Of the uploading process; NaN where the system does not tell. */
  readonly cpuMs: number;
  readonly failures: number;
  readonly peakBytes: number | undefined;
}

/** Uploads so many files to a world. */
type Way = (world: World, count: number) => Promise<Pick<Outcome, "ms" | "cpuMs" | "failures" | "peakBytes">>;

type Batch = Pick<WorldOptions, "sizes"> & Partial<WorldOptions> & { readonly files: number };

/** Question 1: a hundred files by URL into five folders that exist, without a rate limit. */
export async function measureUpload(): Promise<Answer> {
  const ways: Record<string, Way> = {
    "`uploadAssets`, one call": ours((server, files) => server.uploadAll(files)),
    "`uploadAsset`, 8 at a time": ours((server, files) => callEach(server, files, 8)),
    "`uploadAsset`, one by one": ours((server, files) => callEach(server, files, 1)),
    "the SDK's `createAndUpload`, all at once": rival("sdk-at-once"),
    "the SDK's `createAndUpload`, one by one": rival("sdk"),
    "the tutorial's way": rival("tutorial"),
  };
  const outcomes = await middleRuns(
    Object.entries(ways).map(([name, way]) => [name, onNewSite(WEB_BATCH, way)] as const),
  );

  const best = Math.min(...[...outcomes.values()].map(({ ms }) => ms));
  const rows = [...outcomes].map(([name, outcome]) => [
    name,
    seconds(outcome.ms),
    times(outcome.ms / best),
    seconds(outcome.cpuMs),
    outcome.apiCalls,
    (outcome.apiCalls / FILES).toFixed(2),
    megabytes(outcome.downloadedBytes),
    outcome.s3Posts,
    megabytes(outcome.peakBytes),
    outcome.failures,
  ]);
  const [batch, , , , sdk, tutorial] = [...outcomes.values()].map(({ ms }) => ms);
  return {
    figure: {
      title: "100 files by URL",
      unit: "s",
      bars: [...outcomes]
        .filter(([name]) => !name.startsWith("`uploadAsset`"))
        .map(([name, { ms }]) => [name.replaceAll("`", ""), ms / 1000] as const),
    },
    title: "Uploading 100 files",
    setting:
      `${FILES} files of 20 kB to 2 MB (${megabytes(totalBytes())} in all) by URL into ${FOLDERS.length} folders that exist, ` +
      `no rate limit; round trips of ${NETWORK.latencyMs} ms to the API and S3, ${NETWORK.originLatencyMs} ms to the origin. ` +
      `Medians of ${ROUNDS} interleaved runs, each against a new emulator.`,
    columns: [
      "way",
      "time",
      "ratio",
      "CPU",
      "API calls",
      "a file",
      "downloaded",
      "S3 POSTs",
      "peak RSS",
      "failed",
    ],
    rows,
    notes: [
      `\`uploadAssets\` is ${times((tutorial ?? 0) / (batch ?? 1))} as fast as the tutorial's way (goal: 25x) and ` +
        `${times((sdk ?? 0) / (batch ?? 1))} as fast as the SDK one by one (goal: 5x).`,
      `The longest chain of round trips that no client can shorten is the origin, the metadata and S3, ` +
        `${2 * NETWORK.latencyMs + NETWORK.originLatencyMs} ms; the rest of our time is what the bytes take on this machine, on which the emulator checks them, too.`,
      "The emulator and the uploader share the cores of this machine: where all requests are under way at once, time follows CPU, which `bench -- profile` splits by part.",
      "The peak of ours is that of a server that answers MCP; the others are bare scripts without one.",
    ],
  };
}

/** The files of the question, as a batch of ours takes them. */
export function batchOf(world: World, count: number): { source: string; fileName: string; folder: string }[] {
  return filesOf(world, count).map(({ url, ...file }) => ({ source: url, ...file }));
}

export function filesOf(world: World, count: number): RivalFile[] {
  return Array.from({ length: count }, (_, index) => ({
    url: `http://${world.originHost}/${index + 1}`,
    fileName: `photo-${index + 1}.png`,
    folder: FOLDERS[index % FOLDERS.length] ?? "",
  }));
}

export function onNewSite({ files, ...options }: Batch, way: Way): () => Promise<Outcome> {
  return async () => {
    const world = await startWorld({ ...NETWORK, folders: FOLDERS, ...options });
    const outcome = { ...(await way(world, files)), ...(await world.counts()) };
    world.close();
    return outcome;
  };
}

export function rival(way: Job["way"]): Way {
  return (world, count) => runRival({ way, world, files: filesOf(world, count) });
}

export function ours(
  upload: (server: OurServer, files: ReturnType<typeof batchOf>) => Promise<{ failed: number }>,
): Way {
  return async (world, count) => {
    const server = await startOurServer(world);
    const usedBefore = server.cpuMs() ?? Number.NaN;
    const { result, ms } = await timed(() => upload(server, batchOf(world, count)));
    const cpuMs = (server.cpuMs() ?? Number.NaN) - usedBefore;
    const peakBytes = server.peakBytes();
    await server.close();
    return { ms, cpuMs, failures: result.failed, peakBytes };
  };
}

/** Calls `uploadAsset` for each file, so many at a time. */
async function callEach(
  server: OurServer,
  files: ReturnType<typeof batchOf>,
  atATime: number,
): Promise<{ failed: number }> {
  const waiting = [...files];
  let failed = 0;
  async function worker(): Promise<void> {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      await server.call("uploadAsset", file).catch(() => {
        failed += 1;
      });
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker));
  return { failed };
}

function totalBytes(): number {
  const sizes = Array.from({ length: FILES }, (_, index) => benchFile(index + 1, WEB_FILES).length);
  return sizes.reduce((total, size) => total + size, 0);
}
