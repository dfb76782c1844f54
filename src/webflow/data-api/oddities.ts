import type { Logger } from "../../core/logger.js";
import { isRecord } from "../../core/parse-json.js";

/** Whether `path`, such as `assets.12.size`, was already reported. */
const reported = new Set<string>();
/** All records of a large site can be odd in the same way. */
const MOST_REPORTED = 50;

/**
 * Logs what in an answer does not match Webflow's documentation, once per process and path: the answer is read all
 * the same, without that part. `paths` name fields or whole records.
 */
export function logOddities(paths: readonly string[], log: Logger): void {
  for (const path of paths) {
    if (reported.has(path) || reported.size >= MOST_REPORTED) continue;
    reported.add(path);
    log.info(`${path} is not what Webflow documents; it was left out`);
  }
}

/** Paths, two levels deep, of what was dropped: entries without a usable id, and unreadable fields. */
export function odditiesOf(body: unknown, read: unknown): string[] {
  if (!isRecord(body) || !isRecord(read)) return [];
  return Object.entries(body).flatMap(([key, list]) => {
    const kept = read[key] ?? read["entries"];
    if (!Array.isArray(list) || !Array.isArray(kept)) return [];
    const keptById = new Map(kept.filter(isRecord).map((entry) => [entry["id"], entry]));
    return list.flatMap((entry, index) =>
      oddFieldsOf(entry, keptById).map((field) => `${key}.${index}${field}`),
    );
  });
}

function oddFieldsOf(entry: unknown, keptById: ReadonlyMap<unknown, Record<string, unknown>>): string[] {
  if (!isRecord(entry)) return [""];
  const kept = keptById.get(entry["id"]);
  if (!kept) return [".id"];
  return Object.keys(kept)
    .filter((field) => kept[field] === undefined && entry[field] !== undefined && entry[field] !== null)
    .map((field) => `.${field}`);
}
