import { spawn } from "node:child_process";
import { abortable, type CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import type { PictureOptimizer } from "../optimizer.js";
import type { OptimizerAnswer, OptimizerRequest } from "./messages.js";

/** An optimizer in another process. Its methods throw {@link ProcessEnded} when that process ends before it answers. */
export interface OptimizerProcess extends PictureOptimizer {
  isRunning(): boolean;
}

export class ProcessEnded extends Error {
  override readonly name = "ProcessEnded";
}

/** A process that does not speak within this time is given up, in milliseconds. */
const START_MS = 10_000;
/** A process that was asked nothing for so long is ended, in milliseconds. */
const IDLE_MS = 30_000;
/** The id of the answer that comes by itself. */
const READY = 0;

/**
 * Starts the process, a script that answers {@link OptimizerRequest}s; undefined where none can be started. It ends when
 * this process does, or when it has had nothing to do for half a minute.
 */
export async function startOptimizerProcess(
  script: string,
  log: Logger,
): Promise<OptimizerProcess | undefined> {
  const child = spawn(process.execPath, ["--expose-gc", script], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: environmentOfDecoders(),
    windowsHide: true,
  });
  const waiting = new Map<number, (answer: OptimizerAnswer | undefined) => void>();
  let lastId = READY;
  let idle: NodeJS.Timeout | undefined;

  child.on("message", (answer: OptimizerAnswer) => waiting.get(answer.id)?.(answer));
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
  function answerTo(id: number): Promise<OptimizerAnswer | undefined> {
    clearTimeout(idle);
    return new Promise((resolve) => {
      waiting.set(id, (answer) => {
        waiting.delete(id);
        if (waiting.size === 0) idle = setTimeout(end, IDLE_MS).unref();
        resolve(answer);
      });
    });
  }

  function send(request: OptimizerRequest): void {
    // That it does not arrive is told by the end of the process.
    child.send(request, () => {});
  }

  async function ask(request: OptimizerRequest): Promise<OptimizerAnswer> {
    const answer = answerTo(request.id);
    send(request);
    const answered = await answer;
    if (!answered) throw new ProcessEnded("the process of the optimizer ended");
    if (!answered.error) return answered;
    const { code, message, next } = answered.error;
    throw new AssetError(code, message, next);
  }

  function nextId(): number {
    lastId += 1;
    return lastId;
  }

  async function optimize(bytes: Buffer, call: CallContext) {
    const id = nextId();
    const cancel = (): void => send({ id, ask: "cancel" });
    call.signal.addEventListener("abort", cancel, { once: true });
    try {
      const { picture } = await abortable(call, ask({ id, ask: "optimize", bytes }));
      if (!picture) throw new ProcessEnded("the process of the optimizer gave no picture");
      return picture;
    } finally {
      call.signal.removeEventListener("abort", cancel);
    }
  }

  const startLimit = setTimeout(() => child.kill("SIGKILL"), START_MS);
  const ready = await answerTo(READY);
  clearTimeout(startLimit);
  if (!ready) return undefined;
  child.unref();
  child.channel?.unref();
  return {
    isRunning: () => child.connected,
    optimize,
    recipe: async () => (await ask({ id: nextId(), ask: "recipe" })).recipe ?? "",
  };
}

/** No setting of this server, so no token; and one arena for memory, because glibc gives little back of several. */
function environmentOfDecoders(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/WEBFLOW|SITE_ID|TOKEN|NODE_OPTIONS/.test(name),
  );
  return { ...Object.fromEntries(kept), MALLOC_ARENA_MAX: "1" };
}
