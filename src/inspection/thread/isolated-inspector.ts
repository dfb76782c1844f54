import pLimit from "p-limit";
import { abortable, type CallContext, throwIfInterrupted } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { createKeyedQueue } from "../../core/keyed-queue.js";
import type { Logger } from "../../core/logger.js";
import { type Inspector, type LookName, runLook } from "../inspector.js";
import { type InspectorThread, LookFailed, startInspectorThread } from "./inspector-thread.js";

/** The second one is for the files of one call while another call's occupy the first. */
const MOST_THREADS = 2;
/** An idle thread is ended after this time, in milliseconds. */
const IDLE_MS = 30_000;

/**
 * An inspector in threads of its own, started with the first look: while a hostile file keeps one busy, everything
 * else goes on, and a look that takes too long is ended. The files of one call are examined one after the other, so
 * that a call with many hostile files does not hold up the others. If no thread can be started, this one looks.
 * `script` is the bundled `main.ts` next to this file. `onStart` is called before each start of a thread.
 */
export function createIsolatedInspector(script: URL, log: Logger, onStart = () => {}): Inspector {
  const perCall = createKeyedQueue();
  const limit = pLimit(MOST_THREADS);
  const threads = new Set<InspectorThread>();
  const resting: InspectorThread[] = [];
  let hasStarted = false;
  let idle: NodeJS.Timeout | undefined;

  async function freeThread(): Promise<InspectorThread | undefined> {
    for (let thread = resting.pop(); thread; thread = resting.pop()) {
      if (thread.isRunning()) return thread;
    }
    onStart();
    const started = await startInspectorThread(script, log);
    if (!started) return undefined;
    hasStarted = true;
    threads.add(started);
    return started;
  }

  function release(thread: InspectorThread): void {
    if (thread.isRunning()) resting.push(thread);
    else threads.delete(thread);
    clearTimeout(idle);
    idle = setTimeout(endResting, IDLE_MS).unref();
  }

  function endResting(): void {
    for (const thread of resting.splice(0)) {
      threads.delete(thread);
      void thread.end();
    }
  }

  async function lookInThread(name: LookName, call: CallContext, bytes: Buffer, more: readonly unknown[]) {
    throwIfInterrupted(call);
    const thread = await freeThread();
    if (!thread) {
      if (hasStarted) throw busyMachine();
      return runLook(name, bytes, more);
    }
    try {
      return await thread.ask(name, bytes, more);
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
      log.debug(`${name} failed: ${error.message}`);
      throw error.isBusyMachine ? busyMachine() : unreadableFile();
    } finally {
      release(thread);
    }
  }

  return {
    look(name, call, bytes, ...more) {
      const work = perCall(call.id, call, () => limit(() => lookInThread(name, call, bytes, more)));
      // The thread answers with what this look finds.
      return abortable(call, work) as never;
    },
    async close() {
      clearTimeout(idle);
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };
}

function unreadableFile(): AssetError {
  return new AssetError(
    "TYPE_MISMATCH",
    "The type of the file could not be determined: reading it took more time or memory than any intact file of its size needs",
    "do not send this file; if it should be intact, export it again from the program that made it",
  );
}

function busyMachine(): AssetError {
  return new AssetError(
    "TIMED_OUT",
    "The file could not be inspected in time, because this machine is too busy",
    "call again when it has less to do",
  );
}
