import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Keeps V8's young generation at the size that it starts with. Of short-lived chunks of files it grows to some 50 MB,
 * which saves a process like this one nothing.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;
/** A process of this resident size holds dead bytes by old objects; shared memory shows in no other figure of Node's. */
const LOOK_EVERYWHERE_FROM_BYTES = 140 * 1024 * 1024;

type CollectGarbage = (options?: { readonly type: "minor" | "major" }) => void;

/**
 * A function to be told of bytes that nobody needs any more. The bytes of files lie outside V8's heap, where some 64 MB
 * of dead ones may gather before V8 looks for them by itself. This has it look after each 16 MiB: among the young
 * objects, which takes it a millisecond or two, and among all of them only when that did not help, which takes it some
 * fifty.
 */
export function createMemoryRelease(): (bytes: number) => void {
  let collectGarbage: CollectGarbage | undefined;
  let releasedBytes = 0;

  function collect(): void {
    collectGarbage ??= garbageCollector();
    collectGarbage({ type: "minor" });
    if (process.memoryUsage.rss() > LOOK_EVERYWHERE_FROM_BYTES) collectGarbage({ type: "major" });
  }

  return (bytes) => {
    releasedBytes += bytes;
    if (releasedBytes < COLLECT_AFTER_BYTES) return;
    releasedBytes = 0;
    // Once the caller has let go of the bytes.
    setImmediate(collect);
  };
}

/** The function that `node --expose-gc` gives, without asking users to start Node with it. */
function garbageCollector(): CollectGarbage {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
