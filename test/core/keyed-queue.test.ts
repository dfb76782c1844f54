import { describe, expect, it } from "vitest";
import { createKeyedQueue } from "../../src/core/keyed-queue.js";
import { callContext } from "../builders/call.js";

/** A work that the test ends, and that tells of its beginning. */
function work(name: string, begun: string[]) {
  const { promise, resolve, reject } = withResolvers<string>();
  return {
    run: () => {
      begun.push(name);
      return promise;
    },
    end: () => resolve(name),
    fail: (error: Error) => reject(error),
  };
}

describe("a queue with keys", () => {
  it("runs works of one key one after the other, in the order in which they came", async () => {
    const begun: string[] = [];
    const queue = createKeyedQueue();
    const [first, second, third] = ["first", "second", "third"].map((name) => work(name, begun));
    const ends = [first, second, third].map((one) => queue("key", callContext(), one?.run ?? never));
    await tick();
    expect(begun).toEqual(["first"]);
    first?.end();
    expect(await ends[0]).toBe("first");
    await tick();
    expect(begun).toEqual(["first", "second"]);
    second?.end();
    third?.end();
    await Promise.all(ends);
    expect(begun).toEqual(["first", "second", "third"]);
  });

  it("runs tasks with different keys concurrently", async () => {
    const begun: string[] = [];
    const queue = createKeyedQueue();
    void queue("one", callContext(), work("one", begun).run);
    void queue("two", callContext(), work("two", begun).run);
    await tick();
    expect(begun).toEqual(["one", "two"]);
  });

  it("goes on with the next task when one fails", async () => {
    const queue = createKeyedQueue();
    const failing = queue("key", callContext(), () => Promise.reject(new Error("no")));
    const next = queue("key", callContext(), async () => "next");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("next");
  });

  it("lets a cancelled call leave at once, without running its task or delaying the others", async () => {
    const begun: string[] = [];
    const queue = createKeyedQueue();
    const first = work("first", begun);
    const running = queue("key", callContext(), first.run);
    const cancel = new AbortController();
    const waiting = queue("key", callContext({ signal: cancel.signal }), work("cancelled", begun).run);
    const last = queue("key", callContext(), work("last", begun).run);
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    first.end();
    await running;
    await tick();
    expect(begun).toEqual(["first", "last"]);
    void last;
  });

  it("leaves a work that has begun to end, although its call is cancelled", async () => {
    const begun: string[] = [];
    const queue = createKeyedQueue();
    const cancel = new AbortController();
    const running = work("running", begun);
    const result = queue("key", callContext({ signal: cancel.signal }), running.run);
    await tick();
    cancel.abort();
    running.end();
    expect(await result).toBe("running");
  });

  it("begins no work for a call that was cancelled before", async () => {
    const begun: string[] = [];
    const cancelled = callContext({ signal: AbortSignal.abort() });
    await expect(createKeyedQueue()("key", cancelled, work("late", begun).run)).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(begun).toEqual([]);
  });
});

function never(): Promise<string> {
  return new Promise(() => {});
}

/** Lets everything go on that waits for nothing but its turn. */
function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
