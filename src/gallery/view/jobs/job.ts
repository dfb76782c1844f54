import type { JobReport } from "../../../contract/job-report.js";
import type { SyncFolderResult } from "../../../contract/sync-folder.js";
import { listField, numberField, textField, textsField } from "../elements/read-fields.js";
import { isRecord } from "../host/rpc.js";

/** One file of a job or of a sync. */
export interface JobItem {
  /** Its source or its path in the directory. */
  readonly source: string;
  /** The source in short. */
  readonly name: string;
  readonly status: string;
  readonly notes: readonly string[];
  readonly error?: string | undefined;
}

/** What `uploadAssets`, `uploadStatus` and `syncFolder` answer, in what they have in common. */
export interface Job {
  readonly id?: string | undefined;
  readonly status: JobReport["status"];
  readonly total: number;
  readonly items: readonly JobItem[];
  /** How many items have each status, as far as the server counts them. */
  readonly counts: ReadonlyMap<string, number>;
  readonly plan?: SyncPlan | undefined;
  /** For the files that follow; of a job that ended. */
  readonly nextCursor?: string | undefined;
}

/** What a sync found out about a directory. */
export interface SyncPlan {
  readonly folder?: string | undefined;
  readonly counts: ReadonlyMap<string, number>;
}

const COUNTED_STATUSES: (keyof JobReport)[] = [
  "uploaded",
  "reused",
  "planned",
  "pending",
  "failed",
  "cancelled",
];
const PLAN_COUNTS: (keyof SyncFolderResult["plan"])[] = [
  "new",
  "changed",
  "same",
  "elsewhere",
  "refused",
  "onlyOnSite",
];

export function readJob(data: Record<string, unknown>): Job {
  const results = listField(data, "results").map(readUpload);
  const files = listField(data, "files").map(readFile);
  const items = results.length > 0 ? [...results, ...notUploaded(files)] : files;
  const plan = readPlan(data);
  const counts = readCounts(data, COUNTED_STATUSES);
  const { status } = data;
  return {
    id: textField(data, "job"),
    status: status === "running" || status === "cancelled" ? status : "done",
    total: numberField(data, "total") ?? items.length,
    items,
    counts,
    plan,
    nextCursor: textField(data, "nextCursor"),
  };
}

/** What is known of the files: each answer about a job tells of some of them. */
export function mergeItems(known: readonly JobItem[], told: readonly JobItem[]): JobItem[] {
  const bySource = new Map(known.map((item) => [item.source, item]));
  for (const item of told) bySource.set(item.source, item);
  return [...bySource.values()];
}

/** The files of a sync that no upload tells of: refused ones, and those that are only on the site. */
function notUploaded(files: readonly JobItem[]): JobItem[] {
  return files.filter(({ status, error }) => error !== undefined || status === "refused");
}

function readUpload(item: Record<string, unknown>): JobItem {
  const source = textField(item, "source") ?? "";
  return { ...readOutcome(item), source, name: sourceName(source) };
}

function readFile(item: Record<string, unknown>): JobItem {
  const path = textField(item, "path") ?? "";
  return { ...readOutcome(item), source: path, name: path };
}

function readOutcome(item: Record<string, unknown>): Pick<JobItem, "status" | "notes" | "error"> {
  return {
    status: textField(item, "status") ?? "pending",
    notes: textsField(item, "notes"),
    error: textField(item, "error"),
  };
}

function readPlan(data: Record<string, unknown>): SyncPlan | undefined {
  const { plan, folder } = data;
  if (!isRecord(plan)) return undefined;
  return {
    folder: isRecord(folder) ? textField(folder, "path") : undefined,
    counts: readCounts(plan, PLAN_COUNTS),
  };
}

function readCounts(record: Record<string, unknown>, names: readonly string[]): Map<string, number> {
  return new Map(
    names.flatMap((name) => {
      const count = numberField(record, name);
      return count === undefined ? [] : [[name, count]];
    }),
  );
}

/** How many items need no more work. */
export function finished({ total, counts }: Job): number {
  return Math.max(0, total - (counts.get("pending") ?? 0));
}

/** The last part of a path or URL; the kind of a data URI instead of its content. */
function sourceName(source: string): string {
  if (source.startsWith("data:")) return `(${source.slice(5, 45).split(/[;,]/)[0] || "data"})`;
  const path = source.replace(/[?#].*$/s, "").replace(/[\\/]+$/, "");
  return path.split(/[\\/]/).at(-1) || source;
}
