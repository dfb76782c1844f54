import pLimit from "p-limit";
import { abortable, type CallContext, throwIfInterrupted } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import type { Logger } from "../../core/logger.js";
import { picturesAtOnce } from "../load-sharp.js";
import { createPictureOptimizer, type OptimizedPicture, type PictureOptimizer } from "../optimizer.js";
import { type OptimizerProcess, ProcessEnded, startOptimizerProcess } from "./optimizer-process.js";

/**
 * An optimizer in a process of its own, started at the first picture: decoders keep the memory that they had, can be
 * brought down by a hostile picture, and need to know no token. Where no process can be started (some clients run a
 * server inside their own program), the pictures are worked on in this one. `script` is the bundled `main.ts` beside this.
 */
export function createIsolatedOptimizer(script: string, log: Logger): PictureOptimizer {
  // They wait here and not there, so that a picture that ends the process takes few others with it.
  const limit = pLimit(picturesAtOnce());
  const alone = pLimit(1);
  let started: Promise<OptimizerProcess | undefined> | undefined;
  let inThisProcess: PictureOptimizer | undefined;

  async function optimizer(): Promise<PictureOptimizer> {
    if (inThisProcess) return inThisProcess;
    started ??= startOptimizerProcess(script, log);
    const mine = started;
    const running = await mine;
    if (running?.isRunning()) return running;
    if (started === mine) started = undefined;
    if (running) return optimizer();
    log.debug("no process for the optimizer: pictures are worked on in this one");
    inThisProcess ??= createPictureOptimizer();
    return inThisProcess;
  }

  async function optimize(bytes: Buffer, call: CallContext): Promise<OptimizedPicture> {
    throwIfInterrupted(call);
    return (await optimizer()).optimize(bytes, call);
  }

  /** Once more, one after the other, for those that were under way beside the one that ended the process. */
  function optimizeAgain(bytes: Buffer, call: CallContext): Promise<OptimizedPicture> {
    return alone(() => optimize(bytes, call)).catch((error: unknown) => {
      throw error instanceof ProcessEnded ? tooMuchForProcess(error) : error;
    });
  }

  return {
    optimize(bytes, call) {
      const work = limit(() =>
        optimize(bytes, call).catch((error: unknown) => {
          if (error instanceof ProcessEnded) return optimizeAgain(bytes, call);
          throw error;
        }),
      );
      return abortable(call, work);
    },
    recipe: async () => (await optimizer()).recipe(),
  };
}

function tooMuchForProcess(cause: unknown): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    "The picture brought down the process that optimizes pictures, twice",
    "export it anew from an image editor, or send it without optimize",
    { cause },
  );
}
