import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { assertWebflowId, timeOfWebflowId } from "../webflow/ids.js";
import type { RetryPolicy } from "../webflow/wire/retry.js";
import { folderAt, foldersLike } from "./find-folder.js";
import { readFolderPath } from "./folder-path.js";
import type { FolderTree, PlacedFolder } from "./folder-tree.js";
import { createKnownTrees, TREE_MAX_AGE_MS } from "./known-trees.js";
import { createMakeFolders, type EnsuredFolder, folderNotFound } from "./make-folders.js";

/** The folders of every site, read once and kept for a while. */
export interface FolderStore {
  /** The tree of a site, not older than `maxAgeMs` milliseconds. */
  tree(siteId: string, call: CallContext, maxAgeMs?: number): Promise<FolderTree>;
  /** The folder that a call names; undefined for the root. Throws FOLDER_NOT_FOUND, FOLDER_AMBIGUOUS. */
  find(siteId: string, place: FolderChoice, call: CallContext): Promise<PlacedFolder | undefined>;
  /** Like `find`, but undefined also for a folder that does not exist. */
  findIfAny(siteId: string, place: FolderChoice, call: CallContext): Promise<PlacedFolder | undefined>;
  /** Throws INVALID_INPUT if the choice can never be met, without asking Webflow. */
  check(place: FolderChoice): void;
  /**
   * The folder at `path`, with every missing level created once, even for simultaneous calls. `created` holds the paths
   * of the new levels. Throws FOLDER_CONFLICT, FOLDER_AMBIGUOUS, INVALID_INPUT.
   */
  ensure(siteId: string, path: string, call: CallContext): Promise<EnsuredFolder>;
  /** Remembers where an asset was put, which a tree that was read earlier does not show. */
  notePlaced(assetId: string, folder: PlacedFolder): void;
  /** The folder of an asset; undefined for the root. Its age in milliseconds is that of its id unless one is given. */
  folderOfAsset(
    siteId: string,
    assetId: string,
    call: CallContext,
    assetAgeMs?: number,
  ): Promise<PlacedFolder | undefined>;
  /** Whether this process created the folder a moment ago, so that Webflow may not know it everywhere yet. */
  isNew(folderId: string): boolean;
  /** Makes the next look at the site's folders a fresh one. */
  forget(siteId: string): void;
}

/** How a call names a folder: by path or by id, not both. Neither means the root. */
export interface FolderChoice {
  readonly folder?: string | undefined;
  readonly folderId?: string | undefined;
}

const CLOCK_SLACK_MS = 2_000;
/** Folders that a mistyped path creates stay for good, unless somebody deletes them by hand. */
const MOST_NEW_LEVELS = 20;

/** `lagMs` is how long Webflow's list may take to show a folder that somebody has just created, in milliseconds. */
export function createFolderStore(
  webflow: WebflowClient,
  retryPolicy: RetryPolicy,
  lagMs: number,
): FolderStore {
  const trees = createKnownTrees(webflow);
  const makeFolders = createMakeFolders(webflow, trees, retryPolicy, lagMs);
  /** Where uploads of this process went after the trees were read. */
  const placed = new Map<string, PlacedFolder>();
  const inTurn = createKeyedQueue();

  async function findIfAny(siteId: string, place: FolderChoice, call: CallContext) {
    const { folder, folderId } = checkChoice(place);
    if (folder === undefined && folderId === undefined) return undefined;
    const lookUp = (among: FolderTree): PlacedFolder | undefined =>
      folder === undefined ? among.byId(folderId ?? "") : folderAt(among, readFolderPath(folder));
    return lookUp(await trees.tree(siteId, call)) ?? lookUp(await trees.tree(siteId, call, 0));
  }

  return {
    tree: trees.tree,

    findIfAny,

    async find(siteId, place, call) {
      const found = await findIfAny(siteId, place, call);
      const isRoot = place.folder === undefined && place.folderId === undefined;
      if (found || isRoot) return found;
      if (place.folder === undefined) throw folderNotFound(place.folderId ?? "");
      throw folderNotFound(place.folder, foldersLike(place.folder, await trees.tree(siteId, call)));
    },

    check: checkChoice,

    async ensure(siteId, path, call) {
      const names = readFolderPath(path);
      const existing = folderAt(await trees.tree(siteId, call), names);
      if (existing) return { folder: existing, created: [], notes: [] };
      if (names.length > MOST_NEW_LEVELS) throw tooDeep(names.length);
      return inTurn(siteId, call, () => makeFolders(siteId, names, call));
    },

    notePlaced: (assetId, folder) => {
      placed.set(assetId, folder);
    },

    async folderOfAsset(siteId, assetId, call, assetAgeMs = Date.now() - timeOfWebflowId(assetId)) {
      const own = placed.get(assetId);
      if (own) return own;
      // A tree that was read after the asset was created shows where it is.
      const maxAgeMs = Math.min(TREE_MAX_AGE_MS, Math.max(0, assetAgeMs - CLOCK_SLACK_MS));
      return (await trees.tree(siteId, call, maxAgeMs)).folderOf({ id: assetId });
    },

    isNew: trees.isNew,

    forget: trees.forget,
  };
}

function tooDeep(levels: number): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The folder would lie ${levels} levels deep; at most ${MOST_NEW_LEVELS} are created, because the API cannot delete folders`,
    "choose a shorter path, or create the folders in Webflow yourself",
  );
}

function checkChoice({ folder, folderId }: FolderChoice): FolderChoice {
  if (folder !== undefined && folderId !== undefined) {
    throw new AssetError("INVALID_INPUT", "Both folder and folderId are given", "give one of them");
  }
  if (folder !== undefined) readFolderPath(folder);
  return folderId === undefined ? { folder } : { folderId: assertWebflowId(folderId, "folderId") };
}
