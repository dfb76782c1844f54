import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { AssetError } from "../../core/errors.js";

/** A directory from which local files may be read. */
export interface AllowedDirectory {
  /** Absolute, as the user wrote it: the form for messages. */
  readonly given: string;
  /** The same without symbolic links: the form for comparisons. */
  readonly real: string;
}

/** File systems of the kernel, where reading has effects or reveals things about processes. */
const KERNEL_DIRECTORIES = ["/proc", "/sys", "/dev"];

/**
 * The directory with its real path; undefined if it does not exist. A relative path is resolved against the working
 * directory of the process; `~` is expanded, because the configuration files of MCP clients pass through no shell.
 */
export async function resolveAllowedDirectory(
  path: string,
  homeDirectory: string | undefined,
): Promise<AllowedDirectory | undefined> {
  const given = resolve(expandHome(path, homeDirectory));
  const real = await realDirectory(given);
  return real === undefined ? undefined : { given, real };
}

/** Whether an absolute path, judged by its text alone, is inside an allowed directory and under nothing hidden. */
export function isLexicallyAllowed(path: string, directories: readonly AllowedDirectory[]): boolean {
  return directories.some(({ given, real }) => isVisibleBelow(path, given) || isVisibleBelow(path, real));
}

/** Whether a path without symbolic links is in an allowed directory, not hidden, and not the kernel's. */
export function isReallyAllowed(realPath: string, directories: readonly AllowedDirectory[]): boolean {
  if (KERNEL_DIRECTORIES.some((directory) => isBelow(realPath, directory))) return false;
  return directories.some(({ real }) => isVisibleBelow(realPath, real));
}

/** SOURCE_NOT_ALLOWED that names the allowed directories and says nothing about the requested path. */
export function notAllowedError(directories: readonly AllowedDirectory[]): AssetError {
  if (directories.length === 0) {
    return new AssetError(
      "SOURCE_NOT_ALLOWED",
      "Local files are not allowed, because no directory is allowed",
      "ask the user to start the server with a directory as its argument, or to set WEBFLOW_ASSET_DIRS",
    );
  }
  const names = directories.map(({ given }) => given).join(", ");
  return new AssetError(
    "SOURCE_NOT_ALLOWED",
    `Local files come only from the allowed directories (${names}), and never from hidden files or directories`,
    "copy the file into an allowed directory, or ask the user to allow its directory (argument or WEBFLOW_ASSET_DIRS)",
  );
}

/** `path` with a leading `~` (alone or before a separator) expanded, if there is a home directory. */
export function expandHome(path: string, homeDirectory: string | undefined): string {
  const isAtHome = path === "~" || /^~[/\\]/.test(path);
  return isAtHome && homeDirectory !== undefined ? join(homeDirectory, path.slice(1)) : path;
}

async function realDirectory(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}

function isVisibleBelow(path: string, directory: string): boolean {
  return isBelow(path, directory) && !relative(directory, path).split(sep).some(isHidden);
}

/** Whether an absolute path, judged by its text, is the directory or inside it. */
export function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Also Windows' alternate data streams (`photo.png:hidden`), which no listing shows. */
function isHidden(segment: string): boolean {
  return segment.startsWith(".") || (process.platform === "win32" && segment.includes(":"));
}
