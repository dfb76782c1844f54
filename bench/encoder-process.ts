import { setMaxListeners } from "node:events";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { createLogger } from "../src/core/logger.js";
import { findDifference } from "../src/pictures/compare-pictures.js";
import { inspectPicture } from "../src/pictures/inspect-picture.js";
import { loadSharp, picturesAtOnce } from "../src/pictures/load-sharp.js";
import { createPictureOptimizer } from "../src/pictures/optimizer.js";
import { pixelsOf } from "../src/pictures/pixels.js";

/*
 * The encoder alone: the pictures of a directory by the same recipe, as many at once. Reports when the results lie in the
 * other directory.
 */

/** In milliseconds. */
export interface EncoderReport {
  readonly ms: number;
  /** User and system time of all pictures. */
  readonly cpuMs: number;
  /** What of it the comparison of one result with its source takes. */
  readonly lookMs: number;
}

const LOOKS = 10;
const [directory = "", results = ""] = process.argv.slice(2);
const { signal } = new AbortController();
setMaxListeners(0, signal);
const call = {
  id: "bench",
  signal,
  deadline: Number.POSITIVE_INFINITY,
  log: createLogger("silent"),
  progress() {},
};
const optimizer = createPictureOptimizer();
const limit = pLimit(picturesAtOnce());
await optimizer.recipe();

const startedAt = performance.now();
const usedBefore = process.cpuUsage();
const encodings = readdirSync(directory).map((file) =>
  limit(async () => {
    const { bytes } = await optimizer.optimize(await readFile(join(directory, file)), call);
    return { file, bytes };
  }),
);
const encoded = await Promise.all(encodings);
const ms = performance.now() - startedAt;
const cpuMs = millisecondsSince(usedBefore);
await Promise.all(encoded.map(({ file, bytes }) => writeFile(join(results, file), bytes)));

let lookMs = 0;
for (const { file, bytes } of encoded.slice(0, LOOKS)) lookMs += await timeOfLook(file, bytes);
const report: EncoderReport = { ms, cpuMs, lookMs: lookMs / LOOKS };
process.send?.(report, () => process.exit());

async function timeOfLook(file: string, bytes: Buffer): Promise<number> {
  const sharp = await loadSharp(1);
  const picture = await inspectPicture(sharp, await readFile(join(directory, file)), "jpeg");
  const { width, height } = await sharp(bytes).metadata();
  const before = process.cpuUsage();
  const result = { bytes, format: "jpeg", width, height } as const;
  const difference = await findDifference(sharp, picture, pixelsOf(sharp, picture), result);
  if (difference !== undefined) throw new Error(`${file} differs in ${difference}`);
  return millisecondsSince(before);
}

function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
