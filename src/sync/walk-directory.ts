import { type Dirent, promises as fs } from "node:fs";
import { relative, sep } from "node:path";
import { type CallContext, throwIfInterrupted } from "../core/call-context.js";
import { AssetError, errorCode } from "../core/errors.js";
import { homeDirectory } from "../core/home-directory.js";
import {
  type AllowedDirectory,
  expandHome,
  isReallyAllowed,
  notAllowedError,
} from "../sources/local/allowed-directories.js";
import {
  type FilePath,
  filePathOf,
  joinFilePath,
  nameOfFilePath,
  sourceOf,
} from "../sources/local/file-path.js";
import { candidatePaths } from "../sources/local/local-path.js";
import { locateAllowed } from "../sources/local/open-allowed-file.js";
import { spellingsOf } from "../sources/spellings.js";
import { IGNORE_REASONS, ignoreRuleFor } from "./ignore-rules.js";
import { createLeftOutTally, type LeftOut, type LeftOutTally } from "./left-out-tally.js";
import { createSelection, type Selection } from "./selection.js";

/** A file of a directory that is to be synced. */
export interface LocalFile {
  /** Names of the directories between the root and the file, in NFC. */
  readonly folders: readonly string[];
  /** In NFC. */
  readonly name: string;
  /** `folders` and `name`, joined by slashes. */
  readonly path: string;
  /** The path by which a source reader finds it. */
  readonly source: string;
}

export interface WalkOptions {
  /** Names or globs, see `parsePattern`. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

export interface WalkedDirectory {
  /** Sorted by path. */
  readonly files: readonly LocalFile[];
  readonly leftOut: readonly LeftOut[];
  /** Patterns of `exclude` that matched nothing. */
  readonly unmatchedExcludes: readonly string[];
}

/** A directory to look into. */
interface Place {
  readonly real: FilePath;
  readonly folders: readonly string[];
}

const MOST_FILES = 5_000;
const MOST_ENTRIES = 100_000;
const MOST_LEVELS = 32;

/**
 * The files below a directory, and what was left out and why. Links are followed if they stay within the allowed
 * directories, and each directory is entered once, by its own name rather than by a link. What cannot be read is left
 * out; only the directory itself has to be readable. Throws SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, or INVALID_INPUT
 * for a pattern that cannot be parsed and for more than 5,000 files.
 */
export async function walkDirectory(
  directory: string,
  directories: readonly AllowedDirectory[],
  { include, exclude }: WalkOptions,
  call: CallContext,
): Promise<WalkedDirectory> {
  const candidates = spellingsOf(directory).flatMap((spelling) => candidatePaths(spelling, directories));
  const root = await locateDirectory(directory, candidates, directories);
  const roots = [...new Set([...candidates, root].map(String))];
  const selection = createSelection({ include: include?.map(atHome), exclude: exclude?.map(atHome), roots });
  const leftOut = createLeftOutTally();
  const found = await findFiles(root, directories, selection, leftOut, call);
  const files = selection.included(found, ({ folders, name }) => [...folders, name]);
  const taken = new Set(files);
  for (const file of found) if (!taken.has(file)) leftOut.add("not matched by include", file.path);
  if (files.length > MOST_FILES) throw tooMany(`${MOST_FILES} files`);
  for (const pattern of selection.unmatchedIncludes())
    leftOut.add("include patterns that match nothing", pattern);
  const unmatchedExcludes = selection.unmatchedExcludes();
  return {
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    leftOut: leftOut.list(),
    unmatchedExcludes,
  };
}

