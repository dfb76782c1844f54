import { abortable, type CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { createKeyedQueue } from "../core/keyed-queue.js";
import { LAG_MS, lookUntil } from "../core/look-until.js";
import type { WebflowClient } from "../webflow/client.js";
import { isConflict, isNotFound, transienceOf } from "../webflow/error-mapping.js";
import { assertWebflowId } from "../webflow/ids.js";
import type { Folder } from "../webflow/responses.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy, withRetries } from "../webflow/retry.js";
import { formatFolderPath, parseFolderPath } from "./folder-path.js";
import { buildFolderTree, type FolderTree, type PlacedFolder } from "./folder-tree.js";

/** The folders of every site, read once and kept for a while. */
export interface FolderStore {
  /** The tree of a site, not older than `maxAgeMs` milliseconds. */
  tree(siteId: string, call: CallContext, maxAgeMs?: number): Promise<FolderTree>;
  /** The folder of a call: by its path or by its id, undefined for the root. Throws FOLDER_NOT_FOUND, FOLDER_AMBIGUOUS. */
  find(siteId: string, place: FolderChoice, call: CallContext): Promise<PlacedFolder | undefined>;
  /** As `find`, but undefined also for a folder that does not exist. */
  findIfAny(siteId: string, place: FolderChoice, call: CallContext): Promise<PlacedFolder | undefined>;
  /** Throws INVALID_INPUT when the choice can never be met, without asking Webflow. */
  check(place: FolderChoice): void;
  /**
   * The folder at `path`, with every missing level made once, also when calls ask for it at the same time.
   * `created` holds the paths of the levels that were made. Throws FOLDER_CONFLICT, FOLDER_AMBIGUOUS, INVALID_INPUT.
   */
  ensure(siteId: string, path: string, call: CallContext): Promise<EnsuredFolder>;
  /** Remembers where an asset was put, which a tree that was read before does not tell. */
  notePlaced(assetId: string, folder: PlacedFolder): void;
  /** Where an asset of this age (milliseconds) lies, undefined for the root. Only folder listings tell it. */
  folderOfAsset(
    siteId: string,
    assetId: string,
    assetAgeMs: number,
    call: CallContext,
  ): Promise<PlacedFolder | undefined>;
  /** Whether this process made the folder a moment ago, so that Webflow may not know it everywhere yet. */
  isNew(folderId: string): boolean;
  /** Makes the next look at the site's folders a fresh one. */
  forget(siteId: string): void;
}

/** How a call names a folder: by path or by id, not both. Neither means the root. */
export interface FolderChoice {
  readonly folder?: string | undefined;
  readonly folderId?: string | undefined;
}

export interface EnsuredFolder {
  readonly folder: PlacedFolder;
  readonly created: readonly string[];
}

interface KnownTree {
  readonly tree: FolderTree;
  readonly readAt: number;
}

/** Folders change rarely; a change made elsewhere shows as a 404 or a conflict, which makes us look again. */
const TREE_MAX_AGE_MS = 60_000;
const NEW_MS = 30_000;
const CLOCK_SLACK_MS = 2_000;
const PAGE_SIZE = 100;
/** Folders that a slip of a path makes stay for good, unless somebody deletes them by hand. */
const MOST_NEW_LEVELS = 20;

export function createFolderStore(
  webflow: WebflowClient,
  retryPolicy: RetryPolicy = DEFAULT_RETRY_POLICY,
): FolderStore {
  const known = new Map<string, KnownTree>();
  const reading = new Map<string, Promise<FolderTree>>();
  /** Where uploads of this process went since the trees were read. */
  const placed = new Map<string, PlacedFolder>();
  /** When folders were made by this process: milliseconds since the epoch. */
  const madeAt = new Map<string, number>();
  /** The folders that this process made, by site. */
  const made = new Map<string, Folder[]>();
  const inTurn = createKeyedQueue();

  function isNew(folderId: string): boolean {
    return Date.now() - (madeAt.get(folderId) ?? 0) < NEW_MS;
  }

  async function read(siteId: string, call: CallContext): Promise<FolderTree> {
    const readAt = Date.now();
    const listed = await readAllFolders(webflow, siteId, call);
    const ids = new Set(listed.map(({ id }) => id));
    // A list may lag behind what was made a moment ago.
    const unlisted = (made.get(siteId) ?? []).filter(({ id }) => !ids.has(id) && isNew(id));
    const tree = buildFolderTree([...listed, ...unlisted]);
    known.set(siteId, { tree, readAt });
    return tree;
  }

  /** Calls that need the tree at the same time share one reading of it. */
  async function readTogether(siteId: string, call: CallContext): Promise<FolderTree> {
    const others = reading.get(siteId);
    if (others) {
      try {
        return await abortable(call, others);
      } catch (error) {
        if (call.signal.aborted) throw error;
        // The call that read for all of us may only have been cancelled: read on our own.
      }
    }
    const own = read(siteId, call).finally(() => {
      if (reading.get(siteId) === own) reading.delete(siteId);
    });
    reading.set(siteId, own);
    return own;
  }

  async function tree(siteId: string, call: CallContext, maxAgeMs = TREE_MAX_AGE_MS): Promise<FolderTree> {
    const last = known.get(siteId);
    if (last && Date.now() - last.readAt < maxAgeMs) return last.tree;
    return readTogether(siteId, call);
  }

  function remember(siteId: string, folder: Folder): void {
    madeAt.set(folder.id, Date.now());
    made.set(siteId, [...(made.get(siteId) ?? []), folder]);
    const last = known.get(siteId);
    if (last) known.set(siteId, { ...last, tree: last.tree.with(folder) });
  }

  async function make(
    siteId: string,
    names: readonly string[],
    parent: string | undefined,
    call: CallContext,
  ): Promise<boolean> {
    const displayName = names.at(-1) ?? "";
    let attempts = 0;
    const attempt = async (): Promise<boolean> => {
      attempts += 1;
      // An attempt that failed may have made the folder: look before making another one.
      if (attempts > 1 && only(await read(siteId, call), names)) return true;
      try {
        remember(siteId, await webflow.createFolder(siteId, { displayName, parentFolder: parent }, call));
        return true;
      } catch (error) {
        if (!isConflict(error)) throw error;
        // Somebody may have made it so lately that the list does not show it yet.
        const fresh = await lookUntil(
          () => read(siteId, call),
          (seen) => only(seen, names) !== undefined || seen.named(displayName).length > 0,
          LAG_MS,
          call,
        );
        if (only(fresh, names)) return attempts > 1;
        throw conflict(names, fresh);
      }
    };
    return withRetries(call, retryPolicy, attempt, transienceOf);
  }

  async function ensureNames(
    siteId: string,
    names: readonly string[],
    call: CallContext,
  ): Promise<EnsuredFolder> {
    const created: string[] = [];
    let parent: PlacedFolder | undefined;
    for (let depth = 1; depth <= names.length; depth += 1) {
      const path = names.slice(0, depth);
      let folder = only(await tree(siteId, call), path);
      if (!folder) {
        if (await make(siteId, path, parent?.id, call)) created.push(formatFolderPath(path));
        folder = only(await tree(siteId, call), path);
      }
      if (!folder) throw notFound(formatFolderPath(path));
      parent = folder;
    }
    if (!parent) throw notFound("");
    return { folder: parent, created };
  }

  async function ensureAlone(
    siteId: string,
    names: readonly string[],
    call: CallContext,
  ): Promise<EnsuredFolder> {
    try {
      return await ensureNames(siteId, names, call);
    } catch (error) {
      if (!isNotFound(error) || !known.delete(siteId)) throw error;
      // A parent that was known is gone, so what was known is out of date.
      return ensureNames(siteId, names, call);
    }
  }

  async function findIfAny(
    siteId: string,
    place: FolderChoice,
    call: CallContext,
  ): Promise<PlacedFolder | undefined> {
    const { folder, folderId } = checkChoice(place);
    if (folder === undefined && folderId === undefined) return undefined;
    const lookUp = (among: FolderTree): PlacedFolder | undefined =>
      folder === undefined ? among.byId(folderId ?? "") : only(among, parseFolderPath(folder));
    return lookUp(await tree(siteId, call)) ?? lookUp(await tree(siteId, call, 0));
  }

  return {
    tree,

    findIfAny,

    async find(siteId, place, call) {
      const found = await findIfAny(siteId, place, call);
      const isRoot = place.folder === undefined && place.folderId === undefined;
      if (!found && !isRoot) throw notFound(place.folder ?? place.folderId ?? "");
      return found;
    },

    check: checkChoice,

    async ensure(siteId, path, call) {
      const names = parseFolderPath(path);
      const existing = only(await tree(siteId, call), names);
      if (existing) return { folder: existing, created: [] };
      if (names.length > MOST_NEW_LEVELS) throw tooDeep(names.length);
      return inTurn(siteId, call, () => ensureAlone(siteId, names, call));
    },

    notePlaced: (assetId, folder) => {
      placed.set(assetId, folder);
    },

    async folderOfAsset(siteId, assetId, assetAgeMs, call) {
      const own = placed.get(assetId);
      if (own) return own;
      // A tree that was read after the asset was made tells where it lies.
      const maxAgeMs = Math.min(TREE_MAX_AGE_MS, Math.max(0, assetAgeMs - CLOCK_SLACK_MS));
      return (await tree(siteId, call, maxAgeMs)).folderOfAsset(assetId);
    },

    isNew,

    forget: (siteId) => {
      known.delete(siteId);
    },
  };
}

/** Reads page after page, and stops at a server that answers every offset with the same page. */
async function readAllFolders(webflow: WebflowClient, siteId: string, call: CallContext): Promise<Folder[]> {
  const folders = new Map<string, Folder>();
  for (let offset = 0; ; ) {
    const page = await webflow.listFolders(siteId, { offset, limit: PAGE_SIZE }, call);
    const before = folders.size;
    for (const folder of page.assetFolders) folders.set(folder.id, folder);
    offset += page.assetFolders.length;
    const isLast = page.pagination ? offset >= page.pagination.total : page.assetFolders.length < PAGE_SIZE;
    if (isLast || folders.size === before) return [...folders.values()];
  }
}

function tooDeep(levels: number): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The folder would lie ${levels} levels deep; up to ${MOST_NEW_LEVELS} are made, because the API cannot delete folders`,
    "choose a shorter path, or make the folders by hand in Webflow",
  );
}

function only(tree: FolderTree, names: readonly string[]): PlacedFolder | undefined {
  const [first, ...twins] = tree.at(names);
  if (twins.length === 0 || !first) return first;
  const ids = [first, ...twins].map((folder) => folder.id).join(", ");
  throw new AssetError(
    "FOLDER_AMBIGUOUS",
    `${twins.length + 1} folders have the path "${first.path}": ${ids}`,
    "name the one that is meant by folderId",
  );
}

function conflict(names: readonly string[], tree: FolderTree): AssetError {
  const name = names.at(-1) ?? "";
  const elsewhere = tree.named(name).map((folder) => `"${folder.path}" (${folder.id})`);
  return new AssetError(
    "FOLDER_CONFLICT",
    `Webflow refused the folder "${formatFolderPath(names)}" because the name "${name}" exists on the site already` +
      (elsewhere.length > 0 ? `: ${elsewhere.join(", ")}` : ""),
    elsewhere.length > 0 ? "use that folder, or choose another name" : "choose another name",
  );
}

function notFound(folder: string): AssetError {
  return new AssetError(
    "FOLDER_NOT_FOUND",
    `The site has no folder "${folder}"`,
    "call listFolders for those that exist, or ensureFolder to make it",
  );
}

function checkChoice({ folder, folderId }: FolderChoice): FolderChoice {
  if (folder !== undefined && folderId !== undefined) {
    throw new AssetError("INVALID_INPUT", "Both folder and folderId are given", "give one of them");
  }
  if (folder !== undefined) parseFolderPath(folder);
  return folderId === undefined ? { folder } : { folderId: assertWebflowId(folderId, "folderId") };
}
