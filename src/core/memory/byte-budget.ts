import { type CallContext, waitInterruptibly } from "../call-context.js";

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
  /** Gives back all but this many bytes, which are ready and only wait for their turn. */
  keepWaiting(bytes: number): void;
}

export interface ByteBudgetOptions {
  /** So many bytes that only wait for their turn are held besides, so that they do not keep the next ones out. */
  readonly waitingBytes?: number;
  /** Called with the number of bytes that are given back. */
  readonly onReturned?: ((bytes: number) => void) | undefined;
}

/** What a loan holds, and when it first held something: the oldest loans are served first. */
interface Holding {
  bytes: number;
  /** How many of them only wait for their turn. */
  waiting: number;
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
 * is let in alone.
 */
export function createByteBudget(
  totalBytes: number,
  { waitingBytes = 0, onReturned = () => {} }: ByteBudgetOptions = {},
): ByteBudget {
  const waiting: Waiter[] = [];
  const holdings = new Set<Holding>();
  let lentBytes = 0;
  /** How many of these only wait for their turn. */
  let lentWaiting = 0;
  let lastBegun = 0;
  /** How many bytes have overtaken the first of the loans that wait to begin. */
  let passedBytes = 0;

  function hasRoom(bytes: number): boolean {
    const counted = lentBytes - Math.min(lentWaiting, waitingBytes);
    return counted === 0 || counted + bytes <= totalBytes;
  }

  function nextToGrow(): Waiter | undefined {
    return waiting.find(
      ({ bytes, holding }) => holding.bytes > 0 && (hasRoom(bytes) || isOldest(holding, holdings)),
    );
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
    return waitInterruptibly(call, (admit) => {
      const waiter: Waiter = { bytes, holding, admit };
      waiting.push(waiter);
      serve();
      return () => {
        waiting.splice(waiting.indexOf(waiter), 1);
        serve();
      };
    });
  }

  return {
    async lend(call, work) {
      const holding: Holding = { bytes: 0, waiting: 0, since: 0 };
      const keep = (wanted: number, isWaiting: boolean): void => {
        const bytes = Math.min(wanted, holding.bytes);
        const waiting = isWaiting ? bytes : 0;
        const returned = holding.bytes - bytes;
        lentBytes -= returned;
        lentWaiting += waiting - holding.waiting;
        Object.assign(holding, { bytes, waiting });
        if (bytes === 0) holdings.delete(holding);
        if (returned > 0) onReturned(returned);
        serve();
      };
      try {
        return await work({
          take: (bytes) => take(bytes, holding, call),
          keepOnly: (bytes) => keep(bytes, false),
          keepWaiting: (bytes) => keep(bytes, true),
        });
      } finally {
        keep(0, false);
      }
    },
  };
}

function isOldest(holding: Holding, holdings: Iterable<Holding>): boolean {
  for (const other of holdings) if (other.since < holding.since) return false;
  return true;
}