/** Every file that nothing excludes. */
async function findFiles(
  root: FilePath,
  directories: readonly AllowedDirectory[],
  selection: Selection,
  leftOut: LeftOutTally,
  call: CallContext,
): Promise<LocalFile[]> {
  const entered = new Set<string>();
  const files: LocalFile[] = [];
  let looked = 0;

  function passOver(why: string, path: readonly string[], isDirectory: boolean): void {
    leftOut.add(why, path.join("/") + (isDirectory ? "/" : ""));
    selection.passedOver(path);
  }

  async function walk({ real, folders }: Place): Promise<void> {
    if (folders.length > MOST_LEVELS) return passOver(`deeper than ${MOST_LEVELS} levels`, folders, true);
    if (entered.has(sourceOf(real)))
      return passOver("links to what is part of the sync already", folders, true);
    entered.add(sourceOf(real));
    const entries = await readEntries(real).catch((error: unknown) => {
      if (folders.length === 0) throw unreadableRoot(error);
      passOver(whyUnreadable(error), folders, true);
      return [];
    });
    for (const entry of entries) {
      throwIfInterrupted(call);
      looked += 1;
      if (looked > MOST_ENTRIES) throw tooMany(`${MOST_ENTRIES} files and directories`);
      await visit(entry, { real, folders });
    }
  }

  async function visit(entry: Dirent<Buffer>, parent: Place): Promise<void> {
    const name = nameOfFilePath(entry.name).normalize("NFC");
    const path = [...parent.folders, name];
    const objection = objectionTo(name, path);
    if (objection !== undefined) return passOver(objection, path, entry.isDirectory());

    const way = joinFilePath(parent.real, filePathOf(entry.name));
    const seen = await look(way, entry.isSymbolicLink());
    if ("why" in seen) return passOver(seen.why, path, entry.isDirectory());
    if (!isReallyAllowed(String(seen.real), directories)) {
      return passOver("links that lead out of the allowed directories, or to something hidden", path, false);
    }
    if (isExcludedByItsOwnName(seen.real)) return passOver("excluded", path, seen.is === "directory");
    if (seen.is === "directory") return walk({ real: seen.real, folders: path });
    if (seen.is !== "file") return passOver("neither files nor directories", path, false);
    files.push({ folders: parent.folders, name, path: path.join("/"), source: sourceOf(seen.real) });
  }

  function objectionTo(name: string, path: readonly string[]): string | undefined {
    if (selection.excludes(path)) return "excluded";
    const rule = ignoreRuleFor(name);
    return rule && !selection.asksFor(name, rule) ? IGNORE_REASONS[rule.kind] : undefined;
  }

  /** What a link leads to may be excluded under its own name. */
  function isExcludedByItsOwnName(real: FilePath): boolean {
    const path = relative(String(root), String(real)).split(sep);
    return path[0] !== ".." && path[0] !== "" && selection.excludes(path);
  }

  await walk({ real: root, folders: [] });
  return files;
}

/** The entries of a directory by name, links last, so that what has a name of its own is found under it. */
async function readEntries(directory: FilePath): Promise<Dirent<Buffer>[]> {
  const entries = await fs.readdir(directory, { withFileTypes: true, encoding: "buffer" });
  return entries.sort(
    (a, b) => Number(a.isSymbolicLink()) - Number(b.isSymbolicLink()) || Buffer.compare(a.name, b.name),
  );
}

type Seen =
  | { readonly real: FilePath; readonly is: "file" | "directory" | "other" }
  | { readonly why: string };

async function look(path: FilePath, isLink: boolean): Promise<Seen> {
  try {
    const real = filePathOf(await fs.realpath(path, "buffer"));
    const stats = await fs.stat(real);
    return { real, is: stats.isDirectory() ? "directory" : stats.isFile() ? "file" : "other" };
  } catch (error) {
    return {
      why: isLink && errorCode(error) !== "EACCES" ? "links that lead nowhere" : whyUnreadable(error),
    };
  }
}

function whyUnreadable(error: unknown): string {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return "vanished while the directory was read";
  if (code !== "EACCES" && code !== "EPERM") return `not readable (${code || "unknown reason"})`;
  return process.platform === "darwin"
    ? "not readable: no permission (macOS: System Settings > Privacy & Security > Files and Folders)"
    : "not readable: no permission";
}

async function locateDirectory(
  directory: string,
  candidates: readonly FilePath[],
  directories: readonly AllowedDirectory[],
): Promise<FilePath> {
  if (directories.length === 0) throw notAllowedError(directories);
  // An allowed directory itself is in no allowed directory, and yet it is the one asked for most.
  const allowed = directories.find(({ given, real }) =>
    candidates.some((candidate) => candidate === given || candidate === real),
  );
  const root = allowed?.real ?? (await locateAllowed(candidates, directories));
  const stats = await fs.stat(root).catch((error: unknown) => {
    throw unreadableRoot(error);
  });
  if (stats.isDirectory()) return root;
  throw new AssetError(
    "INVALID_INPUT",
    `"${directory}" is a file, not a directory`,
    "use uploadAsset for a file",
  );
}

function unreadableRoot(cause: unknown): AssetError {
  const isGone = errorCode(cause) === "ENOENT";
  return new AssetError(
    isGone ? "SOURCE_NOT_FOUND" : "SOURCE_NOT_ALLOWED",
    `The directory cannot be read: ${whyUnreadable(cause)}`,
    isGone
      ? "check the path, and that its disk is connected"
      : "ask the user to give this program the permission to read it, then call again",
    { cause },
  );
}

function tooMany(what: string): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The directory holds more than ${what}`,
    "sync its sub-directories one by one, or narrow it with include and exclude",
  );
}

function atHome(pattern: string): string {
  return expandHome(pattern, homeDirectory());
}
