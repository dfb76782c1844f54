import { describe, expect, it } from "vitest";
import type { ItemResult } from "../../../src/contract/job-report.js";
import { createLogger } from "../../../src/core/logger.js";
import { createJobs } from "../../../src/uploads/batch/jobs.js";
import { callContext } from "../../builders/call.js";
import { codeOf } from "../../builders/outcome.js";

describe("jobs that have ended", () => {
  it("are forgotten, the oldest first, when they hold too many results in all", async () => {
    const jobs = createJobs(createLogger("silent"));
    const handles: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const results = Array.from(
        { length: 6_000 },
        (): ItemResult => ({ source: "a.png", status: "pending" }),
      );
      handles.push((await jobs.start(results, async () => {}, callContext())).job);
    }
    const outcomes = await Promise.all(handles.map((job) => codeOf(jobs.wait(job, callContext()))));
    expect(outcomes).toEqual(["JOB_NOT_FOUND", "JOB_NOT_FOUND", "no error", "no error", "no error"]);
  });
});
