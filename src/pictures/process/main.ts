import { internalError, isAssetError } from "../../core/errors.js";
import { createLogger } from "../../core/logger.js";
import { createPictureOptimizer } from "../optimizer.js";
import type { OptimizerAnswer, OptimizerRequest } from "./messages.js";

/* The process of the optimizer: answers what it is asked over IPC, until its parent ends or ends it. */

const optimizer = createPictureOptimizer();
const log = createLogger("silent");
const underWay = new Map<number, AbortController>();

function answer(message: OptimizerAnswer): void {
  process.send?.(message);
}

async function optimize(id: number, bytes: Uint8Array): Promise<void> {
  const controller = new AbortController();
  underWay.set(id, controller);
  const call = {
    id: "",
    signal: controller.signal,
    deadline: Number.POSITIVE_INFINITY,
    log,
    progress: () => {},
  };
  try {
    answer({
      id,
      picture: await optimizer.optimize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), call),
    });
  } catch (error) {
    answerError(id, error);
  } finally {
    underWay.delete(id);
    // The bytes of pictures lie outside the heap: without a word, Node sees no reason to collect.
    globalThis.gc?.();
  }
}

function answerError(id: number, error: unknown): void {
  const { code, message, next } = isAssetError(error) ? error : internalError(error);
  answer({ id, error: { code, message, next } });
}

process.on("message", (request: OptimizerRequest) => {
  const { id, ask } = request;
  if (ask === "cancel") underWay.get(id)?.abort();
  else if (ask === "optimize") void optimize(id, request.bytes);
  else
    optimizer.recipe().then(
      (recipe) => answer({ id, recipe }),
      (error) => answerError(id, error),
    );
});
process.on("disconnect", () => process.exit());
answer({ id: 0 });
