import { type Dirent, promises as fs } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import picomatch from "picomatch";
import { type CallContext, throwIfInterrupted } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import {
  type AllowedDirectory,
  isReallyAllowed,
  notAllowedError,
} from "../sources/local/allowed-directories.js";
import { candidatePaths } from "../sources/local/local-path.js";
import { locateAllowed } from "../sources/local/open-allowed-file.js";

/** A file of a directory that is to be synced. */
export interface LocalFile {
  /** Names of the directories between the root and the file, in NFC. */
  readonly folders: readonly string[];
  /** In NFC. */
  readonly name: string;
  /** `folders` and `name` with slashes between. */
  readonly path: string;
  /** Where it can be read. */
  readonly realPath: string;
}

export interface WalkOptions {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

const MOST_FILES = 5_000;
const MOST_LEVELS = 32;
/** What editors, browsers and systems leave behind; dotfiles are left out besides. */
const TEMPORARY = [
  "Thumbs.db",
  "desktop.ini",
  "~$*",
  "*~",
  "*.tmp",
  "*.temp",
  "*.part",
  "*.crdownload",
  "*.swp",
];
const isTemporary = picomatch(TEMPORARY, { nocase: true, dot: true });

/**
 * The files below a directory, sorted by path. Links are followed where they stay in the allowed directories, and each
 * directory is entered once. Throws SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, or INVALID_INPUT for more than 5,000 files.
 */
export async function walkDirectory(
  directory: string,
  directories: readonly AllowedDirectory[],
  { include, exclude }: WalkOptions,
  call: CallContext,
): Promise<LocalFile[]> {
  // An allowed directory may itself be what is synced, so its parents are not looked at.
  const root = await locateDirectory(directory, directories);
  const isIncluded = include && include.length > 0 ? picomatch([...include], { nocase: true }) : () => true;
  const isExcluded = exclude && exclude.length > 0 ? picomatch([...exclude], { nocase: true }) : () => false;
  const entered = new Set<string>();
  const files: LocalFile[] = [];

  async function walk(realDirectory: string, folders: readonly string[]): Promise<void> {
    if (entered.has(realDirectory) || folders.length > MOST_LEVELS) return;
    entered.add(realDirectory);
    throwIfInterrupted(call);
    const entries = await fs.readdir(realDirectory, { withFileTypes: true });
    for (const entry of entries) {
      if (entry.name.startsWith(".") || isTemporary(entry.name)) continue;
      await visit(entry, realDirectory, folders);
    }
  }

  async function visit(entry: Dirent, parent: string, folders: readonly string[]): Promise<void> {
    const realPath = await resolveAllowed(join(parent, entry.name), directories);
    if (realPath === undefined) return;
    const name = entry.name.normalize("NFC");
    const stats = await fs.stat(realPath);
    if (stats.isDirectory()) return walk(realPath, [...folders, name]);
    const path = [...folders, name].join("/");
    if (!stats.isFile() || !isIncluded(path) || isExcluded(path)) return;
    files.push({ folders, name, path, realPath });
    if (files.length > MOST_FILES) throw tooManyFiles();
  }

  await walk(root, []);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function locateDirectory(directory: string, directories: readonly AllowedDirectory[]): Promise<string> {
  if (directories.length === 0) throw notAllowedError(directories);
  const root = await rootOf(directory, directories);
  if (!(await fs.stat(root)).isDirectory()) {
    throw new AssetError(
      "INVALID_INPUT",
      `"${directory}" is a file, not a directory`,
      "use uploadAsset for a file",
    );
  }
  return root;
}

/** An allowed directory itself is no file in an allowed directory, and yet the one that is asked for most. */
async function rootOf(directory: string, directories: readonly AllowedDirectory[]): Promise<string> {
  const candidates = candidatePaths(directory, directories, homedir());
  const allowed = directories.find(({ given, real }) =>
    candidates.some((candidate) => candidate === given || candidate === real),
  );
  return allowed?.real ?? locateAllowed(candidates, directories);
}

/** The real path of an entry, undefined for a link that leads nowhere or out of the allowed directories. */
async function resolveAllowed(
  path: string,
  directories: readonly AllowedDirectory[],
): Promise<string | undefined> {
  try {
    const real = await fs.realpath(path);
    return isReallyAllowed(real, directories) ? real : undefined;
  } catch {
    return undefined;
  }
}

function tooManyFiles(): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The directory holds more than ${MOST_FILES} files`,
    "sync its sub-directories one by one, or narrow it with include and exclude",
  );
}
