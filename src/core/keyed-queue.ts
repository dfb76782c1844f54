import pLimit, { type LimitFunction } from "p-limit";
import { type CallContext, waitInterruptibly } from "./call-context.js";

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

  /** Resolves when it is this call's turn, with what ends the turn. */
  function turn(key: string, call: CallContext): Promise<() => void> {
    return waitInterruptibly(call, (enter) => {
      const queue = queues.get(key) ?? pLimit(1);
      queues.set(key, queue);
      let hasLeft = false;
      void queue(() => (hasLeft ? undefined : new Promise<void>(enter))).finally(() => {
        if (queue.activeCount === 0 && queue.pendingCount === 0) queues.delete(key);
      });
      return () => {
        hasLeft = true;
      };
    });
  }

  return async (key, call, work) => {
    const end = await turn(key, call);
    try {
      return await work();
    } finally {
      end();
    }
  };
}
