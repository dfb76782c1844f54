import type { EnsureFolderRequest, EnsureFolderResult } from "../contract/ensure-folder.js";
import type { CallContext } from "../core/call-context.js";
import type { Sites } from "../webflow/sites.js";
import { readFolderPath } from "./folder-path.js";
import type { FolderStore } from "./folder-store.js";

/** Creates every missing level of a folder path, each once. Throws as `FolderStore.ensure` does. */
export type EnsureFolder = (request: EnsureFolderRequest, call: CallContext) => Promise<EnsureFolderResult>;

export function createEnsureFolder(sites: Sites, folders: FolderStore): EnsureFolder {
  return async ({ siteId: named, path }, call) => {
    readFolderPath(path);
    const siteId = await sites.resolve(named, call);
    const { folder, created, notes } = await folders.ensure(siteId, path, call);
    return {
      siteId,
      folder: { id: folder.id, path: folder.path },
      created,
      ...(notes.length > 0 && { notes: [...notes] }),
    };
  };
}
