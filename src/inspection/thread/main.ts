import { parentPort } from "node:worker_threads";
import { createMemoryRelease } from "../../core/memory/collect-garbage.js";
import { runLook } from "../inspector.js";
import type { LookAnswer, LookRequest } from "./messages.js";

/* The thread of the inspector: answers one look after the other, until it is ended. */

// Hostile files cause errors by the thousand, and nobody reads their stack traces.
Error.stackTraceLimit = 0;

/** Texts of megabytes that looks leave behind. */
const release = createMemoryRelease();

function answer(message: LookAnswer): void {
  parentPort?.postMessage(message);
}

async function look({ id, name, bytes, more }: LookRequest): Promise<void> {
  try {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    answer({ id, found: await runLook(name, view, more) });
  } catch (error) {
    answer({ id, failure: String(error).slice(0, 200) });
  } finally {
    release(bytes.length);
  }
}

parentPort?.on("message", (request: LookRequest) => void look(request));
answer({ id: 0 });
