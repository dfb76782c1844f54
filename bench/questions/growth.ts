import { startOurServer, timed } from "../our-server.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import type { Answer } from "../table.js";
import { NETWORK, SMALL_FILES, startWorld } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

const SITES = [10, 100, 1_000, 5_000];
const BATCHES = [1, 10, 100, 500];

/** Question 4: whether time and calls a file depend on how much there is already, and on how much is sent at once. */
export async function measureGrowth(): Promise<Answer> {
  const rows: (string | number)[][] = [];
  for (const assets of SITES) {
    const middle = await middleRuns(
      BATCHES.map((files) => [files, () => uploadOnto(assets, files)] as const),
    );
    rows.push([assets, ...[...middle].map(cellOf), ...(await findOn(assets))]);
  }
  return {
    title: "Growth",
    setting:
      "Milliseconds a file and API calls a file, for batches onto sites of growing size; and one walk through all assets that lack alt text. No rate limit, the same round trips. " +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: [
      "assets on the site",
      ...BATCHES.map((files) => `${files} ${files === 1 ? "file" : "files"}`),
      "calls to walk the listing",
      "pages of 100",
    ],
    rows,
    notes: [
      "Read down for the size of the site, across for the size of the batch. One file alone waits for its own round trips; a call more or two a batch lists the folders, and that is all that a larger site costs.",
    ],
  };
}

interface Run {
  readonly ms: number;
  readonly apiCalls: number;
}

function cellOf([files, { ms, apiCalls }]: readonly [number, Run]): string {
  return `${(ms / files).toFixed(1)} ms, ${(apiCalls / files).toFixed(2)} calls`;
}

async function uploadOnto(assets: number, files: number): Promise<Run> {
  const world = await startWorld({
    ...NETWORK,
    sizes: SMALL_FILES,
    folders: FOLDERS,
    site: { assets, folders: Math.ceil(assets / 25) },
  });
  const server = await startOurServer(world);
  const { ms, result } = await timed(() => server.uploadAll(batchOf(world, files)));
  if (result.failed > 0) throw new Error(`${result.failed} of ${files} files failed`);
  const { apiCalls } = await world.counts();
  await server.close();
  world.close();
  return { ms, apiCalls };
}

async function findOn(assets: number): Promise<[number, number]> {
  const world = await startWorld({
    ...NETWORK,
    sizes: SMALL_FILES,
    site: { assets, folders: Math.ceil(assets / 25) },
  });
  const server = await startOurServer(world);
  let cursor: unknown;
  do {
    const page = await server.call("listAssets", {
      missingAltText: true,
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    cursor = page["nextCursor"];
  } while (cursor !== undefined);
  const { apiCalls } = await world.counts();
  await server.close();
  world.close();
  return [apiCalls, Math.ceil(assets / 100)];
}
