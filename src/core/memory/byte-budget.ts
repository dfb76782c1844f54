import { type CallContext, interruptionError } from "../call-context.js";

/** Limits how many bytes of files all calls together hold in memory at once. */
export interface ByteBudget {
  /** Runs `work`, and takes back its loan when it has ended. */
  lend<Result>(call: CallContext, work: (loan: Loan) => Promise<Result>): Promise<Result>;
}

export interface Loan {
  /** Asks for room for this many more bytes, and waits until there is room. */
  take(bytes: number): Promise<void>;
  /** Gives back all but this many bytes. */
  keepOnly(bytes: number): void;
}

/** What a loan holds, and when it first held something: the oldest loans are served first. */
interface Holding {
  bytes: number;
  since: number;
}

interface Waiter {
  readonly bytes: number;
  readonly holding: Holding;
  admit(): void;
}

/** How many bytes may overtake those who wait for more. */
const SMALL_BYTES = 256 * 1024;

/**
 * A budget of `totalBytes`. Loans that already hold something come before new ones, since only they can finish and
 * give back; the oldest of them always gets what it asks for, so that no two wait for each other. New loans are
 * served in order, except that small ones may overtake a large one for a while. A single file larger than the budget
 * is let in alone. `onReturned` is called with the number of bytes that are given back.
 */
export function createByteBudget(
  totalBytes: number,
  onReturned: (bytes: number) => void = () => {},
): ByteBudget {
  const waiting: Waiter[] = [];
  const holdings = new Set<Holding>();
  let lentBytes = 0;
  let lastBegun = 0;
  /** How many bytes have overtaken the first of the loans that wait to begin. */
  let passedBytes = 0;

  function hasRoom(bytes: number): boolean {
    return lentBytes === 0 || lentBytes + bytes <= totalBytes;
  }

  function isOldest(holding: Holding): boolean {
    for (const other of holdings) if (other.since < holding.since) return false;
    return true;
  }

  function nextToGrow(): Waiter | undefined {
    return waiting.find(({ bytes, holding }) => holding.bytes > 0 && (hasRoom(bytes) || isOldest(holding)));
  }

  function nextToBegin(): Waiter | undefined {
    const beginning = waiting.filter(({ holding }) => holding.bytes === 0);
    const [first] = beginning;
    if (!first || hasRoom(first.bytes)) return first;
    if (passedBytes >= totalBytes) return undefined;
    return beginning.find(({ bytes }) => bytes <= SMALL_BYTES && hasRoom(bytes));
  }

  function admit(waiter: Waiter): void {
    const { bytes, holding } = waiter;
    if (holding.bytes === 0) {
      lastBegun += 1;
      holding.since = lastBegun;
      holdings.add(holding);
      const isFirst = waiting.find((other) => other.holding.bytes === 0) === waiter;
      passedBytes = isFirst ? 0 : passedBytes + bytes;
    }
    waiting.splice(waiting.indexOf(waiter), 1);
    holding.bytes += bytes;
    lentBytes += bytes;
    waiter.admit();
  }

  function serve(): void {
    for (let next = nextToGrow() ?? nextToBegin(); next; next = nextToGrow() ?? nextToBegin()) admit(next);
  }

  function take(bytes: number, holding: Holding, call: CallContext): Promise<void> {
    return new Promise((resolve, reject) => {
      if (call.signal.aborted) {
        reject(interruptionError(call));
        return;
      }
      const leave = (): void => {
        const index = waiting.indexOf(waiter);
        if (index !== -1) waiting.splice(index, 1);
        reject(interruptionError(call));
        serve();
      };
      const waiter: Waiter = {
        bytes,
        holding,
        admit: () => {
          call.signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      call.signal.addEventListener("abort", leave, { once: true });
      waiting.push(waiter);
      serve();
    });
  }

  return {
    async lend(call, work) {
      const holding: Holding = { bytes: 0, since: 0 };
      const keepOnly = (bytes: number): void => {
        if (bytes >= holding.bytes) return;
        const returned = holding.bytes - bytes;
        lentBytes -= returned;
        holding.bytes = bytes;
        if (bytes === 0) holdings.delete(holding);
        onReturned(returned);
        serve();
      };
      try {
        return await work({ keepOnly, take: (bytes) => take(bytes, holding, call) });
      } finally {
        keepOnly(0);
      }
    },
  };
}
