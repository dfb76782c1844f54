import { read } from "node:fs";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { internalError, isAssetError } from "../../core/errors.js";
import { createLogger } from "../../core/logger.js";
import { startWatchdog } from "../../core/watchdog/watchdog.js";
import type { ProcessAnswer, ProcessRequest } from "./optimizer-process.js";
import { createTaskRunner, type PictureTask } from "./picture-tasks.js";

/* The process of the optimizer: answers what it is asked over IPC, until its parent ends or ends it. */

const STDIN = 0;
const run = createTaskRunner();
const log = createLogger("silent");
const reading = pLimit(1);
const readDescriptor = promisify(read);
const underWay = new Map<number, AbortController>();

function answer(message: ProcessAnswer): void {
  process.send?.(message);
}

/** The next bytes of the standard input. */
async function nextBytes(count: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(count);
  for (let filled = 0; filled < count; ) {
    const { bytesRead } = await readDescriptor(STDIN, bytes, filled, count - filled, null);
    if (bytesRead === 0) throw new Error("the standard input ended");
    filled += bytesRead;
  }
  return bytes;
}

async function work(id: number, sent: PictureTask, byteCount?: number): Promise<void> {
  const controller = new AbortController();
  underWay.set(id, controller);
  const { signal } = controller;
  try {
    const task =
      byteCount === undefined ? sent : { ...sent, bytes: await reading(() => nextBytes(byteCount)) };
    const call = { id: "", signal, deadline: Number.POSITIVE_INFINITY, log, progress: () => {} };
    answer({ id, result: await run(task, call) });
  } catch (error) {
    const { code, message, next } = isAssetError(error) ? error : internalError(error);
    answer({ id, error: { code, message, next } });
  } finally {
    underWay.delete(id);
    // The bytes of pictures lie outside the heap: without a word, Node sees no reason to collect.
    if (sent.task !== "recipe") globalThis.gc?.();
  }
}

process.on("message", ({ id, task, byteCount }: ProcessRequest) => {
  if (task) void work(id, task, byteCount);
  else underWay.get(id)?.abort();
});
startWatchdog(new URL("watchdog.js", import.meta.url));
// An ordinary exit waits for the threads of decoders, one of which may be spinning.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
answer({ id: 0 });
