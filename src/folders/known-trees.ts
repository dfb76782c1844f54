import { type CallContext, sharedWork } from "../core/call-context.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { createListReading } from "../webflow/data-api/list-reading.js";
import type { Folder } from "../webflow/data-api/responses.js";
import { buildFolderTree, type FolderTree } from "./folder-tree.js";

/** The folder trees of sites, as last read, with what this process has created since. */
export interface KnownTrees {
  /** The tree of a site, at most `maxAgeMs` old. Calls that need it at the same time share one reading. */
  tree(siteId: string, call: CallContext, maxAgeMs?: number): Promise<FolderTree>;
  /** The tree as it is now, read by this very call. */
  read(siteId: string, call: CallContext): Promise<FolderTree>;
  /** Adds a folder that this process created, which Webflow's list may not show yet. */
  remember(siteId: string, folder: Folder): void;
  /** Whether this process created the folder a moment ago. */
  isNew(folderId: string): boolean;
  /** Makes the next look at the site's folders a fresh one. */
  forget(siteId: string): void;
}

/** Folders change rarely; a change made elsewhere shows up as a 404 or a conflict, which makes us look again. */
export const TREE_MAX_AGE_MS = 60_000;
const NEW_MS = 30_000;

export function createKnownTrees(webflow: WebflowClient): KnownTrees {
  const known = new Map<string, { readonly tree: FolderTree; readonly readAt: number }>();
  const reading = new Map<string, Promise<FolderTree>>();
  /** When this process created folders: milliseconds since the epoch. */
  const madeAt = new Map<string, number>();
  /** The folders that this process created, by site. */
  const made = new Map<string, Folder[]>();

  function isNew(folderId: string): boolean {
    return Date.now() - (madeAt.get(folderId) ?? 0) < NEW_MS;
  }

  async function read(siteId: string, call: CallContext): Promise<FolderTree> {
    const readAt = Date.now();
    const { folders, doubt } = await readAllFolders(webflow, siteId, call);
    const ids = new Set(folders.map(({ id }) => id));
    // A list may lag behind what was created a moment ago.
    const unlisted = (made.get(siteId) ?? []).filter(({ id }) => !ids.has(id) && isNew(id));
    const tree = buildFolderTree([...folders, ...unlisted], doubt);
    known.set(siteId, { tree, readAt });
    return tree;
  }

  async function readTogether(siteId: string, call: CallContext): Promise<FolderTree> {
    const others = reading.get(siteId);
    const shared = others && (await sharedWork(call, others));
    if (shared) return shared;
    const own = read(siteId, call).finally(() => reading.delete(siteId));
    reading.set(siteId, own);
    return own;
  }

  return {
    async tree(siteId, call, maxAgeMs = TREE_MAX_AGE_MS) {
      const last = known.get(siteId);
      if (last && Date.now() - last.readAt < maxAgeMs) return last.tree;
      return readTogether(siteId, call);
    },
    read,
    remember(siteId, folder) {
      madeAt.set(folder.id, Date.now());
      made.set(siteId, [...(made.get(siteId) ?? []), folder]);
      const last = known.get(siteId);
      if (last) known.set(siteId, { ...last, tree: last.tree.with(folder) });
    },
    isNew,
    forget: (siteId) => void known.delete(siteId),
  };
}

const SAME_PAGE =
  "Webflow answered every offset with the same full page and reported no total: there may be more folders than were listed";

async function readAllFolders(webflow: WebflowClient, siteId: string, call: CallContext) {
  const folders = new Map<string, Folder>();
  const list = createListReading<Folder>(
    { readPage: (page, part) => webflow.listFolders(siteId, page, part), idOf: ({ id }) => id },
    (folder) => void folders.set(folder.id, folder),
  );
  await list.readUpTo(Number.POSITIVE_INFINITY, call);
  return { folders: [...folders.values()], doubt: list.mayHoldMore ? SAME_PAGE : undefined };
}
