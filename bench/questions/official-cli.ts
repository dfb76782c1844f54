import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newDirectory, startOurServer, timed } from "../our-server.js";
import { uploadWithOfficialCli } from "../rivals/official-cli.js";
import { middleRuns, ROUNDS } from "../rounds.js";
import { type Answer, seconds, times } from "../table.js";
import { benchFile, type Counts, NETWORK, SMALL_FILES, startWorld, type World } from "../world.js";

const FILES = 10;
const FOLDER = "Photos";

/** Files of a directory beside Webflow's own command line, which starts a process for each. */
export async function measureOfficialCli(): Promise<Answer> {
  const directory = join(newDirectory(), "photos");
  mkdirSync(directory);
  const files = Array.from({ length: FILES }, (_, index) => join(directory, `${index + 1}.png`));
  files.forEach((file, index) => {
    writeFileSync(file, benchFile(index + 1, SMALL_FILES));
  });
  await uploadOnce((world) => uploadWithOfficialCli(world, files.slice(0, 1)));
  const middle = await middleRuns([
    ["`uploadAssets`, one call", () => uploadOnce((world) => uploadWithOurServer(world, directory, files))],
    ["`webflow-assets-mcp sync --apply`", () => uploadOnce((world) => syncWithOurs(world, directory))],
    ["the official CLI's `assets upload`", () => uploadOnce((world) => uploadWithOfficialCli(world, files))],
  ]);
  rmSync(directory, { recursive: true });
  const best = Math.min(...[...middle.values()].map(({ ms }) => ms));
  return {
    title: "Files of a directory, beside the official CLI",
    setting:
      `${FILES} files of 2 to 20 kB, no rate limit, the same round trips; from the start of the first process to the end of the last. ` +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: ["way", "time", "ratio", "a file", "API calls", "S3 POSTs", "assets with bytes", "failed"],
    rows: [...middle].map(([name, { ms, apiCalls, s3Posts, assets, failed }]) => [
      name,
      seconds(ms),
      times(ms / best),
      seconds(ms / FILES),
      apiCalls,
      s3Posts,
      `${assets} of ${FILES}`,
      failed,
    ]),
    notes: [
      "The official CLI posts to S3's own host whatever address Webflow answers; that one host is redirected to the emulator, and nothing else of it is changed.",
      "It takes one file a process, and no URL; of ours the first row counts the start of the server and its first call, too.",
    ],
  };
}

interface Run extends Counts {
  readonly ms: number;
  readonly failed: number;
}

async function uploadOnce(upload: (world: World) => Promise<number>): Promise<Run> {
  const world = await startWorld({ ...NETWORK, sizes: SMALL_FILES, folders: [FOLDER] });
  const { ms, result: failed } = await timed(() => upload(world));
  const run = { ms, failed, ...(await world.counts()) };
  world.close();
  return run;
}

async function uploadWithOurServer(
  world: World,
  directory: string,
  files: readonly string[],
): Promise<number> {
  const server = await startOurServer(world, { directories: [directory] });
  const { failed } = await server.uploadAll(
    files.map((source) => ({ source })),
    { folder: FOLDER },
  );
  await server.close();
  return failed;
}

/** Its exit status, which is 0 only when every file arrived. */
async function syncWithOurs(world: World, directory: string): Promise<number> {
  const child = spawn(process.execPath, ["dist/main.js", "sync", directory, FOLDER, "--apply"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: newDirectory(),
      WEBFLOW_TOKEN: world.token,
      WEBFLOW_SITE_ID: world.siteId,
      WEBFLOW_API_BASE_URL: world.apiBaseUrl,
      WEBFLOW_UPLOAD_HOSTS: world.uploadHost,
      WEBFLOW_ASSET_DIRS: directory,
    },
    stdio: "ignore",
  });
  const [code] = await once(child, "exit");
  return Number(code);
}
