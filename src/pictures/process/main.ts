import { internalError, isAssetError } from "../../core/errors.js";
import { createLogger } from "../../core/logger.js";
import { startWatchdog } from "../../core/watchdog/watchdog.js";
import type { ProcessAnswer, ProcessRequest } from "./optimizer-process.js";
import { createTaskRunner, type PictureTask } from "./picture-tasks.js";

/* The process of the optimizer: answers what it is asked over IPC, until its parent ends or ends it. */

const run = createTaskRunner();
const log = createLogger("silent");
const underWay = new Map<number, AbortController>();

function answer(message: ProcessAnswer): void {
  process.send?.(message);
}

async function work(id: number, task: PictureTask): Promise<void> {
  const controller = new AbortController();
  underWay.set(id, controller);
  const { signal } = controller;
  try {
    const call = { id: "", signal, deadline: Number.POSITIVE_INFINITY, log, progress: () => {} };
    answer({ id, result: await run(task, call) });
  } catch (error) {
    const { code, message, next } = isAssetError(error) ? error : internalError(error);
    answer({ id, error: { code, message, next } });
  } finally {
    underWay.delete(id);
    // The bytes of pictures lie outside the heap: without a word, Node sees no reason to collect.
    globalThis.gc?.();
  }
}

process.on("message", ({ id, task }: ProcessRequest) => {
  if (task) void work(id, task);
  else underWay.get(id)?.abort();
});
startWatchdog(new URL("watchdog.js", import.meta.url));
// An ordinary exit waits for the threads of decoders, one of which may be spinning.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
answer({ id: 0 });
