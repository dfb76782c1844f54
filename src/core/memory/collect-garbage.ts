import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;
/** When more than the young generation is collected, in bytes. */
interface Thresholds {
  /**
   * From this resident size on, a process may hold dead bytes that old objects refer to; shared memory shows in no
   * other figure that Node reports.
   */
  readonly resident: number;
  /** So many bytes of files more than after the last complete collection are probably dead ones. */
  readonly unaccounted: number;
}

/** Texts, and photos to optimize, are read and done with one by one. */
const ONE_BY_ONE: Thresholds = { resident: 140 * 1024 * 1024, unaccounted: 8 * 1024 * 1024 };
/** A batch of uploads needs that much at once, and a complete collection would only find it alive. */
export const FOR_UPLOADS: Thresholds = { resident: 200 * 1024 * 1024, unaccounted: 48 * 1024 * 1024 };

type CollectGarbage = (options?: { readonly type: "minor" }) => void;

/**
 * A function to call with the number of bytes that nobody needs any more. Files lie outside V8's heap, where some 64 MB
 * of dead bytes may gather before V8 collects them. This collects after each 16 MiB: first the young generation, in a
 * millisecond or two, and only above the thresholds the whole heap, in some fifty.
 */
export function createMemoryRelease({
  resident,
  unaccounted,
}: Thresholds = ONE_BY_ONE): (bytes: number) => void {
  let releasedBytes = 0;
  /** At most so many bytes of files were still needed after the last complete collection. */
  let neededBytes = 0;

  function collect(): void {
    const collectGarbage = garbageCollector();
    collectGarbage({ type: "minor" });
    const { rss, arrayBuffers } = process.memoryUsage();
    // V8 frees the bytes some time after it has found them dead.
    neededBytes = Math.min(neededBytes, arrayBuffers);
    if (rss < resident && arrayBuffers - neededBytes < unaccounted) return;
    // Without options it is a complete one. To Node 20, any options mean a minor one, even `{ type: "major" }`.
    collectGarbage();
    neededBytes = arrayBuffers;
  }

  return (bytes) => {
    releasedBytes += bytes;
    if (releasedBytes < COLLECT_AFTER_BYTES) return;
    releasedBytes = 0;
    // After the caller has let go of the bytes.
    setImmediate(collect);
  };
}

let collector: CollectGarbage | undefined;

/**
 * The function that `node --expose-gc` provides, without asking users to start Node with it. The context that it comes from
 * takes some ten milliseconds to make, so there is one for all.
 */
function garbageCollector(): CollectGarbage {
  if (collector) return collector;
  setFlagsFromString("--expose-gc");
  collector = runInNewContext("gc") as CollectGarbage;
  return collector;
}
