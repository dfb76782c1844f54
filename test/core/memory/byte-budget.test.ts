import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type ByteBudget, createByteBudget, type Loan } from "../../../src/core/memory/byte-budget.js";
import { callContext } from "../../builders/call.js";

const KB = 1024;
const MB = 1024 * KB;

interface Borrower {
  readonly loan: Loan;
  end(): Promise<void>;
}

/** A loan that stands until it is ended. */
async function borrow(budget: ByteBudget, call = callContext()): Promise<Borrower> {
  let end: () => void = () => {};
  let begun: (loan: Loan) => void = () => {};
  const begins = new Promise<Loan>((resolve) => {
    begun = resolve;
  });
  const ended = budget.lend(call, (loan) => {
    begun(loan);
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  });
  return {
    loan: await begins,
    end: () => {
      end();
      return ended;
    },
  };
}

/** Whether it is settled once everything that could go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  await nextTurn();
  return settled;
}

describe("a budget of bytes", () => {
  it("lets in what there is room for, and the next one when room is given back", async () => {
    const budget = createByteBudget(10 * MB);
    const [first, second] = [await borrow(budget), await borrow(budget)];
    await first.loan.take(8 * MB);
    const waiting = second.loan.take(4 * MB);
    expect(await isSettled(waiting)).toBe(false);
    first.loan.keepOnly(6 * MB);
    expect(await isSettled(waiting)).toBe(true);
  });

  it("lets the next ones in while others only wait for their turn, as long as those fit into their own room", async () => {
    const budget = createByteBudget(10 * MB, { waitingBytes: 4 * MB });
    const [first, second] = [await borrow(budget), await borrow(budget)];
    await first.loan.take(10 * MB);
    const begins = second.loan.take(9 * MB);
    first.loan.keepWaiting(6 * MB);
    expect(await isSettled(begins)).toBe(false);
    first.loan.keepWaiting(5 * MB);
    expect(await isSettled(begins)).toBe(true);
  });

  it("has its room back once what waited has had its turn", async () => {
    const budget = createByteBudget(10 * MB, { waitingBytes: 4 * MB });
    for (let count = 0; count < 3; count += 1) {
      const waiting = await borrow(budget);
      await waiting.loan.take(4 * MB);
      waiting.loan.keepWaiting(4 * MB);
      await waiting.end();
    }
    const [first, second] = [await borrow(budget), await borrow(budget)];
    await first.loan.take(10 * MB);
    expect(await isSettled(second.loan.take(1))).toBe(false);
  });

  it("lets in a file larger than the whole budget alone", async () => {
    const budget = createByteBudget(1 * MB);
    const [large, small] = [await borrow(budget), await borrow(budget)];
    await large.loan.take(3 * MB);
    expect(await isSettled(small.loan.take(1))).toBe(false);
  });

  it("lets small loans overtake a large one, but not forever", async () => {
    const budget = createByteBudget(2 * MB);
    const holder = await borrow(budget);
    await holder.loan.take(1 * MB);
    const large = await borrow(budget);
    const waiting = large.loan.take(2 * MB);
    let passed = 0;
    for (let count = 0; count < 100; count += 1) {
      const small = await borrow(budget);
      if (!(await isSettled(small.loan.take(256 * KB)))) break;
      passed += 1;
      await small.end();
    }
    expect(passed).toBe(8);
    expect(await isSettled(waiting)).toBe(false);
    await holder.end();
    expect(await isSettled(waiting)).toBe(true);
  });

  it("gives the oldest growing loan what it asks for, so that no two wait for each other", async () => {
    const budget = createByteBudget(2 * MB);
    const [oldest, other] = [await borrow(budget), await borrow(budget)];
    await oldest.loan.take(1 * MB);
    await other.loan.take(1 * MB);
    const growing = other.loan.take(1 * MB);
    expect(await isSettled(growing)).toBe(false);
    expect(await isSettled(oldest.loan.take(1 * MB))).toBe(true);
    expect(await isSettled(growing)).toBe(false);
    await oldest.end();
    expect(await isSettled(growing)).toBe(true);
  });

  it("serves growing loans before new ones", async () => {
    const budget = createByteBudget(2 * MB);
    const [first, growing, beginning] = [await borrow(budget), await borrow(budget), await borrow(budget)];
    await first.loan.take(1.5 * MB);
    await growing.loan.take(0.5 * MB);
    const begins = beginning.loan.take(1 * MB);
    const grows = growing.loan.take(1 * MB);
    await first.end();
    expect([await isSettled(grows), await isSettled(begins)]).toEqual([true, false]);
  });

  it("is not held up by a call that was cancelled while it waited", async () => {
    const budget = createByteBudget(1 * MB);
    const controller = new AbortController();
    const holder = await borrow(budget);
    const cancelled = await borrow(budget, callContext({ signal: controller.signal }));
    const next = await borrow(budget);
    await holder.loan.take(0.6 * MB);
    const given = cancelled.loan.take(1 * MB).catch((error: unknown) => error);
    const waiting = next.loan.take(0.4 * MB);
    expect(await isSettled(waiting)).toBe(false);
    controller.abort();
    expect(await given).toMatchObject({ code: "CANCELLED" });
    expect(await isSettled(waiting)).toBe(true);
  });
});
