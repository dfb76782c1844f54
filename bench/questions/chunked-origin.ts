import { startOurServer, timed } from "../our-server.js";
import { type Answer, median, megabytes, seconds, times } from "../table.js";
import { NETWORK, startWorld, WEB_FILES } from "../world.js";
import { batchOf, FOLDERS } from "./upload.js";

const FILES = 100;
const ROUNDS = 5;

/** What it costs when an origin does not say how long its files are. */
export async function measureChunkedOrigin(): Promise<Answer> {
  const [plainRuns, chunkedRuns]: [Run[], Run[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    plainRuns.push(await runOnce(false));
    chunkedRuns.push(await runOnce(true));
  }
  const plain = middleOf(plainRuns);
  const chunked = middleOf(chunkedRuns);
  const row = (name: string, { ms, cpuMs, peakBytes }: Run): string[] => [
    name,
    seconds(ms),
    seconds(cpuMs),
    times(cpuMs / plain.cpuMs),
    megabytes(peakBytes),
  ];
  return {
    title: "Origins that do not say how long their files are",
    setting:
      `The ${FILES} files of the first table again, once as most servers send them and once in chunks. ` +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: ["origin", "time", "CPU of the server", "ratio", "peak RSS"],
    rows: [row("with Content-Length", plain), row("in chunks, without", chunked)],
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

function middleOf(runs: readonly Run[]): Run {
  const middle = median(runs.map(({ cpuMs }) => cpuMs));
  const found = runs.find(({ cpuMs }) => cpuMs === middle);
  if (!found) throw new Error("no round was measured");
  return found;
}
