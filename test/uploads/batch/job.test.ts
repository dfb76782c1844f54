import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ItemResult } from "../../../src/contract/job-report.js";
import { type CallContext, DeadlinePassed } from "../../../src/core/call-context.js";
import { AssetError } from "../../../src/core/errors.js";
import { createLogger } from "../../../src/core/logger.js";
import { type JobWork, startJob } from "../../../src/uploads/batch/job.js";
import { createJobs } from "../../../src/uploads/batch/jobs.js";
import { callContext } from "../../builders/call.js";

const LOG = createLogger("silent");
const BROKEN = new AssetError("WEBFLOW_UNAVAILABLE", "Webflow is down", "wait");

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function pending(count: number): ItemResult[] {
  return Array.from({ length: count }, (_, index) => ({ source: `${index}.png`, status: "pending" }));
}

/** Work that goes on until it is ended or aborted. */
function openWork() {
  let inside: CallContext | undefined;
  let end: () => void = () => {};
  const work: JobWork = (call) => {
    inside = call;
    return new Promise((resolve) => {
      end = resolve;
      call.signal.addEventListener("abort", () => resolve());
    });
  };
  return {
    work,
    end: () => end(),
    call: () => {
      if (!inside) throw new Error("The work has not begun");
      return inside;
    },
  };
}

const statusesOf = (results: readonly ItemResult[]) => results.map(({ status }) => status);

