import type { ItemResult, JobReport } from "../../contract/job-report.js";
import { countFitting, estimateTokens, PAGE_TOKENS } from "../../core/answer-size.js";
import { AssetError } from "../../core/errors.js";

/**
 * Reports on a job in answers that a model can afford: while it runs, the counts and what is new since the previous
 * report; at its end everything, page by page, failures first. Every report has a handle of its own, because clients
 * take repeated calls with the same arguments for a loop, and end the session.
 */
export interface JobReporter {
  /** `since` is the number of the previous report, 0 for none; `waiting` says why nothing is happening. */
  running(since: number, waiting: string | undefined): JobReport;
  ended(status: "done" | "cancelled"): JobReport;
  /** The results from a cursor on. Throws INVALID_INPUT for a cursor that no report of this job returned. */
  page(status: JobReport["status"], cursor: string): JobReport;
}

/** Up to so many files, a job's last report lists them all, with URLs; beyond, a part, the rest on request. */
const FEW = 100;
const LAST_REPORT_TOKENS = 3_000;
const NEW_FAILURES_TOKENS = 1_000;
/** What all reports of a running job together may spend on files that succeeded. */
const SUCCESSES_TOKENS = 2_000;
const SUCCESSES_TOKENS_AT_ONCE = 600;

const FOLLOW = "Call uploadStatus with this job until it is done; it ends when this session does.";

export function createJobReporter(jobId: string, results: readonly ItemResult[]): JobReporter {
  /** The finished items, in the order in which they were noticed, and how many of them each report covered. */
  const ended: ItemResult[] = [];
  const seen = new Set<ItemResult>();
  const reportedUpTo = [0];
  let successTokensLeft = SUCCESSES_TOKENS;

  function notice(): void {
    for (const item of results) {
      if (item.status === "pending" || seen.has(item)) continue;
      seen.add(item);
      ended.push(item);
    }
  }

  function report(status: JobReport["status"], shown: readonly ItemResult[]): JobReport {
    reportedUpTo.push(ended.length);
    return {
      job: `${jobId}.${reportedUpTo.length - 1}`,
      status,
      ...countsOf(results),
      results: shown.map((item) => ({ ...item })),
    };
  }

  /** Those of `items` that fit into what a running job may spend on them. */
  function successesToShow(items: readonly ItemResult[]): ItemResult[] {
    const maxTokens = Math.min(successTokensLeft, SUCCESSES_TOKENS_AT_ONCE);
    if (items.length === 0 || maxTokens < SUCCESSES_TOKENS_AT_ONCE / 2) return [];
    const shown = items.slice(0, countFitting(items, maxTokens));
    successTokensLeft -= estimateTokens(JSON.stringify(shown));
    return shown;
  }

  function pageFrom(start: number, maxTokens: number, isWithUrls: boolean, status: JobReport["status"]) {
    const rest = failuresFirst(results).slice(start);
    const shownForm = isWithUrls ? rest : rest.map(withoutUrl);
    const shown = shownForm.slice(0, countFitting(shownForm, maxTokens));
    const end = start + shown.length;
    return {
      ...report(status, shown),
      ...(end < results.length && {
        notes: [`${results.length - end} more results: uploadStatus with nextCursor as cursor returns them.`],
        nextCursor: writeCursor(jobId, end),
      }),
    };
  }

  return {
    running(since, waiting) {
      notice();
      const fresh = ended.slice(reportedUpTo[since] ?? 0);
      const failures = fresh.filter(({ status }) => status === "failed");
      const others = fresh.filter(({ status }) => status !== "failed").map(withoutUrl);
      const shownFailures = failures.slice(0, countFitting(failures, NEW_FAILURES_TOKENS));
      const shown = [...shownFailures, ...successesToShow(others)];
      const omitted = fresh.length - shown.length;
      const notes = [
        FOLLOW,
        ...(waiting === undefined ? [] : [waiting]),
        ...(omitted > 0 ? [`${omitted} more of ${fresh.length} new results come at the end.`] : []),
      ];
      return { ...report("running", shown), notes };
    },

    ended(status) {
      notice();
      if (results.length > FEW) return pageFrom(0, LAST_REPORT_TOKENS, false, status);
      const isAffordable = countFitting(results) === results.length;
      return isAffordable ? report(status, results) : pageFrom(0, PAGE_TOKENS, true, status);
    },

    page(status, cursor) {
      notice();
      return pageFrom(readCursor(jobId, cursor, results.length), PAGE_TOKENS, true, status);
    },
  };
}

function countsOf(results: readonly ItemResult[]) {
  const count = (wanted: ItemResult["status"]): number =>
    results.filter((item) => item.status === wanted).length;
  return {
    total: results.length,
    uploaded: count("uploaded"),
    reused: count("reused"),
    planned: count("planned"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    pending: count("pending"),
  };
}

/** Failures first, then cancelled items, then the rest, in the caller's order. */
function failuresFirst(results: readonly ItemResult[]): ItemResult[] {
  const rank = ({ status }: ItemResult): number => (status === "failed" ? 0 : status === "cancelled" ? 1 : 2);
  return [...results].sort((a, b) => rank(a) - rank(b));
}

function withoutUrl({ url: _, ...item }: ItemResult): ItemResult {
  return item;
}

function writeCursor(jobId: string, position: number): string {
  return `${jobId.slice(0, 4)}-${position}`;
}

function readCursor(jobId: string, cursor: string, total: number): number {
  // The id itself may contain hyphens.
  const { prefix, digits } = /^(?<prefix>.*)-(?<digits>\d+)$/s.exec(cursor)?.groups ?? {};
  const position = Number(digits);
  if (prefix === jobId.slice(0, 4) && position <= total) return position;
  throw new AssetError(
    "INVALID_INPUT",
    "No report of this job issued the cursor",
    "give the nextCursor of a report together with its job, or leave cursor out",
  );
}
