import { type CallContext, interruptionError } from "./call-context.js";

/** How many bytes of files may be held in memory at once, by all calls together. */
export interface ByteBudget {
  /** Runs `work`, and takes back what it was lent when it has ended. Those who wait for room are served in order. */
  lend<Result>(call: CallContext, work: (loan: Loan) => Promise<Result>): Promise<Result>;
}

export interface Loan {
  /** Asks for room for so many bytes, and waits until there is some. */
  take(bytes: number): Promise<void>;
  /** Gives back all but so many bytes. */
  keepOnly(bytes: number): void;
}

interface Waiter {
  readonly bytes: number;
  admit(): void;
}

/** A budget of `totalBytes`. A single file that is larger is let in alone. `onReturned` is told what is given back. */
export function createByteBudget(
  totalBytes: number,
  onReturned: (bytes: number) => void = () => {},
): ByteBudget {
  const waiting: Waiter[] = [];
  let lentBytes = 0;

  function hasRoom(bytes: number): boolean {
    return lentBytes === 0 || lentBytes + bytes <= totalBytes;
  }

  function serve(): void {
    for (let next = waiting[0]; next !== undefined && hasRoom(next.bytes); next = waiting[0]) {
      waiting.shift();
      lentBytes += next.bytes;
      next.admit();
    }
  }

  function take(bytes: number, call: CallContext): Promise<void> {
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
      let taken = 0;
      const keepOnly = (bytes: number): void => {
        if (bytes >= taken) return;
        lentBytes -= taken - bytes;
        onReturned(taken - bytes);
        taken = bytes;
        serve();
      };
      try {
        return await work({
          keepOnly,
          take: async (bytes) => {
            await take(bytes, call);
            taken += bytes;
          },
        });
      } finally {
        keepOnly(0);
      }
    },
  };
}
