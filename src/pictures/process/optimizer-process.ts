import { spawn } from "node:child_process";
import { Socket } from "node:net";
import pLimit from "p-limit";
import { abortable, type CallContext } from "../../core/call-context.js";
import { AssetError, type ErrorCode } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import { picturesAtOnce } from "../load-sharp.js";
import type { PictureTask, RunTask, TaskResult } from "./picture-tasks.js";

/** What the process is sent: a task, or notice that nobody waits any more for the task with this id. */
export interface ProcessRequest {
  readonly id: number;
  /** Its `bytes` are left out. */
  readonly task?: PictureTask;
  /**
   * How many bytes of the task come by the standard input, one task after the other: a message would hold them three
   * times on its way.
   */
  readonly byteCount?: number;
}

/** What it answers to the task with this id; the answer with id 0 comes by itself, when it is ready. */
export interface ProcessAnswer {
  readonly id: number;
  readonly result?: TaskResult;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly next: string };
}

/** Another process that works on pictures. */
export interface OptimizerProcess {
  isRunning(): boolean;
  /** Throws {@link ProcessEnded} when the process ends before it answers; it is ended when a task takes too long. */
  readonly run: RunTask;
}

export class ProcessEnded extends Error {
  override readonly name = "ProcessEnded";

  /** Whether it was ended because this task took too long; another one may have held it up. */
  readonly isOutOfTime: boolean;

  constructor(message: string, isOutOfTime = false) {
    super(message);
    this.isOutOfTime = isOutOfTime;
  }
}

/** A process that does not report within this time is given up, in milliseconds. */
const START_MS = 10_000;
/** An idle process is ended after this time, in milliseconds. */
const IDLE_MS = 30_000;
/** How long a picture may take, in milliseconds, plus some per byte: hostile pictures make decoders spin. */
const TASK_MS = 20_000;
const TASK_MS_A_MEGABYTE = 1_000;
/** The id of the answer that comes by itself. */
const READY = 0;

/**
 * Starts the process, a script that answers {@link ProcessRequest}s; undefined where none can be started. It ends when
 * this process does, or when it has had nothing to do for half a minute.
 */
export async function startOptimizerProcess(
  script: string,
  log: Logger,
  taskMs = TASK_MS,
): Promise<OptimizerProcess | undefined> {
  const child = spawn(process.execPath, ["--expose-gc", script], {
    serialization: "advanced",
    stdio: ["pipe", "ignore", "ignore", "ipc"],
    env: environmentOfDecoders(),
    windowsHide: true,
  });
  const inTurn = pLimit(picturesAtOnce());
  const waiting = new Map<number, (answer: ProcessAnswer | undefined) => void>();
  let lastId = READY;
  let idle: NodeJS.Timeout | undefined;

  child.on("message", (answer: ProcessAnswer) => waiting.get(answer.id)?.(answer));
  // That something does not arrive is told by the end of the process.
  child.stdin?.on("error", () => {});
  child.on("error", (error) => log.debug(`the optimizer's process: ${error.message}`));
  child.on("close", (code, signal) => {
    log.debug(`the optimizer's process ended (${signal ?? code})`);
    for (const leave of waiting.values()) leave(undefined);
  });

  /** It takes no more questions from now on, and ends because of it. */
  function end(): void {
    if (child.connected) child.disconnect();
  }

  /** Undefined when the process ends before it answers. */
  function answerTo(id: number): Promise<ProcessAnswer | undefined> {
    clearTimeout(idle);
    return new Promise((resolve) => {
      waiting.set(id, (answer) => {
        waiting.delete(id);
        if (waiting.size === 0) idle = setTimeout(end, IDLE_MS).unref();
        resolve(answer);
      });
    });
  }

  function send(request: ProcessRequest): void {
    child.send(request, () => {});
  }

  function sendTask(id: number, task: PictureTask): void {
    if (!("bytes" in task)) return send({ id, task });
    const { bytes } = task;
    send({ id, task: { ...task, bytes: Buffer.alloc(0) }, byteCount: bytes.length });
    child.stdin?.write(bytes);
  }

  async function resultOf(id: number, task: PictureTask): Promise<TaskResult> {
    const limitMs = taskMs + (bytesOf(task) / 1_000_000) * TASK_MS_A_MEGABYTE;
    const answer = answerTo(id);
    sendTask(id, task);
    let isOutOfTime = false;
    const timed = (): typeof answer => {
      const limit = setTimeout(() => {
        isOutOfTime = true;
        child.kill("SIGKILL");
      }, limitMs);
      return answer.finally(() => clearTimeout(limit));
    };
    // Pictures in the order in which the process begins them: what waits there has its time still before it.
    const answered = await (task.task === "recipe" ? timed() : inTurn(timed));
    if (!answered) throw new ProcessEnded("the optimizer's process ended", isOutOfTime);
    if (answered.error) {
      const { code, message, next } = answered.error;
      throw new AssetError(code, message, next);
    }
    if (answered.result === undefined) throw new ProcessEnded("the optimizer's process gave no result");
    return answered.result;
  }

  const run = async (task: PictureTask, call: CallContext): Promise<TaskResult> => {
    lastId += 1;
    const id = lastId;
    const cancel = (): void => send({ id });
    call.signal.addEventListener("abort", cancel, { once: true });
    try {
      return await abortable(call, resultOf(id, task));
    } finally {
      call.signal.removeEventListener("abort", cancel);
    }
  };

  const startLimit = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const ready = await answerTo(READY);
  clearTimeout(startLimit);
  if (!ready) return undefined;
  child.unref();
  child.channel?.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  // Each task has the result that its name says: both sides are built of the same sources.
  return { isRunning: () => child.connected, run: run as RunTask };
}

function bytesOf(task: PictureTask): number {
  return "bytes" in task ? task.bytes.length : 0;
}

/** What a program needs to run and to find its libraries: nothing of it is a setting of this server, or a secret. */
const PASSED_ON =
  /^(?:PATH|PATHEXT|TMPDIR|TMP|TEMP|TZ|LANG|LC_\w+|HOME|USERPROFILE|SystemRoot|windir|LD_LIBRARY_PATH|DYLD_\w+|VIPS_\w+|NIX_\w+)$/i;

/**
 * One arena for memory, because glibc gives little back of several; and what is large (pixels) is mapped by itself always, or
 * glibc would raise the threshold at the first one freed, and keep them.
 */
const FOR_GLIBC = { MALLOC_ARENA_MAX: "1", MALLOC_MMAP_THRESHOLD_: String(1024 * 1024) };

function environmentOfDecoders(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
  return { ...Object.fromEntries(kept), ...FOR_GLIBC };
}
