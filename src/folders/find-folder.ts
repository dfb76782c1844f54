import { AssetError } from "../core/errors.js";
import { assertNewNames, formatFolderPath } from "./folder-path.js";
import type { FolderTree, PlacedFolder } from "./folder-tree.js";

/** The folder with exactly these names from the root, undefined where there is none. Throws FOLDER_AMBIGUOUS for twins. */
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

/**
 * Throws what making the folder with these names would fail with: FOLDER_AMBIGUOUS where a level above it has twins,
 * INVALID_INPUT where a level that is missing may not be named so. Nothing where it exists.
 */
export function assertMakeable(tree: FolderTree, names: readonly string[]): void {
  const missingFrom = names.findIndex((_, index) => !folderAt(tree, names.slice(0, index + 1)));
  if (missingFrom !== -1) assertNewNames(names.slice(missingFrom), formatFolderPath(names));
}
