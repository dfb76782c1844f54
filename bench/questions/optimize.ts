import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { EncoderReport } from "../encoder-process.js";
import { newDirectory, startOurServer, timed } from "../our-server.js";
import type { Watched } from "../processes.js";
import { middleOf, ROUNDS } from "../rounds.js";
import { type Answer, median, megabytes, seconds, times } from "../table.js";
import { NETWORK, script, startWorld, WEB_FILES } from "../world.js";

const PHOTOS = 100;
const LIMIT = { limit: 60, windowMs: 60_000 };
/** Retry-After is in whole seconds. */
const LEFT_OVER_MS = 1_000;

/** Question 8: a hundred photos as they come from the camera. */
export async function measureOptimize(): Promise<Answer> {
  const directory = newDirectory();
  await writePhotos(directory);
  const sourceBytes = readdirSync(directory).reduce(
    (total, file) => total + statSync(join(directory, file)).size,
    0,
  );

  const encoded = newDirectory();
  const rounds: Round[] = [];
  while (rounds.length < ROUNDS) rounds.push(await oneRound(directory, encoded));
  for (const made of [directory, encoded]) rmSync(made, { recursive: true });
  const alone = middleOf(rounds.map((round) => round.alone));
  const limited = middleOf(rounds.map((round) => round.limited));
  const unlimited = middleOf(rounds.map((round) => round.unlimited));
  const lastCallsMs = median(rounds.map((round) => round.lastCallsMs));
  const encoderMs = alone.ms;
  const boundMs = Math.floor((limited.apiCalls - 1) / LIMIT.limit) * LIMIT.windowMs + lastCallsMs;

  return {
    title: "Photos as they come from the camera",
    setting:
      `${PHOTOS} JPEG photos of 12 megapixels (${megabytes(sourceBytes / PHOTOS)} each) from a directory through \`uploadAssets\` with \`optimize\`. ` +
      "The encoder's bound is sharp alone in a process of its own: the same pictures, recipe and number at once. " +
      `The bound of the limit is its windows, and what the calls of the last one take without a limit: ${seconds(lastCallsMs)}, measured ` +
      "with pictures encoded before; one second is granted for whole seconds in Retry-After. PSS counts pages that both processes share once. " +
      `Medians of ${ROUNDS} interleaved runs.`,
    columns: [
      "Webflow takes",
      "time",
      "bound of the limit",
      "encoder alone",
      "ratio to the larger",
      "peak RSS",
      "of its optimizer",
      "of both at once",
      "PSS of both",
      "uploaded",
      "failed",
    ],
    rows: [
      [
        `${LIMIT.limit} calls a minute`,
        seconds(limited.ms),
        seconds(boundMs),
        seconds(encoderMs),
        times((limited.ms - LEFT_OVER_MS) / Math.max(boundMs, encoderMs)),
        ...restOf(limited),
      ],
      [
        "any number of calls",
        seconds(unlimited.ms),
        "-",
        seconds(encoderMs),
        times(unlimited.ms / encoderMs),
        ...restOf(unlimited),
      ],
    ],
    notes: [
      "Goals: at most 1.05 of the larger bound under the limit and 1.15 without, at most 400 MB for both at once. " +
        "Pictures are worked on in a process of their own, which ends half a minute after the last one.",
      `Processor time of a photo without a limit: ${perPhoto(unlimited.watched.serverMs)} in the server, ${perPhoto(unlimited.watched.optimizerMs)} in its ` +
        `optimizer; in the encoder alone ${perPhoto(alone.cpuMs)}, of which the look at the result takes ${Math.round(alone.lookMs)} ms.`,
      `Meanwhile the optimizer used ${unlimited.watched.busyShares.map((share, cores) => `${cores} ${cores === 1 ? "core" : "cores"} for ${Math.round(share * 100)} %`).join(", ")} of the time.`,
    ],
  };
}

interface Round {
  readonly alone: EncoderReport;
  readonly limited: Run;
  readonly unlimited: Run;
  /** What the calls of the last window take without a limit. */
  readonly lastCallsMs: number;
}

async function oneRound(directory: string, encoded: string): Promise<Round> {
  const encoder = fork(script("encoder-process.mjs"), [directory, encoded]);
  const [alone] = (await once(encoder, "message")) as [EncoderReport];
  const limited = await uploadOptimized(directory, LIMIT);
  const lastCallsMs = await uploadEncoded(encoded, ((limited.apiCalls - 1) % LIMIT.limit) + 1);
  return { alone, limited, lastCallsMs, unlimited: await uploadOptimized(directory, {}) };
}

interface Run {
  readonly ms: number;
  readonly apiCalls: number;
  readonly peakBytes: number | undefined;
  readonly optimizerPeakBytes: number | undefined;
  readonly watched: Watched;
  readonly uploaded: number;
  readonly failed: number;
}

async function uploadOptimized(directory: string, limit: Partial<typeof LIMIT>): Promise<Run> {
  const world = await startWorld({ ...NETWORK, ...limit, sizes: WEB_FILES });
  const server = await startOurServer(world, { directories: [directory] });
  await server.call("ensureFolder", { path: "Photos" });
  const items = readdirSync(directory).map((file) => ({ source: join(directory, file) }));
  const stopWatching = server.watchBoth();
  const { result, ms } = await timed(() => server.uploadAll(items, { folder: "Photos", optimize: true }));
  const { uploaded, failed } = result;
  const memory = {
    watched: stopWatching(),
    peakBytes: server.peakBytes(),
    optimizerPeakBytes: server.optimizerPeakBytes(),
  };
  await server.close();
  const { apiCalls } = await world.counts();
  world.close();
  return { ms, apiCalls, uploaded, failed, ...memory };
}

/** How long some pictures take to upload that need no encoding, in milliseconds. */
async function uploadEncoded(directory: string, pictures: number): Promise<number> {
  const world = await startWorld({ ...NETWORK, sizes: WEB_FILES });
  const server = await startOurServer(world, { directories: [directory] });
  await server.call("ensureFolder", { path: "Photos" });
  const items = readdirSync(directory)
    .slice(-pictures)
    .map((file) => ({ source: join(directory, file) }));
  const { ms } = await timed(() => server.uploadAll(items, { folder: "Photos" }));
  await server.close();
  world.close();
  return ms;
}

function perPhoto(ms: number): string {
  return `${Math.round(ms / PHOTOS)} ms`;
}

function restOf(run: Run): (string | number)[] {
  return [
    megabytes(run.peakBytes),
    megabytes(run.optimizerPeakBytes),
    megabytes(run.watched.resident),
    megabytes(run.watched.proportional),
    run.uploaded,
    run.failed,
  ];
}

/** Photos that differ: one field of noise over soft shapes, shifted in colour and brightness for each. */
async function writePhotos(directory: string): Promise<void> {
  const [width, height] = [4032, 3024];
  const grain = await sharp({
    create: {
      width,
      height,
      channels: 3,
      noise: { type: "gaussian", mean: 128, sigma: 30 },
      background: "#808080",
    },
  })
    .blur(0.7)
    .raw()
    .toBuffer();
  for (let number = 1; number <= PHOTOS; number += 1) {
    const shade = sharp(grain, { raw: { width, height, channels: 3 } })
      .modulate({ hue: (number * 37) % 360, brightness: 0.7 + (number % 10) * 0.05 })
      .linear(1, number % 7);
    await shade.jpeg({ quality: 92 }).toFile(join(directory, `DSC_${String(number).padStart(4, "0")}.jpg`));
  }
}
