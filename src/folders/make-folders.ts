import type { CallContext } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import type { WebflowClient } from "../webflow/data-api/client.js";
import { isConflict, isNotFound, transienceOf } from "../webflow/data-api/error-mapping.js";
import { lookUntil } from "../webflow/look-until.js";
import { type RetryPolicy, withRetries } from "../webflow/wire/retry.js";
import { assertMakeable, folderAt, notesOnTwin } from "./find-folder.js";
import { formatFolderPath } from "./folder-path.js";
import type { FolderTree, PlacedFolder } from "./folder-tree.js";
import type { KnownTrees } from "./known-trees.js";

export interface EnsuredFolder {
  readonly folder: PlacedFolder;
  /** Paths of the levels that were created. */
  readonly created: string[];
  /** What is worth telling about them. */
  readonly notes: readonly string[];
}

/**
 * Creates every missing level of a folder, outermost first; for each site one folder at a time. Throws
 * FOLDER_CONFLICT, FOLDER_AMBIGUOUS, and INVALID_INPUT before anything is created.
 */
export type MakeFolders = (
  siteId: string,
  names: readonly string[],
  call: CallContext,
) => Promise<EnsuredFolder>;

export function createMakeFolders(
  webflow: WebflowClient,
  trees: KnownTrees,
  retryPolicy: RetryPolicy,
  lagMs: number,
): MakeFolders {
  /** Looks for a folder that is too new for the list. Throws FOLDER_CONFLICT if nobody created it. */
  async function lookAgain(siteId: string, names: readonly string[], call: CallContext): Promise<void> {
    const displayName = names.at(-1) ?? "";
    const fresh = await lookUntil(
      () => trees.read(siteId, call),
      (seen) => folderAt(seen, names) !== undefined || seen.named(displayName).length > 0,
      lagMs,
      call,
    );
    if (!folderAt(fresh, names)) throw conflict(names, fresh);
  }

  /** Creates one level; false if somebody else has created it. */
  async function makeLevel(
    siteId: string,
    names: readonly string[],
    parent: string | undefined,
    call: CallContext,
  ): Promise<boolean> {
    const displayName = names.at(-1) ?? "";
    let attempts = 0;
    const attempt = async (): Promise<boolean> => {
      attempts += 1;
      // An attempt that failed may have created the folder: look before creating another one.
      if (attempts > 1 && folderAt(await trees.read(siteId, call), names)) return true;
      try {
        const folder = await webflow.createFolder(siteId, { displayName, parentFolder: parent }, call);
        trees.remember(siteId, folder);
        return true;
      } catch (error) {
        if (!isConflict(error)) throw error;
        await lookAgain(siteId, names, call);
        return attempts > 1;
      }
    };
    return withRetries(call, retryPolicy, attempt, transienceOf);
  }

  /** A folder whose name no new one could get may have been created since the folders were read. */
  async function checkNames(siteId: string, names: readonly string[], call: CallContext): Promise<void> {
    try {
      assertMakeable(await trees.tree(siteId, call), names);
    } catch (error) {
      if (!isAssetError(error, "INVALID_INPUT")) throw error;
      assertMakeable(await trees.read(siteId, call), names);
    }
  }

  /** Adds the path of each level that it creates to `created`. */
  async function makeAll(siteId: string, names: readonly string[], created: string[], call: CallContext) {
    let parent: PlacedFolder | undefined;
    await checkNames(siteId, names, call);
    const notes = notesOnTwin(await trees.tree(siteId, call), names);
    for (let depth = 1; depth <= names.length; depth += 1) {
      const path = names.slice(0, depth);
      let folder = folderAt(await trees.tree(siteId, call), path);
      if (!folder) {
        if (await makeLevel(siteId, path, parent?.id, call)) created.push(formatFolderPath(path));
        folder = folderAt(await trees.tree(siteId, call), path);
      }
      if (!folder) throw folderNotFound(formatFolderPath(path));
      parent = folder;
    }
    if (!parent) throw folderNotFound("");
    return { folder: parent, created, notes: created.length > 0 ? notes : [] };
  }

  async function makeAllOnceMore(
    siteId: string,
    names: readonly string[],
    created: string[],
    call: CallContext,
  ) {
    try {
      return await makeAll(siteId, names, created, call);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // A parent that we knew is gone, so what we know is out of date.
      trees.forget(siteId);
      return makeAll(siteId, names, created, call);
    }
  }

  return async (siteId, names, call) => {
    const created: string[] = [];
    try {
      return await makeAllOnceMore(siteId, names, created, call);
    } catch (error) {
      throw withCreated(error, created);
    }
  };
}

/** What was created before a level failed stays, because the API cannot delete folders: the error says so. */
function withCreated(error: unknown, created: readonly string[]): unknown {
  if (!isAssetError(error) || created.length === 0) return error;
  const paths = created.map((path) => `"${path}"`).join(", ");
  return new AssetError(error.code, `${error.message}. Created before that: ${paths}`, error.next, {
    cause: error,
  });
}

function conflict(names: readonly string[], tree: FolderTree): AssetError {
  const name = names.at(-1) ?? "";
  const elsewhere = tree.named(name).map((folder) => `"${folder.path}" (${folder.id})`);
  return new AssetError(
    "FOLDER_CONFLICT",
    `Webflow refused the folder "${formatFolderPath(names)}" because the name "${name}" already exists on the site` +
      (elsewhere.length > 0 ? `: ${elsewhere.join(", ")}` : ""),
    elsewhere.length > 0 ? "use that folder, or choose another name" : "choose another name",
  );
}

/** `alike` are the folders that could be meant instead. */
export function folderNotFound(folder: string, alike: readonly PlacedFolder[] = []): AssetError {
  const [first, ...others] = alike.slice(0, 3).map(({ path }) => `"${path}"`);
  const meant = first === undefined ? "" : `name ${[first, ...others].join(" or ")} if that is meant, or `;
  return new AssetError(
    "FOLDER_NOT_FOUND",
    `The site has no folder "${folder}"`,
    `${meant}call listFolders to see those that exist`,
  );
}
