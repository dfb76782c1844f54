import { newDirectory, startOurServer, timed } from "../our-server.js";
import { type Answer, seconds } from "../table.js";
import { type Counts, NETWORK, SMALL_FILES, startWorld } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

const FILES = 500;

/** Question 3: what a batch costs that was uploaded before. */
export async function measureRepeat(): Promise<Answer> {
  const world = await startWorld({ ...NETWORK, sizes: SMALL_FILES, folders: FOLDERS });
  const cacheHome = newDirectory();
  let before = await world.counts();

  async function run(name: string, cache: string): Promise<(string | number)[]> {
    const server = await startOurServer(world, { cacheHome: cache });
    const { result, ms } = await timed(() => server.uploadAll(batchOf(world, FILES)));
    await server.close();
    const after = await world.counts();
    const calls = difference(after, before, "apiCalls");
    const posts = difference(after, before, "s3Posts");
    before = after;
    const minutes = `${Math.floor((calls - 1) / 60)} min`;
    return [
      name,
      seconds(ms),
      calls,
      minutes,
      posts,
      result.uploaded,
      Number(result["reused"]),
      result.failed,
    ];
  }

  const rows = [
    await run("first time", cacheHome),
    await run("again, in a new process, with the ledger", cacheHome),
    await run("again, in a new process, without it", newDirectory()),
  ];
  world.close();
  return {
    figure: {
      title: "The same 500 files again",
      unit: "API calls",
      bars: [
        ["uploadAssets, with its ledger", Number(rows[1]?.[2])],
        ["uploadAssets, without", Number(rows[2]?.[2])],
        ["any client without a memory", FILES],
      ],
    },
    title: "Repeating a batch of 500",
    setting: `${FILES} files by URL, no rate limit, the same round trips; the fourth column is what the limit of 60 calls a minute would add.`,
    columns: ["run", "time", "API calls", "at 60 a minute", "S3 POSTs", "uploaded", "reused", "failed"],
    rows,
    notes: [
      "The sources are read again in each run, because only their bytes tell whether they are the same. With the ledger the calls are those that list folders and assets.",
    ],
  };
}

function difference(after: Counts, before: Counts, key: "apiCalls" | "s3Posts"): number {
  return after[key] - before[key];
}
