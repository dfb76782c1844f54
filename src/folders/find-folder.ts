import { distance } from "fastest-levenshtein";
import { AssetError } from "../core/errors.js";
import { searchable } from "../core/text.js";
import { WEBFLOW_ID } from "../webflow/ids.js";
import { assertNewNames, formatFolderPath, readFolderPath } from "./folder-path.js";
import type { FolderTree, PlacedFolder } from "./folder-tree.js";

/** The folder with exactly these names from the root, if there is one. Throws FOLDER_AMBIGUOUS for twins. */
export function folderAt(tree: FolderTree, names: readonly string[]): PlacedFolder | undefined {
  const [first, ...twins] = tree.at(names);
  if (twins.length === 0 || !first) return first;
  const ids = [first, ...twins].map((folder) => folder.id).join(", ");
  throw new AssetError(
    "FOLDER_AMBIGUOUS",
    `${twins.length + 1} folders have the path "${first.path}": ${ids}`,
    "name the right one by folderId",
  );
}

const MOST_WRONG_LETTERS = 2;

/** Folders that a path that leads to none may mean: by its id, of the same name elsewhere, or mistyped. */
export function foldersLike(path: string, tree: FolderTree): readonly PlacedFolder[] {
  const withThatId = tree.byId(path.toLowerCase());
  if (withThatId) return [withThatId];
  const sameName = tree.named(readFolderPath(path).at(-1) ?? "");
  if (sameName.length > 0) return sameName;
  const wanted = searchable(path);
  return tree.folders.filter((folder) => {
    const other = searchable(folder.path);
    const isNear = Math.abs(other.length - wanted.length) <= MOST_WRONG_LETTERS && wanted.length > 3;
    return isNear && distance(other, wanted) <= MOST_WRONG_LETTERS;
  });
}

/**
 * Throws what creating the folder with these names would throw: FOLDER_AMBIGUOUS if a level above it has twins,
 * INVALID_INPUT if a missing level must not have that name, or an id stands in place of the path. Throws nothing if the
 * folder exists.
 */
export function assertMakeable(tree: FolderTree, names: readonly string[]): void {
  const missingFrom = names.findIndex((_, index) => !folderAt(tree, names.slice(0, index + 1)));
  if (missingFrom === 0) assertNoId(tree, names[0] ?? "");
  if (missingFrom !== -1) assertNewNames(names.slice(missingFrom), formatFolderPath(names));
}

/** What to tell before a folder is created: the folder, and `notesOnTwin`. Nothing about one that exists. */
export function notesOnPlanned(tree: FolderTree, names: readonly string[]): readonly string[] {
  if (names.length === 0 || folderAt(tree, names)) return [];
  return [`The folder "${formatFolderPath(names)}" would be created.`, ...notesOnTwin(tree, names)];
}

/** A folder that may have been meant by the path of a new one: it, or one above it, differs in case or accents only. */
export function notesOnTwin(tree: FolderTree, names: readonly string[]): readonly string[] {
  const isNew = (depth: number) => tree.at(names.slice(0, depth)).length === 0;
  for (let depth = names.length; depth > 0 && isNew(depth); depth -= 1) {
    const wanted = formatFolderPath(names.slice(0, depth));
    // Both are composed (NFC), and the comparison of lengths spares trees of thousands the other one.
    const isLike = (path: string) => path.length === wanted.length && searchable(path) === searchable(wanted);
    const twin = tree.folders.find(({ path }) => isLike(path));
    if (twin) return [`The site has "${twin.path}" too, which differs in case or accents only.`];
  }
  return [];
}

/** A folder that is named like the id of another one was hardly meant, and the API cannot delete it. */
function assertNoId(tree: FolderTree, name: string): void {
  if (!WEBFLOW_ID.test(name)) return;
  const meant = tree.byId(name.toLowerCase());
  throw new AssetError(
    "INVALID_INPUT",
    meant ? `"${name}" is an id, not a path` : `"${name}" is an id, and the site has no folder with it`,
    meant
      ? `name the folder by its path, "${meant.path}"`
      : "name a folder by its path; listFolders has those that exist",
  );
}
