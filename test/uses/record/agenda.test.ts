import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import { createAgenda, isInterruption } from "../../../src/uses/record/agenda.js";
import { callContext } from "../../builders/call.js";

/** An agenda, and what went wrong on it. */
function anAgenda() {
  const failures: unknown[] = [];
  return { agenda: createAgenda((error) => failures.push(error)), failures };
}

/** Steps that note their names, each after everything else that can go on. */
function noting(taken: string[]) {
  return (name: string) => async () => {
    taken.push(name);
    await new Promise(setImmediate);
  };
}

const rateLimited = new AssetError("RATE_LIMITED", "Slow down", "wait");

describe("an agenda", () => {
  it("takes all steps, those that steps add as well, and says that none is left", async () => {
    const { agenda } = anAgenda();
    const lane = agenda.lane(2);
    const taken: string[] = [];
    const note = noting(taken);
    lane.add(note("1"));
    lane.add(async () => lane.add(note("added")));
    lane.add(note("2"));
    expect(await agenda.work(callContext())).toBe(true);
    expect(taken).toEqual(["1", "2", "added"]);
  });

  it("is done at once when nothing is on it", async () => {
    const { agenda } = anAgenda();
    expect(await agenda.work(callContext())).toBe(true);
    agenda.lane(1);
    expect(await agenda.work(callContext())).toBe(true);
  });

  it("takes as many steps at once as a lane is wide, and the lanes side by side", async () => {
    const { agenda } = anAgenda();
    const most = { narrow: 0, wide: 0 };
    const now = { narrow: 0, wide: 0 };
    for (const [name, width] of [
      ["narrow", 1],
      ["wide", 3],
    ] as const) {
      const lane = agenda.lane(width);
      for (let count = 0; count < 7; count += 1) {
        lane.add(async () => {
          now[name] += 1;
          most[name] = Math.max(most[name], now[name]);
          await new Promise(setImmediate);
          now[name] -= 1;
        });
      }
    }
    expect(await agenda.work(callContext())).toBe(true);
    expect(most).toEqual({ narrow: 1, wide: 3 });
  });

  it("takes no step of a lane that is held back, and says that some are left", async () => {
    const { agenda } = anAgenda();
    let isHeldBack = true;
    const taken: string[] = [];
    agenda.lane(1, () => isHeldBack).add(noting(taken)("held"));
    agenda.lane(1).add(noting(taken)("free"));
    expect(await agenda.work(callContext())).toBe(false);
    expect(taken).toEqual(["free"]);
    isHeldBack = false;
    expect(await agenda.work(callContext())).toBe(true);
    expect(taken).toEqual(["free", "held"]);
  });

  it("forgets the steps that a lane is cleared of", async () => {
    const { agenda } = anAgenda();
    const taken: string[] = [];
    const lane = agenda.lane(1);
    lane.add(noting(taken)("1"));
    lane.clear();
    expect(await agenda.work(callContext())).toBe(true);
    expect(taken).toEqual([]);
  });

  it("goes on after a step that failed, and reports what it failed with", async () => {
    const { agenda, failures } = anAgenda();
    const taken: string[] = [];
    const lane = agenda.lane(1);
    const error = new Error("odd page");
    lane.add(async () => {
      throw error;
    });
    lane.add(noting(taken)("next"));
    expect(await agenda.work(callContext())).toBe(true);
    expect(failures).toEqual([error]);
    expect(taken).toEqual(["next"]);
  });

  it("takes a step again, and first, in the call after the one that the rate limit interrupted", async () => {
    const { agenda, failures } = anAgenda();
    const taken: string[] = [];
    const lane = agenda.lane(1);
    let isLimited = true;
    lane.add(async () => {
      if (isLimited) throw rateLimited;
      taken.push("first");
    });
    lane.add(noting(taken)("second"));
    agenda.lane(1).add(noting(taken)("other lane"));
    expect(await agenda.work(callContext())).toBe(false);
    expect(taken).toEqual(["other lane"]);
    expect(failures).toEqual([]);
    isLimited = false;
    expect(await agenda.work(callContext())).toBe(true);
    expect(taken).toEqual(["other lane", "first", "second"]);
  });

  it("leaves all steps to the next call when the call has ended", async () => {
    const { agenda, failures } = anAgenda();
    const taken: string[] = [];
    const cancel = new AbortController();
    const lane = agenda.lane(1);
    lane.add(async (call) => {
      if (call.signal.aborted) throw new Error("cut off");
      taken.push("before");
      cancel.abort();
    });
    lane.add(noting(taken)("after"));
    expect(await agenda.work(callContext({ signal: cancel.signal }))).toBe(false);
    expect(taken).toEqual(["before"]);
    expect(await agenda.work(callContext({ signal: AbortSignal.abort() }))).toBe(false);
    expect(failures).toEqual([]);
    expect(await agenda.work(callContext())).toBe(true);
    expect(taken).toEqual(["before", "after"]);
  });
});

describe("an interruption", () => {
  it("is a call that ended, or a rate limit, and nothing that the step itself met", () => {
    expect(isInterruption(rateLimited, callContext())).toBe(true);
    expect(isInterruption(new Error("x"), callContext({ signal: AbortSignal.abort() }))).toBe(true);
    expect(isInterruption(new AssetError("WEBFLOW_UNAVAILABLE", "x", "y"), callContext())).toBe(false);
    expect(isInterruption(new Error("x"), callContext())).toBe(false);
  });
});
