import type { Logger } from "../core/logger.js";

/** Whether `path`, such as `assets.12.size`, was told before. */
const told = new Set<string>();
/** Records of a large site can all be odd in the same way. */
const MOST_TOLD = 50;

/**
 * Tells of what in an answer is not what Webflow documents, once a process for each path: the answer is read all the
 * same, without it. `paths` are of fields or of whole records.
 */
export function logOddities(paths: readonly string[], log: Logger): void {
  for (const path of paths) {
    if (told.has(path) || told.size >= MOST_TOLD) continue;
    told.add(path);
    log.info(`${path} is not what Webflow documents; it was left out`);
  }
}

/**
 * Paths, two levels deep, of what a list holds that is not as it is read: entries without a usable id, and fields that
 * are neither absent nor null, and came to nothing.
 */
export function odditiesOf(body: unknown, read: unknown): string[] {
  if (!isRecord(body) || !isRecord(read)) return [];
  return Object.entries(body).flatMap(([key, list]) => {
    const kept = read[key];
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
