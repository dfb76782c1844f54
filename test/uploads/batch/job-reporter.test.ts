import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import type { ItemResult, JobReport } from "../../../src/contract/job-report.js";
import { createJobReporter } from "../../../src/uploads/batch/job-reporter.js";

const ERROR = "[TYPE_NOT_SUPPORTED] Webflow takes no program. Next: leave it out.";

function pendingItems(count: number): ItemResult[] {
  return Array.from({ length: count }, (_, index) => ({
    source: `/home/anna/Pictures/Spring campaign/photo-${index}.jpg`,
    status: "pending",
  }));
}

function finish(
  items: ItemResult[],
  from: number,
  to: number,
  status: ItemResult["status"] = "uploaded",
): void {
  for (const item of items.slice(from, to)) {
    const id = `65f0aa${String(items.indexOf(item)).padStart(18, "0")}`;
    const url = `https://cdn.prod.website-files.com/65f0aa000000000000000001/${id}_photo.jpg`;
    Object.assign(item, { status, ...(status === "failed" ? { error: ERROR } : { id, url }) });
  }
}

/** The number of the report, as the handle that it gave out says it. */
function numberOf({ job }: JobReport): number {
  return Number(job.split(".")[1]);
}

function tokensOf(report: JobReport): number {
  return countTokens(JSON.stringify(report));
}

const sources = ({ results }: JobReport): string[] => results.map(({ source }) => source);

test("a running job reports what is new since the previous report, failures first", () => {
  const items = pendingItems(50);
  const reporter = createJobReporter("job", items);
  finish(items, 0, 3);
  const first = reporter.running(0, undefined);
  finish(items, 3, 5);
  finish(items, 5, 6, "failed");
  const second = reporter.running(numberOf(first), undefined);
  expect(first).toMatchObject({ status: "running", total: 50, uploaded: 3, pending: 47 });
  expect(sources(first)).toEqual(items.slice(0, 3).map(({ source }) => source));
  expect(second.results.map(({ status }) => status)).toEqual(["failed", "uploaded", "uploaded"]);
  expect(second.results[0]?.error).toBe(ERROR);
});

test("every report has a handle of its own, and an older one still returns what was new since then", () => {
  const items = pendingItems(20);
  const reporter = createJobReporter("job", items);
  finish(items, 0, 2);
  const first = reporter.running(0, undefined);
  const second = reporter.running(numberOf(first), undefined);
  finish(items, 2, 4);
  const again = reporter.running(numberOf(first), undefined);
  expect(new Set([first.job, second.job, again.job]).size).toBe(3);
  expect(second.results).toEqual([]);
  expect(sources(again)).toEqual(items.slice(2, 4).map(({ source }) => source));
});

test("a running report says what to do and what it waits for", () => {
  const reporter = createJobReporter("job", pendingItems(2));
  const { notes } = reporter.running(0, "Waiting for the rate limit, about 4 min left.");
  expect(notes).toEqual([
    expect.stringContaining("Call uploadStatus with this job until it is done"),
    "Waiting for the rate limit, about 4 min left.",
  ]);
});

test("a job of 3,000 files in 70 reports costs less than 15,000 tokens", () => {
  const items = pendingItems(3_000);
  const reporter = createJobReporter("Ab3dEf6hIj9l", items);
  let tokens = 0;
  let since = 0;
  for (let done = 0; done < 3_000; done += 43) {
    finish(items, done, done + 43);
    const report = reporter.running(since, "Waiting for the rate limit, about 40 min left.");
    since = numberOf(report);
    tokens += tokensOf(report);
  }
  tokens += tokensOf(reporter.ended("done"));
  expect(tokens).toBeLessThan(15_000);
});

test("a job whose every file fails stays small, and names each failure in the end", () => {
  const items = pendingItems(500);
  finish(items, 0, 500, "failed");
  const reporter = createJobReporter("job", items);
  const running = reporter.running(0, undefined);
  expect(tokensOf(running)).toBeLessThan(2_000);
  expect(running.notes?.at(-1)).toMatch(/^\d+ more of 500 new results come at the end\.$/);
  const [tokens, told] = walk(reporter.ended("done"), (cursor) => reporter.page("done", cursor));
  expect(Math.max(...tokens)).toBeLessThan(8_000);
  expect(told).toHaveLength(500);
});

test("the last report of a large job lists failures first and the rest on demand, with URLs", () => {
  const items = pendingItems(300);
  finish(items, 0, 300);
  finish(items, 250, 253, "failed");
  const reporter = createJobReporter("job", items);
  const end = reporter.ended("done");
  expect(end.results.slice(0, 4).map(({ status }) => status)).toEqual([
    "failed",
    "failed",
    "failed",
    "uploaded",
  ]);
  expect(tokensOf(end)).toBeLessThan(4_000);
  const [tokens, told] = walk(end, (cursor) => reporter.page("done", cursor));
  expect(Math.max(...tokens)).toBeLessThan(8_000);
  expect(new Set(told.map(({ source }) => source)).size).toBe(300);
  expect(told.at(-1)?.url).toContain("https://");
});

