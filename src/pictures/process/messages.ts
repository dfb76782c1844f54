import type { ErrorCode } from "../../core/errors.js";
import type { OptimizedPicture } from "../optimizer.js";

/** What the process of the optimizer is asked: to work on `bytes`, to name its recipe, or to leave a question. */
export type OptimizerRequest =
  | { readonly id: number; readonly ask: "optimize"; readonly bytes: Buffer }
  | { readonly id: number; readonly ask: "recipe" }
  | { readonly id: number; readonly ask: "cancel" };

/** Its answer to the question with this id; the one with id 0 comes by itself, when it is ready. */
export interface OptimizerAnswer {
  readonly id: number;
  readonly picture?: OptimizedPicture;
  readonly recipe?: string;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly next: string };
}
