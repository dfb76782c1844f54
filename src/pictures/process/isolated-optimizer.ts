import pLimit from "p-limit";
import { abortable, type CallContext, throwIfInterrupted } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import { picturesAtOnce } from "../load-sharp.js";
import type { PictureOptimizer } from "../optimizer.js";
import type { PictureViewer } from "../viewing/picture-viewer.js";
import { type OptimizerProcess, ProcessEnded, startOptimizerProcess } from "./optimizer-process.js";
import {
  createTaskRunner,
  type PictureTask,
  picturesBy,
  type RunTask,
  type TaskResult,
} from "./picture-tasks.js";

export interface IsolatedOptimizerOptions {
  /** How long a picture may take before its process is ended, in milliseconds; a second more is given for each megabyte. */
  readonly taskMs?: number;
}

/**
 * An optimizer, and a viewer, in a process of their own, started at the first picture: decoders keep the memory that they
 * had, can be brought down or made to spin by a hostile picture, and need to know no token. Where no process can be started
 * (some clients run a server inside their own program), the pictures are worked on in this one. `script` is the bundled
 * `main.ts` beside this.
 */
export function createIsolatedOptimizer(
  script: string,
  log: Logger,
  { taskMs }: IsolatedOptimizerOptions = {},
): PictureOptimizer & PictureViewer {
  // They wait here and not there, so that a picture that ends the process takes few others with it; but for one, which
  // is there by the time that another one is done.
  const limit = pLimit(picturesAtOnce() + 1);
  const alone = pLimit(1);
  let started: Promise<OptimizerProcess | undefined> | undefined;
  let inThisProcess: RunTask | undefined;

  async function runner(): Promise<RunTask> {
    if (inThisProcess) return inThisProcess;
    started ??= startOptimizerProcess(script, log, taskMs);
    const mine = started;
    const running = await mine;
    if (running?.isRunning()) return running.run;
    if (started === mine) started = undefined;
    if (running) return runner();
    log.debug("no process for the optimizer: pictures are processed in this one");
    inThisProcess ??= createTaskRunner() as RunTask;
    return inThisProcess;
  }

  async function runOnce(task: PictureTask, call: CallContext): Promise<TaskResult> {
    throwIfInterrupted(call);
    return (await runner())(task, call);
  }

  /** Once more, one after the other, for those that were under way beside the one that ended the process. */
  function runAgain(task: PictureTask, call: CallContext): Promise<TaskResult> {
    return alone(() => runOnce(task, call)).catch((error: unknown) => {
      throw error instanceof ProcessEnded ? fatalPicture(error) : error;
    });
  }

  const run = (task: PictureTask, call: CallContext): Promise<TaskResult> => {
    const work = limit(() =>
      runOnce(task, call).catch((error: unknown) => {
        if (error instanceof ProcessEnded) return runAgain(task, call);
        throw error;
      }),
    );
    return abortable(call, work);
  };

  const recipe = async (): Promise<string> => (await runner())({ task: "recipe" }, unhurriedCall(log));
  return picturesBy(run as RunTask, recipe);
}

/** The recipe is asked for by no one call. */
function unhurriedCall(log: Logger): CallContext {
  const { signal } = new AbortController();
  return { id: "", signal, deadline: Number.POSITIVE_INFINITY, log, progress: () => {} };
}

function fatalPicture(cause: ProcessEnded): AssetError {
  return cause.isOutOfTime
    ? new AssetError(
        "TIMED_OUT",
        "The picture could not be decoded and written in reasonable time, so the work was stopped",
        "export it again from an image editor, or make it smaller there, and send that",
        { cause },
      )
    : new AssetError(
        "INVALID_INPUT",
        "The picture crashed the process that works on pictures, twice",
        "export it again from an image editor, or send it without optimize",
        { cause },
      );
}
