import { setMaxListeners } from "node:events";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { createLogger } from "../src/core/logger.js";
import { picturesAtOnce } from "../src/pictures/load-sharp.js";
import { createPictureOptimizer } from "../src/pictures/optimizer.js";

/*
 * The encoder alone: the pictures of a directory by the same recipe, as many at once. Answers with milliseconds, when the
 * results lie in the other directory.
 */
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
const encodings = readdirSync(directory).map((file) =>
  limit(async () => {
    const { bytes } = await optimizer.optimize(await readFile(join(directory, file)), call);
    return { file, bytes };
  }),
);
const encoded = await Promise.all(encodings);
const ms = performance.now() - startedAt;
await Promise.all(encoded.map(({ file, bytes }) => writeFile(join(results, file), bytes)));
process.send?.(ms, () => process.exit());
