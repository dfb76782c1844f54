import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newDirectory, type OurServer, startOurServer, timed } from "../our-server.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, seconds } from "../table.js";
import { benchFile, NETWORK, SMALL_FILES, startWorld, type World } from "../world.js";

const ASSETS = 20_000;
const FILES = 300;

/** What a library of 20,000 assets costs to search, to look through and to compare with a directory. */
export async function measureLargeLibrary(): Promise<Answer> {
  const directory = newDirectory();
  mkdirSync(join(directory, "photos"));
  for (let number = 1; number <= FILES; number += 1) {
    writeFileSync(join(directory, "photos", `${number}.png`), benchFile(number, SMALL_FILES));
  }
  const tasks: Record<string, (server: OurServer) => Promise<unknown>> = {
    "the first page": (server) => server.call("listAssets", { limit: 50 }),
    "a search for a name": (server) => server.call("listAssets", { query: "portrait" }),
    "the first 50 without alt text": (server) => server.call("listAssets", { missingAltText: true }),
    [`the plan of a sync of ${FILES} files`]: (server) =>
      server.call("syncFolder", { directory: join(directory, "photos"), folder: "Photos" }),
  };
  const middle = await middleRuns(
    Object.entries(tasks).map(([name, task]) => [name, () => measured(task, directory)] as const),
  );
  return {
    title: `A library of ${ASSETS.toLocaleString("en")} assets`,
    setting:
      "Each asked of a server that has read nothing yet; no rate limit, the same round trips. " +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: ["what", "time", "API calls", "pages of 100 that the library has"],
    rows: [...middle].map(([name, { ms, apiCalls }]) => [
      name,
      seconds(ms),
      apiCalls,
      Math.ceil(ASSETS / 100),
    ]),
    notes: [
      "The API cannot search: what a page alone does not answer costs the pages of the listing, once in half a minute.",
    ],
  };
}

async function measured(
  task: (server: OurServer) => Promise<unknown>,
  directory: string,
): Promise<{ ms: number; apiCalls: number }> {
  const world: World = await startWorld({
    ...NETWORK,
    sizes: SMALL_FILES,
    site: { assets: ASSETS, folders: 200 },
  });
  const server = await startOurServer(world, { directories: [directory] });
  const { ms } = await timed(() => task(server));
  const { apiCalls } = await world.counts();
  await server.close();
  world.close();
  return { ms, apiCalls };
}
