import type { CallContext } from "../../core/call-context.js";
import { isAssetError } from "../../core/errors.js";
import type { ContentClient } from "../../webflow/data-api/content-client.js";
import { transienceOf } from "../../webflow/data-api/error-mapping.js";
import type { ListSource } from "../../webflow/data-api/list-reading.js";
import { isInterruption, type Lane } from "../record/agenda.js";
import type { Gaps } from "../record/gaps.js";
import type { SearchParts } from "../record/usage-record.js";
import { createWholeList } from "./read-list.js";

/** What every source of the Data API needs. */
export interface ContentParts extends SearchParts {
  readonly webflow: ContentClient;
  /** Of the site's locales, the primary one first: as undefined, since it needs no name. */
  readonly localeIds: readonly (string | undefined)[];
  readonly steps: ListSteps;
}

export interface ListToRead<Entry> extends ListSource<Entry> {
  /** What the entries are, in the plural: `CMS items`. */
  readonly what: string;
  readonly onEntry: (entry: Entry) => void;
  /** Called with the number of entries or, instead, with why they could not be read. */
  readonly onEnd?: (count: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Steps that read the Data API. A step that fails is reported and does not stop the others. */
export interface ListSteps {
  list<Entry>(list: ListToRead<Entry>): void;
  one(read: (call: CallContext) => Promise<void>, onFailure: (error: unknown) => void): void;
  /** How many calls the waiting steps will need at least. */
  callsLeft(): number;
  /** Whether something was not read that may succeed another time: what Webflow refuses never does. */
  hasBrokenOff(): boolean;
}

export function createListSteps(lane: Lane, gaps: Gaps): ListSteps {
  const waiting = new Set<{ readonly callsLeft: number }>();
  let hasBrokenOff = false;

  function step(
    progress: { readonly callsLeft: number },
    read: (call: CallContext) => Promise<void>,
    onFailure: (error: unknown) => void,
  ): void {
    waiting.add(progress);
    lane.add(async (call) => {
      try {
        await read(call);
      } catch (error) {
        if (isInterruption(error, call)) throw error;
        hasBrokenOff ||= !isAssetError(error) || transienceOf(error).isTransient;
        onFailure(error);
      }
      waiting.delete(progress);
    });
  }

  return {
    list(toRead) {
      const { what, onEnd, onFailure } = toRead;
      const list = createWholeList(toRead, toRead.onEntry);
      const read = async (call: CallContext): Promise<void> => {
        await list.read(call);
        if (list.hasMoved) gaps.addSource(what, "the list changed again and again while it was read");
        hasBrokenOff ||= list.hasMoved;
        if (list.mayHoldMore)
          gaps.addSource(what, "Webflow reported no total and repeated its first full page");
        if (list.unreadable > 0)
          gaps.addSource(`${list.unreadable} of the ${what}`, "Webflow's answer was not as documented");
        onEnd?.(list.count);
      };
      step(list, read, onFailure);
    },
    one: (read, onFailure) => step({ callsLeft: 1 }, read, onFailure),
    hasBrokenOff: () => hasBrokenOff,
    callsLeft: () => [...waiting].reduce((sum, { callsLeft }) => sum + callsLeft, 0),
  };
}

/** Reports the first reason only: what has several parts, one for each locale, is still one. */
export function once(report: (why: string) => void): (why: string) => void {
  let isReported = false;
  return (why) => {
    if (!isReported) report(why);
    isReported = true;
  };
}
