import { constants } from "node:fs";
import { chmod, type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Logger } from "../../core/logger.js";
import { parseJson } from "../../core/parse-json.js";

/** What is remembered about an upload: a hint, until the site's listing confirms the asset. */
export interface LedgerEntry {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** Which assets hold which bytes, by MD5 or another key, remembered from one run to the next. */
export interface Ledger {
  find(siteId: string, key: string): Promise<LedgerEntry | undefined>;
  /** Remembers the asset under each of the keys. Resolves when that has been written; never rejects. */
  record(siteId: string, keys: readonly string[], entry: LedgerEntry): Promise<void>;
  /** Resolves when everything recorded has been written. */
  flush(): Promise<void>;
}

const lineSchema = z.object({ key: z.string(), id: z.string(), size: z.number() });

/**
 * A ledger with one file per site in `directory`, to which each upload appends a line of JSON at once: a process that
 * is killed forgets nothing, and two processes do not get in each other's way. Lines that cannot be read are skipped.
 * A ledger that cannot be written costs time and nothing else, so that is only logged.
 */
export function createLedger(directory: string, log: Logger): Ledger {
  const known = new Map<string, Promise<Map<string, LedgerEntry>>>();
  const unwritten = new Map<string, Map<string, LedgerEntry>>();
  /** The last write, and the one that will include everything that is waiting. */
  let writing = Promise.resolve();
  let nextWrite: Promise<void> | undefined;
  let prepared: Promise<void> | undefined;

  function fileOf(siteId: string): string {
    return join(directory, `${siteId}.jsonl`);
  }

  function entriesOf(siteId: string): Promise<Map<string, LedgerEntry>> {
    const entries = known.get(siteId) ?? read(fileOf(siteId));
    known.set(siteId, entries);
    return entries;
  }

  /** Everything that is waiting goes into the file in one step, so that a large batch is not slowed down. */
  async function write(siteId: string, added: Map<string, LedgerEntry>): Promise<void> {
    const entries = await entriesOf(siteId);
    const fresh = [...added].filter(([key, { id }]) => entries.get(key)?.id !== id);
    for (const [key, entry] of fresh) entries.set(key, entry);
    if (fresh.length === 0) return;
    prepared ??= makePrivate(directory);
    await prepared;
    // The line break comes first as well: a line that a kill cut short must not swallow the next one.
    const lines = fresh.map(([key, { id, size }]) => `\n${JSON.stringify({ key, id, size })}\n`);
    await append(fileOf(siteId), lines.join(""));
  }

  async function writeAll(): Promise<void> {
    const sites = [...unwritten];
    unwritten.clear();
    nextWrite = undefined;
    for (const [siteId, added] of sites) {
      await write(siteId, added).catch((error) => {
        prepared = undefined;
        log.info(`the ledger could not be written: ${error.message}`);
      });
    }
  }

  return {
    find: async (siteId, key) => unwritten.get(siteId)?.get(key) ?? (await entriesOf(siteId)).get(key),

    record(siteId, keys, entry) {
      const waiting = unwritten.get(siteId) ?? new Map<string, LedgerEntry>();
      for (const key of keys) waiting.set(key, entry);
      unwritten.set(siteId, waiting);
      nextWrite ??= writing.then(writeAll);
      writing = nextWrite;
      return nextWrite;
    },

    flush: () => writing,
  };
}

/** Only a file of our own is read or written, whoever else may write to the directory; Windows has no such flag. */
const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const FOR_OWNER_ALONE = 0o600;
const DIRECTORY_FOR_OWNER_ALONE = 0o700;
const MOST_BYTES = 50 * 1024 * 1024;

async function makePrivate(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_FOR_OWNER_ALONE });
  await chmod(directory, DIRECTORY_FOR_OWNER_ALONE);
}

async function append(file: string, text: string): Promise<void> {
  const handle = await openOwn(file, O_WRONLY | O_APPEND | O_CREAT);
  try {
    await handle.chmod(FOR_OWNER_ALONE);
    await handle.appendFile(text);
  } finally {
    await handle.close();
  }
}

/** Throws for a link, for anything but a regular file, and for more than 50 MB. */
async function openOwn(file: string, flags: number): Promise<FileHandle> {
  const handle = await open(file, flags | O_NOFOLLOW | O_NONBLOCK, FOR_OWNER_ALONE);
  const stats = await handle.stat();
  if (stats.isFile() && stats.size <= MOST_BYTES) return handle;
  await handle.close();
  throw new Error(stats.isFile() ? "it is larger than 50 MB" : "it is not a regular file");
}

async function readOwn(file: string): Promise<string> {
  const handle = await openOwn(file, O_RDONLY);
  try {
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

async function read(file: string): Promise<Map<string, LedgerEntry>> {
  const text = await readOwn(file).catch(() => "");
  const entries = new Map<string, LedgerEntry>();
  for (const line of text.split("\n")) {
    const entry = lineSchema.safeParse(parseJson(line));
    if (entry.success) entries.set(entry.data.key, { id: entry.data.id, size: entry.data.size });
  }
  return entries;
}

/** For callers who want no ledger. */
export const NO_LEDGER: Ledger = {
  find: async () => undefined,
  record: async () => {},
  flush: async () => {},
};

/** The ledger's key for the result of optimizing a source: with one recipe, or with any. */
export function optimizedKey(sourceMd5: string, recipe = "any"): string {
  return `${sourceMd5} optimized by ${recipe}`;
}

/** The ledger's keys for the asset of a source: its own MD5, or if it is optimized, that and the recipe. */
export function ledgerKeysOf(sourceMd5: string, recipe: string | undefined): string[] {
  if (recipe === undefined) return [sourceMd5];
  return [optimizedKey(sourceMd5, recipe), optimizedKey(sourceMd5)];
}
