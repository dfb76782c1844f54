import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetError } from "../../core/errors.js";
import { homeDirectory as homeOfUser } from "../../core/home-directory.js";
import { type AllowedDirectory, expandHome, notAllowedError } from "./allowed-directories.js";
import { type FilePath, pathOfBytes } from "./file-path.js";

/** The longest path on Linux; elsewhere the limits are lower or rarely met. */
const MAX_CHARACTERS = 4_096;

/**
 * The absolute paths that a local source may mean, in the order in which to try them: an absolute path, `~/...` and
 * `file://` mean one, a relative path one in each allowed directory. Throws SOURCE_NOT_ALLOWED for another machine's
 * paths and INVALID_INPUT for what cannot be a path.
 */
export function candidatePaths(
  source: string,
  directories: readonly AllowedDirectory[],
  homeDirectory: string | undefined = homeOfUser(),
): FilePath[] {
  if (source.length > MAX_CHARACTERS) throw invalidPath("is longer than any path");
  if (source.includes("\0")) throw invalidPath("holds a NUL character");
  if (isForeignPath(source)) throw notAllowedError(directories);
  const isFileUrl = /^file:/i.test(source);
  const path = isFileUrl ? pathOfFileUrl(source, directories) : expandHome(source, homeDirectory);
  if (typeof path !== "string") return [path];
  if (isAbsolute(path)) return [resolve(path)];
  return directories.map(({ given }) => resolve(given, path));
}

/** Windows network paths everywhere (opening one sends the user's credentials), drive letters outside Windows. */
function isForeignPath(source: string): boolean {
  if (/^[\\/]{2}[^\\/]/.test(source) && (process.platform === "win32" || source.startsWith("\\")))
    return true;
  return process.platform !== "win32" && /^[a-z]:[\\/]/i.test(source);
}

function pathOfFileUrl(source: string, directories: readonly AllowedDirectory[]): FilePath {
  if (!URL.canParse(source)) throw invalidPath("is a file URL that cannot be read");
  const url = new URL(source);
  if (url.hostname !== "" || /^file:[\\/]{4}/i.test(source)) throw notAllowedError(directories);
  if (url.search !== "" || url.hash !== "") {
    throw invalidPath("is a file URL with a query or a fragment; write ? in a name as %3F and # as %23");
  }
  const bytes = pathOfBytes(url.pathname);
  if (bytes) return bytes;
  try {
    const path = fileURLToPath(url);
    if (!path.includes("\0")) return path;
  } catch {
    throw invalidPath("is a file URL with an encoded slash, or one that names no path");
  }
  throw invalidPath("holds a NUL character");
}

function invalidPath(why: string): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The local path ${why}`,
    "give the plain path of the file, absolute or relative to an allowed directory",
  );
}
