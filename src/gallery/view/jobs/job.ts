import { isRecord } from "../host/rpc.js";
import { listField, numberField, textField, textsField } from "../read-fields.js";

export const ITEM_STATUSES = [
  "uploaded",
  "reused",
  "planned",
  "pending",
  "failed",
  "refused",
  "cancelled",
] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number] | (string & {});

/** One file of a job or of a sync. */
export interface JobItem {
  /** Its source or its path in the directory. */
  readonly source: string;
  readonly status: ItemStatus;
  readonly notes: readonly string[];
  readonly error?: string | undefined;
}

/** What `uploadAssets`, `uploadStatus` and `syncFolder` answer, in what they have in common. */
export interface Job {
  readonly id?: string | undefined;
  readonly status: "running" | "done" | "cancelled";
  readonly total: number;
  readonly items: readonly JobItem[];
  /** How many items have each status, as far as the server counts them. */
  readonly counts: ReadonlyMap<string, number>;
  readonly plan?: SyncPlan | undefined;
}

/** What a sync found out about a directory. */
export interface SyncPlan {
  readonly folder?: string | undefined;
  readonly counts: ReadonlyMap<string, number>;
}

const PLAN_COUNTS = ["new", "changed", "same", "refused", "onlyOnSite"];

export function readJob(data: Record<string, unknown>): Job {
  const results = listField(data, "results").map((item) => readItem(item, "source"));
  const files = listField(data, "files").map((item) => readItem(item, "path"));
  const items = results.length > 0 ? [...results, ...notUploaded(files)] : files;
  const counts = readCounts(data, [...ITEM_STATUSES]);
  const { status } = data;
  return {
    id: textField(data, "job"),
    status: status === "running" || status === "cancelled" ? status : "done",
    total: numberField(data, "total") ?? items.length,
    items,
    counts: counts.size > 0 ? counts : countStatuses(items),
    plan: readPlan(data),
  };
}

/** The files of a sync that no upload tells of: refused ones, and those that are only on the site. */
function notUploaded(files: readonly JobItem[]): JobItem[] {
  return files.filter(({ status, error }) => error !== undefined || status === "refused");
}

function readItem(item: Record<string, unknown>, name: "source" | "path"): JobItem {
  return {
    source: textField(item, name) ?? "(unnamed)",
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

function countStatuses(items: readonly JobItem[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of items) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

/** How many items need no more work. */
export function finished({ total, counts }: Job): number {
  return Math.max(0, total - (counts.get("pending") ?? 0));
}

/** The last part of a path or URL; the kind of a data URI instead of its content. */
export function sourceName(source: string): string {
  if (source.startsWith("data:")) return `(${source.slice(5, 45).split(/[;,]/)[0] || "data"})`;
  const path = source.replace(/[?#].*$/s, "").replace(/[\\/]+$/, "");
  return path.split(/[\\/]/).at(-1) || source;
}
