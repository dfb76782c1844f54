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

/**
 * A function to be told of bytes that nobody needs any more. The bytes of files lie outside V8's heap, where some 64 MB
 * of dead ones may gather before V8 looks for them by itself; this has it look after each 16 MiB, which takes it some
 * milliseconds.
 */
export function createMemoryRelease(): (bytes: number) => void {
  let collectGarbage: (() => void) | undefined;
  let releasedBytes = 0;

  return (bytes) => {
    releasedBytes += bytes;
    if (releasedBytes < COLLECT_AFTER_BYTES) return;
    releasedBytes = 0;
    collectGarbage ??= garbageCollector();
    // Once the caller has let go of the bytes.
    setImmediate(collectGarbage);
  };
}

/** The function that `node --expose-gc` gives, without asking users to start Node with it. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
