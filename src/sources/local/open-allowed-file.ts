import { type BigIntStats, constants, realpathSync, type Stats, statSync } from "node:fs";
import { type FileHandle, lstat, open, readdir, readlink, realpath } from "node:fs/promises";
import { dirname, join, parse, relative, sep } from "node:path";
import { AssetError, errorCode } from "../../core/errors.js";
import {
  type AllowedDirectory,
  isLexicallyAllowed,
  isReallyAllowed,
  notAllowedError,
} from "./allowed-directories.js";
import { type FilePath, filePathOf, nameOfFilePath } from "./file-path.js";

/** A local file that was opened and checked; reading from `handle` cannot reach any other file. */
export interface OpenedFile {
  readonly handle: FileHandle;
  /** As the file system spells it, without symbolic links. */
  readonly realPath: FilePath;
  readonly stats: Stats;
}

const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** macOS 11 and later: a link anywhere in the path makes `open` fail (O_NOFOLLOW_ANY of its fcntl.h). */
const NO_LINK_ANYWHERE = 0x20000000;
/** Where only paths can be asked: whoever swaps a directory and back would have to hit the moment so often. */
const PATH_CHECKS = 16;

/**
 * The real path of the first of `candidates` that exists, be it a file or a directory. Names that differ from what is
 * asked for only in Unicode form or in the kind of white space are found too.
 * Throws SOURCE_NOT_FOUND, or SOURCE_NOT_ALLOWED when the way leads out of the allowed directories, whether or not
 * there is anything at its end.
 */
export async function locateAllowed(
  candidates: readonly FilePath[],
  directories: readonly AllowedDirectory[],
): Promise<FilePath> {
  if (directories.length === 0) throw notAllowedError(directories);
  for (const candidate of candidates) {
    const found = await locate(candidate, directories);
    if (found !== undefined) return found;
  }
  throw notFound(candidates, directories);
}

function notFound(candidates: readonly FilePath[], directories: readonly AllowedDirectory[]): AssetError {
  const isPattern = candidates.some((path) => /[*?]/.test(nameOfFilePath(path)));
  const bases = directories.map(({ given }) => given).join(", ");
  return new AssetError(
    "SOURCE_NOT_FOUND",
    "No such file exists in the allowed directories",
    isPattern
      ? "name each file; or give their directory to syncFolder, which takes patterns as include"
      : `check the path (relative ones start at ${bases}); syncFolder without apply lists the files of a directory`,
  );
}

/**
 * Opens a file by a real path from {@link locateAllowed} and checks what was opened: a regular file, in an allowed
 * directory, with no second name. Whatever happens to the path afterwards, the handle stays on that file.
 * Throws SOURCE_NOT_ALLOWED or SOURCE_NOT_FOUND. The caller closes the handle.
 */
