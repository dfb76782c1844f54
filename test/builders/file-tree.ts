import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What stands at a path: the content of a file, or a link to somewhere. */
export type Entry = string | Buffer | { symlink: string } | { hardLink: string } | "directory";

/** A new temporary directory (its real path) with these entries, by relative path; parents are made. */
export function makeTree(entries: Record<string, Entry>): { root: string; remove: () => void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "assets-")));
  for (const [path, entry] of Object.entries(entries)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    if (entry === "directory") mkdirSync(target, { recursive: true });
    else if (typeof entry === "string" || Buffer.isBuffer(entry)) writeFileSync(target, entry);
    else if ("symlink" in entry) symlinkSync(entry.symlink, target);
    else linkSync(join(root, entry.hardLink), target);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 20 }) };
}
