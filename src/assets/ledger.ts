import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Logger } from "../log.js";

/** What is remembered of an upload. It is a hint: nothing is claimed before the site's listing shows the asset. */
export interface LedgerEntry {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** Which assets hold which bytes, by MD5, remembered from one run to the next. */
export interface Ledger {
  find(siteId: string, md5: string): Promise<LedgerEntry | undefined>;
  record(siteId: string, md5: string, entry: LedgerEntry): void;
  /** Writes what was recorded. Failures are logged: a ledger that cannot be kept costs time, nothing else. */
  flush(): Promise<void>;
}

const fileSchema = z.object({
  version: z.literal(1),
  assets: z.record(z.string(), z.object({ id: z.string(), size: z.number() })),
});
type Entries = z.infer<typeof fileSchema>["assets"];

/**
 * A ledger of one JSON file a site in `directory`. Files are replaced in one step, and what another process wrote in
 * the meantime is kept; a file that is missing or cannot be read counts as empty.
 */
export function createLedger(directory: string, log: Logger): Ledger {
  const known = new Map<string, Promise<Entries>>();
  const unsaved = new Map<string, Entries>();

  function fileOf(siteId: string): string {
    return join(directory, `${siteId}.json`);
  }

  async function save(siteId: string, added: Entries): Promise<void> {
    const file = fileOf(siteId);
    const draft = `${file}.${randomBytes(6).toString("hex")}.tmp`;
    const assets = { ...(await read(file)), ...added };
    await mkdir(directory, { recursive: true });
    try {
      await writeFile(draft, JSON.stringify({ version: 1, assets }));
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
  }

  return {
    async find(siteId, md5) {
      const entries = known.get(siteId) ?? read(fileOf(siteId));
      known.set(siteId, entries);
      return unsaved.get(siteId)?.[md5] ?? (await entries)[md5];
    },

    record(siteId, md5, entry) {
      unsaved.set(siteId, { ...unsaved.get(siteId), [md5]: entry });
    },

    async flush() {
      const sites = [...unsaved];
      unsaved.clear();
      known.clear();
      for (const [siteId, added] of sites) {
        await save(siteId, added).catch((error) =>
          log.info(`the ledger could not be written: ${error.message}`),
        );
      }
    },
  };
}

async function read(file: string): Promise<Entries> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(file, "utf8"))).assets;
  } catch {
    return {};
  }
}

/** For those who want none. */
export const NO_LEDGER: Ledger = {
  find: async () => undefined,
  record: () => {},
  flush: async () => {},
};
