import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { newDirectory, startOurServer, timed } from "../our-server.js";
import { type Answer, megabytes, seconds, times } from "../table.js";
import { NETWORK, script, startWorld, WEB_FILES } from "../world.js";

const PHOTOS = 100;
const LIMIT = { limit: 60, windowMs: 60_000 };

/** Question 8: a hundred photos as they come from the camera. */
export async function measureOptimize(): Promise<Answer> {
  const directory = newDirectory();
  await writePhotos(directory);
  const sourceBytes = readdirSync(directory).reduce(
    (total, file) => total + statSync(join(directory, file)).size,
    0,
  );

  const encoder = fork(script("encoder-process.mjs"), [directory]);
  const [encoderMs] = (await once(encoder, "message")) as [number];

  const world = await startWorld({ ...NETWORK, ...LIMIT, sizes: WEB_FILES });
  const server = await startOurServer(world, { directories: [directory] });
  await server.call("ensureFolder", { path: "Photos" });
  const items = readdirSync(directory).map((file) => ({ source: join(directory, file) }));
  const { result, ms } = await timed(() => server.uploadAll(items, { folder: "Photos", optimize: true }));
  const [peakBytes, optimizerPeakBytes] = [server.peakBytes(), server.optimizerPeakBytes()];
  await server.close();
  const { apiCalls } = await world.counts();
  world.close();
  rmSync(directory, { recursive: true });

  const windowMs = Math.floor((apiCalls - 1) / LIMIT.limit) * LIMIT.windowMs;
  const boundMs = Math.max(windowMs, encoderMs);
  return {
    title: "Photos as they come from the camera",
    setting:
      `${PHOTOS} JPEG photos of 12 megapixels (${megabytes(sourceBytes / PHOTOS)} each) from a directory through \`uploadAssets\` with \`optimize\`, ` +
      `${LIMIT.limit} calls a minute. The encoder's bound is sharp alone in a process of its own: the same pictures, recipe and number at once.`,
    columns: [
      "time",
      "window bound",
      "encoder alone",
      "ratio to the larger",
      "peak RSS",
      "of its optimizer",
      "uploaded",
      "failed",
    ],
    rows: [
      [
        seconds(ms),
        seconds(windowMs),
        seconds(encoderMs),
        times(ms / boundMs),
        megabytes(peakBytes),
        megabytes(optimizerPeakBytes),
        result.uploaded,
        result.failed,
      ],
    ],
    notes: [
      "Goals: at most 1.1 of the larger bound, at most 400 MB. Pictures are worked on in a process of their own, which ends half a minute after the last one.",
    ],
  };
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
