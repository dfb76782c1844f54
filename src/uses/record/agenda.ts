import type { CallContext } from "../../core/call-context.js";
import { isAssetError } from "../../core/errors.js";

/** One step of a reading; it may add further ones. An interrupted step is taken again from its beginning. */
export type Step = (call: CallContext) => Promise<void>;

/** Steps with a common limit on how many of them are taken at once. */
export interface Lane {
  add(step: Step): void;
  /** Drops the waiting steps. */
  clear(): void;
}

/** A reading that takes longer than one call: the remaining steps wait for the next one. */
export interface Agenda {
  /** `isHeldBack` is asked before each step. */
  lane(width: number, isHeldBack?: () => boolean): Lane;
  /** Takes steps while the call and the rate limit leave time. Resolves to whether none is left. */
  work(call: CallContext): Promise<boolean>;
}

interface OwnLane extends Lane {
  readonly width: number;
  readonly steps: Step[];
  readonly isHeldBack: () => boolean;
  atWork: number;
}

/** `onFailure` gets errors that a step did not foresee; the other steps go on. */
export function createAgenda(onFailure: (error: unknown) => void): Agenda {
  const lanes: OwnLane[] = [];

  /** Resolves to whether the lane may go on. */
  async function take(lane: OwnLane, step: Step, call: CallContext): Promise<boolean> {
    lane.atWork += 1;
    try {
      await step(call);
      return true;
    } catch (error) {
      if (isInterruption(error, call)) {
        lane.steps.unshift(step);
        return false;
      }
      onFailure(error);
      return true;
    } finally {
      lane.atWork -= 1;
    }
  }

  return {
    lane(width, isHeldBack = () => false) {
      const steps: Step[] = [];
      const lane: OwnLane = {
        width,
        steps,
        isHeldBack,
        atWork: 0,
        add: (step) => steps.push(step),
        clear: () => void steps.splice(0),
      };
      lanes.push(lane);
      return lane;
    },

    async work(call) {
      const working = new Set<Promise<void>>();
      const stopped = new Set<OwnLane>();
      const startAll = (lane: OwnLane): void => {
        while (!call.signal.aborted && !stopped.has(lane) && lane.atWork < lane.width && !lane.isHeldBack()) {
          const step = lane.steps.shift();
          if (!step) return;
          const taken = take(lane, step, call).then((mayGoOn) => {
            working.delete(taken);
            if (!mayGoOn) stopped.add(lane);
          });
          working.add(taken);
        }
      };
      for (;;) {
        lanes.forEach(startAll);
        if (working.size === 0) return lanes.every(({ steps }) => steps.length === 0);
        await Promise.race(working);
      }
    },
  };
}

/** Whether a step only ran out of time, its own or that of the rate limit, and may be taken again. */
export function isInterruption(error: unknown, call: CallContext): boolean {
  return call.signal.aborted || isAssetError(error, "RATE_LIMITED");
}
