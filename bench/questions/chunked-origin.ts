import { startOurServer, timed } from "../our-server.js";
import { middleRuns } from "../rounds.js";
import { type Answer, megabytes, seconds, times } from "../table.js";
import { NETWORK, startWorld, WEB_FILES } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

const FILES = 100;
/** Single runs differ by a fifth, which is more than what is asked for. */
const ROUNDS = 15;

/** What it costs when an origin does not say how long its files are. */
export async function measureChunkedOrigin(): Promise<Answer> {
  const plainName = "with Content-Length";
  const middle = await middleRuns(
    [
      [plainName, () => runOnce(false)],
      ["in chunks, without", () => runOnce(true)],
    ],
    ({ cpuMs }) => cpuMs,
    ROUNDS,
  );
  const plainCpuMs = middle.get(plainName)?.cpuMs ?? Number.NaN;
  return {
    title: "Origins that do not say how long their files are",
    setting:
      `The ${FILES} files of the first table again, once as most servers send them and once in chunks. ` +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: ["origin", "time", "CPU of the server", "ratio", "peak RSS"],
    rows: [...middle].map(([name, { ms, cpuMs, peakBytes }]) => [
      name,
      seconds(ms),
      seconds(cpuMs),
      times(cpuMs / plainCpuMs),
      megabytes(peakBytes),
    ]),
    notes: ["Goal: the CPU of both is the same within noise."],
  };
}

interface Run {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakBytes: number | undefined;
}

async function runOnce(chunkedOrigin: boolean): Promise<Run> {
  const world = await startWorld({ ...NETWORK, chunkedOrigin, sizes: WEB_FILES, folders: FOLDERS });
  const server = await startOurServer(world);
  const before = server.cpuMs() ?? Number.NaN;
  const { ms, result } = await timed(() => server.uploadAll(batchOf(world, FILES)));
  if (result.failed > 0) throw new Error(`${result.failed} files failed`);
  const run = { ms, cpuMs: (server.cpuMs() ?? Number.NaN) - before, peakBytes: server.peakBytes() };
  await server.close();
  world.close();
  return run;
}
