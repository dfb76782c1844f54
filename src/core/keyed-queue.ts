import pLimit, { type LimitFunction } from "p-limit";
import { type CallContext, interruptionError } from "./call-context.js";

/**
 * Runs tasks with the same key one after the other, in order of arrival, and others concurrently. A call that is
 * aborted while it waits leaves the queue at once; a task that has begun runs to its end.
 */
export type KeyedQueue = <Result>(
  key: string,
  call: CallContext,
  work: () => Promise<Result>,
) => Promise<Result>;

export function createKeyedQueue(): KeyedQueue {
  const queues = new Map<string, LimitFunction>();

  return (key, call, work) => {
    const queue = queues.get(key) ?? pLimit(1);
    queues.set(key, queue);
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const leave = (): void => {
        if (!hasBegun) reject(interruptionError(call));
      };
      call.signal.addEventListener("abort", leave, { once: true });
      queue(() => {
        if (call.signal.aborted) throw interruptionError(call);
        hasBegun = true;
        return work();
      })
        .then(resolve, reject)
        .finally(() => {
          call.signal.removeEventListener("abort", leave);
          if (queue.activeCount === 0 && queue.pendingCount === 0) queues.delete(key);
        });
    });
  };
}