export async function openAllowedFile(
  realPath: FilePath,
  directories: readonly AllowedDirectory[],
): Promise<OpenedFile> {
  const handle = await openRegular(realPath, directories);
  try {
    const stats = await handle.stat();
    checkKind(stats);
    if (!(await isHandleAllowed(handle, realPath, directories))) throw notAllowedError(directories);
    if (stats.nlink > 1) throw hardLinked(realPath);
    return { handle, realPath, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function locate(candidate: FilePath, directories: readonly AllowedDirectory[]) {
  // Of bytes that are not UTF-8, the replacement characters equal no name of an allowed directory.
  const text = String(candidate);
  if (!isLexicallyAllowed(text, directories)) return locateAlias(candidate, directories);
  const real = await realInside(candidate, directories);
  if (real !== undefined) return real;
  const twin = await findTwin(text, directories);
  return twin === undefined ? undefined : realInside(twin, directories);
}

/** The real path of what is there. Throws SOURCE_NOT_ALLOWED when the way leads out, even to nothing. */
async function realInside(path: FilePath, directories: readonly AllowedDirectory[]) {
  const real = await tryRealpath(path);
  if (real === undefined) await refuseWayOut(String(path), directories);
  else if (!isReallyAllowed(String(real), directories)) throw notAllowedError(directories);
  return real;
}

/** A path that looks outside may lead inside, by a link or another spelling; if not, it is never touched. */
async function locateAlias(candidate: FilePath, directories: readonly AllowedDirectory[]): Promise<FilePath> {
  const isSameVolume = directories.some(({ real }) => parse(real).root === parse(String(candidate)).root);
  const real = isSameVolume ? await tryRealpath(candidate) : undefined;
  if (real !== undefined && isReallyAllowed(String(real), directories)) return real;
  throw notAllowedError(directories);
}

/** For a path that leads nowhere: the existing part of it must be inside, and must not be a dangling link. */
async function refuseWayOut(path: string, directories: readonly AllowedDirectory[]): Promise<void> {
  for (let ancestor = path; dirname(ancestor) !== ancestor; ancestor = dirname(ancestor)) {
    const exists = await lstat(ancestor).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    const real = await tryRealpath(ancestor);
    if (real === undefined || !isReallyAllowed(String(real), directories)) throw notAllowedError(directories);
    return;
  }
}

/**
 * The path as the file system spells it, if it differs only in Unicode form (macOS decomposes) or in white space
 * (macOS writes a narrow no-break space into the names of screenshots); undefined if no such name exists.
 */
async function findTwin(path: string, directories: readonly AllowedDirectory[]): Promise<string | undefined> {
  const root = directories
    .flatMap(({ given, real }) => [given, real])
    .find((directory) => isLexicallyAllowed(path, [{ given: directory, real: directory }]));
  if (root === undefined) return undefined;
  let found = root;
  for (const segment of relative(root, path).split(sep)) {
    const real = await tryRealpath(found);
    if (real === undefined || !isReallyAllowed(String(real), directories)) return undefined;
    const names = await readdir(found).catch((): string[] => []);
    const name = names.includes(segment) ? segment : onlyTwin(names, segment);
    if (name === undefined) return undefined;
    found = join(found, name);
  }
  return found;
}

function onlyTwin(names: readonly string[], segment: string): string | undefined {
  const twins = names.filter((name) => twinKey(name) === twinKey(segment));
  return twins.length === 1 ? twins[0] : undefined;
}

function twinKey(name: string): string {
  return name.normalize("NFC").replace(/\s/gu, " ");
}

/** Looks first, because opening a device can have effects; the check that counts is `openAllowedFile`'s. */
async function openRegular(realPath: FilePath, directories: readonly AllowedDirectory[]) {
  try {
    checkKind(await lstat(realPath));
    return await open(realPath, process.platform === "darwin" ? READ_ONLY | NO_LINK_ANYWHERE : READ_ONLY);
  } catch (error) {
    if (error instanceof AssetError) throw error;
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw vanished();
    if (code === "EACCES" || code === "EPERM") throw unreadable();
    throw notAllowedError(directories);
  }
}

function checkKind(stats: Stats): void {
  if (stats.isFile()) return;
  throw new AssetError(
    "SOURCE_NOT_ALLOWED",
    stats.isDirectory() ? "The source is a directory" : "The source is not a regular file",
    stats.isDirectory()
      ? "give the path of a file, or upload the whole directory with syncFolder"
      : "give the path of a regular file",
  );
}

/** Finds out where the open file is: from the kernel on Linux, elsewhere by finding it inside by its path. */
async function isHandleAllowed(
  handle: FileHandle,
  realPath: FilePath,
  directories: readonly AllowedDirectory[],
): Promise<boolean> {
  if (process.platform === "linux") {
    const path = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
    if (path !== undefined) return isReallyAllowed(path, directories);
  }
  const opened = await handle.stat({ bigint: true });
  return Array.from({ length: PATH_CHECKS }).every(() => isFileAt(realPath, opened, directories));
}

/** Whether the path still leads inside and to this file; checked in one go, so that little can change. */
function isFileAt(realPath: FilePath, opened: BigIntStats, directories: readonly AllowedDirectory[]) {
  try {
    const now = realpathSync.native(realPath, "buffer");
    const named = statSync(now, { bigint: true });
    const isSame = opened.ino === named.ino && opened.dev === named.dev;
    return isSame && isReallyAllowed(String(now), directories);
  } catch {
    return false;
  }
}

async function tryRealpath(path: FilePath): Promise<FilePath | undefined> {
  return realpath(path, "buffer").then(filePathOf, () => undefined);
}

function hardLinked(realPath: FilePath): AssetError {
  return new AssetError(
    "SOURCE_NOT_ALLOWED",
    `${nameOfFilePath(realPath)} has more than one name on the disk (a hard link), so it may be a file from elsewhere`,
    "make a plain copy of the file and send that",
  );
}

function vanished(): AssetError {
  return new AssetError(
    "SOURCE_NOT_FOUND",
    "The file disappeared before it could be read",
    "check the path and try again",
  );
}

function unreadable(): AssetError {
  return new AssetError(
    "SOURCE_NOT_ALLOWED",
    "The user that the server runs as has no permission to read the file",
    "ask the user to give that permission, or to copy the file",
  );
}
