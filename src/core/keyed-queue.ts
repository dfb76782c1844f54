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
  /** For each key with a task under way, those who wait for its end. */
  const queues = new Map<string, (() => void)[]>();

  function turn(key: string, call: CallContext): Promise<void> {
    return waitInterruptibly(call, (end) => {
      const enter = (): void => end();
      const queue = queues.get(key);
      if (queue) queue.push(enter);
      else {
        queues.set(key, []);
        enter();
      }
      return () => void queue?.splice(queue.indexOf(enter), 1);
    });
  }

  function endTurn(key: string): void {
    const next = queues.get(key)?.shift();
    if (next) next();
    else queues.delete(key);
  }

  return async (key, call, work) => {
    await turn(key, call);
    try {
      return await work();
    } finally {
      endTurn(key);
    }
  };
}
