import type { CallContext } from "../../core/call-context.js";
import { createListReading, LARGEST_PAGE, type ListSource } from "../../webflow/data-api/list-reading.js";

/** A list that is read to its end, and again from its beginning when it changed meanwhile. */
export interface WholeList {
  /** Goes on where it was interrupted; each entry is passed on once. */
  read(call: CallContext): Promise<void>;
  /** Entries that do not match Webflow's documentation. */
  readonly unreadable: number;
  /** Whether the list kept changing while it was read: something may have slipped through. */
  readonly hasMoved: boolean;
  readonly mayHoldMore: boolean;
  /** Entries that were passed on. */
  readonly count: number;
  /** Calls that are still needed, as far as is known. */
  readonly callsLeft: number;
}

/** How often a list that changes meanwhile is read. */
const MOST_ROUNDS = 3;

export function createWholeList<Entry>(
  source: ListSource<Entry>,
  onEntry: (entry: Entry) => void,
): WholeList {
  const seen = new Set<string>();
  let count = 0;
  let round = 1;
  const first = createListReading(source, passOn);
  let current = first;

  function passOn(entry: Entry): void {
    const id = source.idOf(entry);
    if (id === undefined ? round > 1 : seen.has(id)) return;
    if (id !== undefined) seen.add(id);
    count += 1;
    onEntry(entry);
  }

  return {
    async read(call) {
      for (;;) {
        await current.readUpTo(Number.POSITIVE_INFINITY, call);
        if (current.isSteady || round === MOST_ROUNDS) return;
        round += 1;
        current = createListReading(source, passOn);
      }
    },
    get unreadable() {
      return first.unreadable;
    },
    get hasMoved() {
      return !current.isSteady;
    },
    get mayHoldMore() {
      return first.mayHoldMore;
    },
    get count() {
      return count;
    },
    get callsLeft() {
      return Math.max(1, Math.ceil(((current.total ?? 0) - current.rows) / LARGEST_PAGE));
    },
  };
}