describe("a job", () => {
  it("has no deadline, and is done when its work is", async () => {
    const results = pending(2);
    const open = openWork();
    const job = startJob(results, open.work, LOG);
    expect([job.status, open.call().deadline]).toEqual(["running", Number.POSITIVE_INFINITY]);
    for (const item of results) item.status = "uploaded";
    open.end();
    await job.ended;
    expect([job.status, job.failure, statusesOf(results)]).toEqual([
      "done",
      undefined,
      ["uploaded", "uploaded"],
    ]);
    expect(job.report(0)).toMatchObject({ status: "done", uploaded: 2 });
  });

  it("that is cancelled ends its work, and what was not finished is cancelled", async () => {
    const results = pending(2);
    const job = startJob(results, openWork().work, LOG);
    Object.assign(results[0] ?? {}, { status: "uploaded" });
    await job.cancel();
    expect([job.status, statusesOf(results)]).toEqual(["cancelled", ["uploaded", "cancelled"]]);
  });

  it("that fails before anything is finished has that failure, and else fails what is left", async () => {
    const early = startJob(pending(1), () => Promise.reject(BROKEN), LOG);
    await early.ended;
    expect([early.failure, statusesOf(early.results)]).toEqual([BROKEN, ["failed"]]);
    const results = pending(2);
    const late = startJob(
      results,
      async () => {
        Object.assign(results[0] ?? {}, { status: "uploaded" });
        throw BROKEN;
      },
      LOG,
    );
    await late.ended;
    expect([late.failure, results]).toEqual([
      undefined,
      [
        { source: "0.png", status: "uploaded" },
        { source: "1.png", status: "failed", error: expect.stringMatching(/^\[WEBFLOW_UNAVAILABLE\]/) },
      ],
    ]);
  });

  it("that fails because it was cancelled fails nothing", async () => {
    const results = pending(1);
    const work: JobWork = (call) =>
      new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(BROKEN)));
    await startJob(results, work, LOG).cancel();
    expect(statusesOf(results)).toEqual(["cancelled"]);
  });

  it("is waited for to its end, to the end of the call, or to its cancellation", async () => {
    const open = openWork();
    const job = startJob(pending(1), open.work, LOG);
    const timeOut = new AbortController();
    const waiting = job.waitFor(callContext({ signal: timeOut.signal }));
    timeOut.abort(new DeadlinePassed());
    await waiting;
    await job.waitFor(callContext({ signal: AbortSignal.abort(new DeadlinePassed()) }));
    await expect(job.waitFor(callContext({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(job.status).toBe("running");
    const last = job.waitFor(callContext());
    open.end();
    await last;
    expect(job.status).toBe("done");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("passes its progress on to whoever waits, and to nobody afterwards", async () => {
    const told: unknown[] = [];
    const open = openWork();
    const job = startJob(pending(2), open.work, LOG);
    const waiting = job.waitFor(callContext({ progress: (...step) => told.push(step) }));
    open.call().progress("Half", 1, 2);
    open.end();
    await waiting;
    open.call().progress("Late");
    expect(told).toEqual([["Half", 1, 2]]);
  });

  it("gives a sign of life every five seconds, with what it waits for", async () => {
    const told: string[] = [];
    const results = pending(3);
    const open = openWork();
    const job = startJob(results, open.work, LOG);
    const waiting = job.waitFor(callContext({ progress: (message) => told.push(message) }));
    vi.advanceTimersByTime(5_000);
    open.call().paused?.("the rate limit", 20_000);
    vi.advanceTimersByTime(5_000);
    Object.assign(results[0] ?? {}, { status: "uploaded" });
    vi.advanceTimersByTime(5_000);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([
      "0 of 3 files done",
      "0 of 3 files done. Waiting for the rate limit, about 15 s left.",
      "1 of 3 files done. Waiting for the rate limit, about 30 s left.",
      "1 of 3 files done. Waiting for the rate limit, about 40 s left.",
      "1 of 3 files done",
    ]);
    open.end();
    await waiting;
  });

  it("tells in minutes how long the rest takes at the pace so far", () => {
    const results = pending(10);
    const open = openWork();
    const job = startJob(results, open.work, LOG);
    vi.advanceTimersByTime(60_000);
    Object.assign(results[0] ?? {}, { status: "uploaded" });
    open.call().paused?.("the rate limit", 1_000);
    expect(job.report(0).notes).toContain("Waiting for the rate limit, about 9 min left.");
    for (const item of results.slice(1, 5)) item.status = "uploaded";
    open.call().paused?.("the rate limit", 89_999);
    expect(job.report(0).notes).toContain("Waiting for the rate limit, about 90 s left.");
    open.call().paused?.("the rate limit", 90_000);
    expect(job.report(0).notes).toContain("Waiting for the rate limit, about 2 min left.");
  });
});

describe("the jobs of a process", () => {
  it("are found by the handle of any report, and by no other", async () => {
    const jobs = createJobs(LOG);
    const report = await jobs.start(pending(1), async () => {}, callContext());
    const [id = ""] = report.job.split(".");
    for (const handle of [id, ` ${report.job} `, `${id}.x`, `${id}.7`])
      expect(await jobs.wait(handle, callContext())).toMatchObject({ status: "done", total: 1 });
    await expect(jobs.wait("other", callContext())).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    await expect(jobs.cancel("")).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
  });

  it("tell what is new since the report whose handle is given", async () => {
    const jobs = createJobs(LOG);
    const results = pending(2);
    const open = openWork();
    const soon = () => callContext({ signal: AbortSignal.abort(new DeadlinePassed()) });
    const first = await jobs.start(results, open.work, soon());
    Object.assign(results[0] ?? {}, { status: "uploaded" });
    const second = await jobs.wait(first.job, soon());
    const third = await jobs.wait(second.job, soon());
    expect([first, second, third].map((report) => report.results.length)).toEqual([0, 1, 0]);
    open.end();
  });

  it("throw what their work threw before anything was finished", async () => {
    await expect(createJobs(LOG).start(pending(1), () => Promise.reject(BROKEN), callContext())).rejects.toBe(
      BROKEN,
    );
  });

  it("end with the call that started them, when that is cancelled before it was answered", async () => {
    const jobs = createJobs(LOG);
    const results = pending(1);
    await expect(
      jobs.start(results, openWork().work, callContext({ signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    expect(statusesOf(results)).toEqual(["cancelled"]);
  });

  it("are ended one by one, or all together", async () => {
    const jobs = createJobs(LOG);
    const start = (results: ItemResult[]) =>
      jobs.start(results, openWork().work, callContext({ signal: AbortSignal.abort(new DeadlinePassed()) }));
    const [first, second] = [pending(1), pending(1)];
    const { job } = await start(first);
    await start(second);
    expect(await jobs.cancel(job)).toMatchObject({ status: "cancelled", cancelled: 1 });
    expect(statusesOf(second)).toEqual(["pending"]);
    await jobs.close();
    expect(statusesOf(second)).toEqual(["cancelled"]);
  });

  it("give their results page by page", async () => {
    const jobs = createJobs(LOG);
    const results = pending(300);
    const { job, nextCursor = "" } = await jobs.start(
      results,
      async () => {
        for (const item of results) item.status = "uploaded";
      },
      callContext(),
    );
    expect(jobs.page(job, nextCursor).results.length).toBeGreaterThan(0);
    expect(() => jobs.page(job, "other")).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });

  it("are forgotten an hour after their end, and not while they run", async () => {
    const jobs = createJobs(LOG);
    const { job } = await jobs.start(pending(1), async () => {}, callContext());
    const open = openWork();
    const soon = callContext({ signal: AbortSignal.abort(new DeadlinePassed()) });
    const running = await jobs.start(pending(30_000), open.work, soon);
    await jobs.start(pending(1), async () => {}, callContext());
    await vi.advanceTimersByTimeAsync(3_599_999);
    expect(await jobs.wait(job, callContext())).toMatchObject({ status: "done" });
    await vi.advanceTimersByTimeAsync(1);
    await expect(jobs.wait(job, callContext())).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    expect(await jobs.wait(running.job, soon)).toMatchObject({ status: "running" });
    open.end();
  });
});
