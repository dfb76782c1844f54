import type { Folder } from "../webflow/data-api/responses.js";
import { formatFolderPath } from "./folder-path.js";

/** A folder and its place in the tree. */
export interface PlacedFolder {
  readonly id: string;
  /** Names from the root, outermost first, in NFC. */
  readonly names: readonly string[];
  /** `names` as one path, see `formatFolderPath`. */
  readonly path: string;
  /** Ids of the assets directly in it, not in folders below. */
  readonly assetIds: readonly string[];
}

/** The folders of one site, as of one moment. */
export interface FolderTree {
  /** Sorted by path. */
  readonly folders: readonly PlacedFolder[];
  /** Why there may be more of them. */
  readonly doubt: string | undefined;
  byId(id: string): PlacedFolder | undefined;
  /** The folders with exactly these names from the root: none, one, or several if Webflow holds twins. */
  at(names: readonly string[]): readonly PlacedFolder[];
  /**
   * The folder of an asset, by its row in a listing, which may leave `folderId` out, or by the ids that folders list;
   * undefined for the root (and for an asset that the tree does not know).
   */
  folderOf(asset: { readonly id: string; readonly folderId?: string | undefined }): PlacedFolder | undefined;
  /** The ids of a folder and of all below it, whether or not it exists. */
  idsWithin(id: string): ReadonlySet<string>;
  /** Folders whose own name equals `name` except for case, wherever they are. */
  named(name: string): readonly PlacedFolder[];
  /** The same tree with one more folder. */
  with(folder: Folder): FolderTree;
}

/** Longer paths are shown by their end: the paths of thousands of nested folders would not fit into memory. */
const MOST_LEVELS = 100;

/** Builds a tree. A folder whose parent is missing, or that is its own ancestor, goes to the root. */
export function buildFolderTree(flat: readonly Folder[], doubt?: string): FolderTree {
  const byId = new Map(flat.map((folder) => [folder.id, folder]));
  const folders = flat.map((folder) => place(folder, byId)).sort(byPath);
  const placedById = new Map(folders.map((folder) => [folder.id, folder]));
  const byPathText = new Map<string, PlacedFolder[]>();
  for (const folder of folders) {
    const twins = byPathText.get(folder.path);
    if (twins) twins.push(folder);
    else byPathText.set(folder.path, [folder]);
  }
  const byAsset = new Map(folders.flatMap((folder) => folder.assetIds.map((id) => [id, folder] as const)));

  return {
    folders,
    doubt,
    byId: (id) => placedById.get(id),
    at: (names) => byPathText.get(formatFolderPath(names)) ?? [],
    folderOf: ({ id, folderId = "" }) => placedById.get(folderId) ?? byAsset.get(id),
    idsWithin: (id) => idsWithin(id, flat),
    named: (name) => folders.filter((folder) => foldCase(folder.names.at(-1) ?? "") === foldCase(name)),
    with: (folder) => buildFolderTree([...flat.filter(({ id }) => id !== folder.id), folder], doubt),
  };
}

function place(folder: Folder, byId: ReadonlyMap<string, Folder>): PlacedFolder {
  const names: string[] = [];
  const seen = new Set<string>();
  let current: Folder | undefined = folder;
  while (current !== undefined && !seen.has(current.id)) {
    if (names.length === MOST_LEVELS) {
      names.unshift("…");
      break;
    }
    seen.add(current.id);
    names.unshift(current.displayName.normalize("NFC"));
    current = current.parentFolder === undefined ? undefined : byId.get(current.parentFolder);
  }
  return { id: folder.id, names, path: formatFolderPath(names), assetIds: folder.assets };
}

function idsWithin(id: string, flat: readonly Folder[]): ReadonlySet<string> {
  const children = new Map<string, Folder[]>();
  for (const folder of flat) {
    const parent = folder.parentFolder ?? "";
    const siblings = children.get(parent);
    if (siblings) siblings.push(folder);
    else children.set(parent, [folder]);
  }
  const ids = new Set([id]);
  // A set is iterated in order of insertion, including what is added on the way.
  for (const current of ids) for (const child of children.get(current) ?? []) ids.add(child.id);
  return ids;
}

function byPath(a: PlacedFolder, b: PlacedFolder): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.id < b.id ? -1 : 1;
}

function foldCase(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