test("the last report of a small job lists everything in the order of the call", () => {
  const items = pendingItems(20);
  finish(items, 0, 20);
  finish(items, 7, 8, "failed");
  const end = createJobReporter("job", items).ended("done");
  expect(sources(end)).toEqual(items.map(({ source }) => source));
  expect(end.nextCursor).toBeUndefined();
});

test.each(["", "other-3", "job-", "job--1", "job-999", "job-1.5"])("the cursor %j is refused", (cursor) => {
  const reporter = createJobReporter("job", pendingItems(3));
  expect(() => reporter.page("done", cursor)).toThrow("No report of this job issued the cursor");
});

function walk(first: JobReport, next: (cursor: string) => JobReport): [number[], JobReport["results"]] {
  const tokens = [tokensOf(first)];
  const told = [...first.results];
  for (let page = first; page.nextCursor !== undefined; ) {
    page = next(page.nextCursor);
    tokens.push(tokensOf(page));
    told.push(...page.results);
  }
  return [tokens, told];
}

test("the cursors of a job whose id has hyphens lead on", () => {
  const items = pendingItems(300);
  finish(items, 0, 300);
  const reporter = createJobReporter("-b-dEf6hIj9l", items);
  const { nextCursor = "" } = reporter.ended("done");
  expect(reporter.page("done", nextCursor).results.length).toBeGreaterThan(0);
});

test("asking without a handle gives everything from the beginning, however often", () => {
  const items = pendingItems(3);
  const reporter = createJobReporter("job", items);
  finish(items, 0, 2);
  for (let count = 0; count < 2; count += 1) {
    const report = reporter.running(0, undefined);
    expect(sources(report)).toEqual(items.slice(0, 2).map(({ source }) => source));
    expect(numberOf(report)).toBe(count + 1);
  }
});

test("of many new results a running job shows some, and says how many come at the end", () => {
  const items = pendingItems(60);
  const reporter = createJobReporter("job", items);
  finish(items, 0, 60);
  const { results, notes } = reporter.running(0, undefined);
  expect(results.length).toBeGreaterThan(3);
  expect(results.length).toBeLessThan(30);
  expect(notes?.at(-1)).toBe(`${60 - results.length} more of 60 new results come at the end.`);
});

test("a running job stops telling successes when they have cost enough, and reports without any cost nothing", () => {
  const items = pendingItems(500);
  const reporter = createJobReporter("job", items);
  for (let count = 0; count < 5_000; count += 1) reporter.running(count, undefined);
  const shown: number[] = [];
  for (let done = 0; done < 200; done += 1) {
    finish(items, done, done + 1);
    shown.push(reporter.running(5_000 + done, undefined).results.length);
  }
  expect(shown.slice(0, 20).every((length) => length === 1)).toBe(true);
  expect(shown.slice(100).every((length) => length === 0)).toBe(true);
});

test("a job of 100 files lists them all in the end, and one of 101 the first of them, with the way to the rest", () => {
  const ended = (count: number) => {
    const items = pendingItems(count);
    finish(items, 0, count, "failed");
    for (const item of items) Object.assign(item, { source: "a.jpg", error: "x" });
    return createJobReporter("job", items).ended("done");
  };
  expect(ended(100)).not.toHaveProperty("nextCursor");
  expect(ended(100).results).toHaveLength(100);
  const items = pendingItems(101);
  finish(items, 0, 101);
  const { results, notes, nextCursor } = createJobReporter("job", items).ended("done");
  expect(nextCursor).toBe(`job-${results.length}`);
  expect(notes).toEqual([
    `${101 - results.length} more results: uploadStatus with nextCursor as cursor returns them.`,
  ]);
  expect(results.every(({ url }) => url === undefined)).toBe(true);
});

test("a small job with long names is told in pages, with addresses", () => {
  const items = pendingItems(60);
  finish(items, 0, 60);
  for (const item of items) item.source = `/home/anna/${"Frühlingsbilder/".repeat(30)}.jpg`;
  const reporter = createJobReporter("job", items);
  const end = reporter.ended("done");
  expect(end.results[0]?.url).toContain("https://");
  const [tokens, told] = walk(end, (cursor) => reporter.page("done", cursor));
  expect(Math.max(...tokens)).toBeLessThan(8_000);
  expect(told).toHaveLength(60);
});

test("the last report of a large job tells failures first, and then what was cancelled", () => {
  const items = pendingItems(120);
  finish(items, 0, 120);
  finish(items, 60, 61, "cancelled");
  finish(items, 90, 91, "failed");
  const statuses = createJobReporter("job", items)
    .ended("cancelled")
    .results.map(({ status }) => status);
  expect(statuses.slice(0, 3)).toEqual(["failed", "cancelled", "uploaded"]);
});
