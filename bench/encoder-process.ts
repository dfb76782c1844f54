import { setMaxListeners } from "node:events";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { createLogger } from "../src/core/logger.js";
import { picturesAtOnce } from "../src/pictures/load-sharp.js";
import { createPictureOptimizer } from "../src/pictures/optimizer.js";

/* The encoder alone: the pictures of a directory by the same recipe, as many at once. Answers with milliseconds. */
const directory = process.argv[2] ?? "";
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
const encodings = readdirSync(directory).map((file) =>
  limit(async () => optimizer.optimize(await readFile(join(directory, file)), call)),
);
await Promise.all(encodings);
process.send?.(performance.now() - startedAt, () => process.exit());
