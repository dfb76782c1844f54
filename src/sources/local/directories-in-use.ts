import { realpath } from "node:fs/promises";
import { parse } from "node:path";
import { AssetError, isAssetError } from "../../core/errors.js";
import { homeDirectory as homeOfUser } from "../../core/home-directory.js";
import { type AllowedDirectory, isBelow, resolveAllowedDirectory } from "./allowed-directories.js";

/** The allowed directories over time: new ones may appear, but one that was seen keeps its real path. */
export interface AllowedDirectories {
  /** Looks at them for the first time. Never rejects. */
  look(): Promise<void>;
  /**
   * Calls `work` with the directories that can be used now, and settles as it does. If it finds no file, or one that
   * is not allowed, the error also names the directories that cannot be used at the moment.
   */
  use<Result>(work: (directories: readonly AllowedDirectory[]) => Promise<Result>): Promise<Result>;
  /** What the user should know about the directories looked at; each sentence is returned once. */
  takeNotes(): string[];
}

export interface AllowedDirectoriesOptions {
  /** Those that the client should have filled in but did not: mentioned when a file is not allowed. */
  readonly unfilled?: readonly string[];
  readonly homeDirectory?: string | undefined;
}

/** One that cannot be used at the moment, and why. */
interface UnusableDirectory {
  readonly path: string;
  readonly why: string;
}

const MISSING = "does not exist";
const MOVED = "leads to another place than when the server first saw it, and is refused until the next start";
const UNFILLED = "was not filled in by the client";

/** `paths` as the user gave them. A directory is resolved when it is first seen, at the first use or later. */
export function createAllowedDirectories(
  paths: readonly string[],
  { unfilled = [], homeDirectory = homeOfUser() }: AllowedDirectoriesOptions = {},
): AllowedDirectories {
  const seen = new Map<string, AllowedDirectory>();
  const untold: string[] = [];
  const told = new Set<string>();
  const measured = new Set<string>();

  function note(text: string): void {
    if (told.has(text)) return;
    told.add(text);
    untold.push(text);
  }

  async function look(path: string): Promise<AllowedDirectory | UnusableDirectory> {
    const now = await resolveAllowedDirectory(path, homeDirectory);
    if (now === undefined) return { path, why: MISSING };
    const first = seen.get(path) ?? now;
    seen.set(path, first);
    return first.real === now.real ? first : { path, why: MOVED };
  }

  async function warn(directories: readonly AllowedDirectory[]): Promise<void> {
    for (const directory of directories) {
      if (measured.has(directory.real)) continue;
      measured.add(directory.real);
      if (await isFarTooLarge(directory, homeDirectory)) note(warnOfLargeDirectory(directory.given));
    }
  }

  return {
    async look() {
      await Promise.all(paths.map(look));
    },

    async use(work) {
      const looked = await Promise.all(paths.map(look));
      const usable = looked.filter((directory) => "real" in directory);
      const unusable = [
        ...looked.filter((directory) => "why" in directory),
        ...unfilled.map((path) => ({ path, why: UNFILLED })),
      ];
      if (usable.length === 0 && unusable.length > 0) throw noneUsable(unusable);
      await warn(usable);
      for (const directory of unusable) if (directory.why !== UNFILLED) note(`${describe(directory)}.`);
      try {
        return await work(usable);
      } catch (error) {
        throw unusable.length > 0 && isAssetError(error, "SOURCE_NOT_FOUND", "SOURCE_NOT_ALLOWED")
          ? alsoTelling(unusable, error)
          : error;
      }
    },

    takeNotes: () => untold.splice(0),
  };
}

/** Whether the directory holds nearly everything: a root, or one that contains the home directory. */
export async function isFarTooLarge(
  { real }: AllowedDirectory,
  homeDirectory: string | undefined = homeOfUser(),
): Promise<boolean> {
  if (parse(real).root === real) return true;
  if (homeDirectory === undefined) return false;
  return isBelow(await realpath(homeDirectory).catch(() => homeDirectory), real);
}

export function warnOfLargeDirectory(directory: string): string {
  return (
    `The allowed directory ${directory} holds far more than files for the site, and what is uploaded is public: ` +
    "tell the user to allow only the directory of the files."
  );
}

function describe({ path, why }: UnusableDirectory): string {
  return `The allowed directory ${path} ${why}`;
}

function noneUsable(unusable: readonly UnusableDirectory[]): AssetError {
  return new AssetError(
    "SOURCE_NOT_ALLOWED",
    `Local files come only from allowed directories, and none can be used. ${unusable.map(describe).join(". ")}`,
    "ask the user to make the directory or connect its drive, then call again: no restart is needed for that; " +
      "or to correct the setting (argument or WEBFLOW_ASSET_DIRS) and restart the server",
  );
}

function alsoTelling(unusable: readonly UnusableDirectory[], error: AssetError): AssetError {
  const message = [error.message, ...unusable.map(describe)].join(". ");
  return new AssetError(error.code, message, error.next, { cause: error });
}
