import pLimit from "p-limit";
import type { CallContext } from "../../core/call-context.js";
import { picturesAtOnce } from "../load-sharp.js";
import { createPictureOptimizer, type OptimizedPicture, type PictureOptimizer } from "../optimizer.js";
import type { SheetLayout } from "../viewing/contact-sheet.js";
import { createPictureViewer, createViewingSteps, type PictureViewer } from "../viewing/picture-viewer.js";
import type { ViewablePicture, ViewBounds } from "../viewing/shrink.js";

/** Work on pictures that can be done in another process: plain data, which is copied on its way there. */
export type PictureTask =
  | { readonly task: "recipe" }
  | { readonly task: "optimize"; readonly bytes: Buffer }
  | { readonly task: "shrink"; readonly bytes: Buffer; readonly bounds: ViewBounds }
  | {
      readonly task: "drawSheet";
      readonly tiles: readonly (Buffer | undefined)[];
      readonly layout: SheetLayout;
    };

/** What comes of each task, by its name. */
interface TaskResults {
  readonly recipe: string;
  readonly optimize: OptimizedPicture;
  readonly shrink: ViewablePicture;
  readonly drawSheet: ViewablePicture;
}
export type TaskResult<Task extends PictureTask = PictureTask> = TaskResults[Task["task"]];

/** Does the task, or throws as the method of the optimizer or of the viewer that it stands for. */
export type RunTask = <Task extends PictureTask>(task: Task, call: CallContext) => Promise<TaskResult<Task>>;

/** Does the tasks in this process, as many at once as there may be pictures, and one that waits for its turn. */
export function createTaskRunner(): (task: PictureTask, call: CallContext) => Promise<TaskResult> {
  const optimizer = createPictureOptimizer();
  const steps = createViewingSteps();
  const limit = pLimit(picturesAtOnce() + 1);

  async function run(task: Exclude<PictureTask, { task: "recipe" }>, call: CallContext): Promise<TaskResult> {
    switch (task.task) {
      case "optimize":
        return optimizer.optimize(asBuffer(task.bytes), call);
      case "shrink":
        return steps.shrink(asBuffer(task.bytes), task.bounds, call);
      case "drawSheet":
        return steps.drawSheet(
          task.tiles.map((tile) => tile && asBuffer(tile)),
          task.layout,
          call,
        );
    }
  }

  // The recipe is asked for between pictures, and waits for none of them.
  return (task, call) => (task.task === "recipe" ? optimizer.recipe() : limit(() => run(task, call)));
}

/** The optimizer and the viewer whose work is done by `run`. */
export function picturesBy(run: RunTask, recipe: () => Promise<string>): PictureOptimizer & PictureViewer {
  const isAvailable = (): Promise<boolean> =>
    recipe().then(
      () => true,
      () => false,
    );
  const viewer = createPictureViewer(
    {
      shrink: (bytes, bounds, call) => run({ task: "shrink", bytes, bounds }, call),
      drawSheet: (tiles, layout, call) => run({ task: "drawSheet", tiles, layout }, call),
    },
    isAvailable,
  );
  return { ...viewer, recipe, optimize: (bytes, call) => run({ task: "optimize", bytes }, call) };
}

/** What was copied from another process may come as bytes that are no Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
