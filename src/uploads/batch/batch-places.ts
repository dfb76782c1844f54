import type { CallContext } from "../../core/call-context.js";
import { uniqueFileName } from "../../files/file-name.js";
import { assertMakeable } from "../../folders/find-folder.js";
import { readFolderPath } from "../../folders/folder-path.js";
import type { FolderChoice, FolderStore } from "../../folders/folder-store.js";
import type { PlacedFolder } from "../../folders/folder-tree.js";

/** Where the files of one batch go, and under which names. */
export interface BatchPlaces {
  /** The folder; one that is named by a path is created if missing, once. Undefined for the root. */
  folderOf(choice: FolderChoice): Promise<PlacedFolder | undefined>;
  /** Throws what `folderOf` would throw, and creates nothing. */
  check(choice: FolderChoice): Promise<void>;
  /** The name, or a variation of it if another file of the batch has that name in the same folder. */
  ownName(fileName: string, choice: FolderChoice): string;
}

export function createBatchPlaces(folders: FolderStore, siteId: string, call: CallContext): BatchPlaces {
  const found = new Map<string, Promise<PlacedFolder | undefined>>();
  const namesInFolders = new Map<string, Set<string>>();

  async function find(choice: FolderChoice): Promise<PlacedFolder | undefined> {
    if (choice.folder === undefined) return folders.find(siteId, choice, call);
    return (await folders.ensure(siteId, choice.folder, call)).folder;
  }

  return {
    folderOf(choice) {
      const key = keyOf(choice);
      const folder = found.get(key) ?? find(choice);
      found.set(key, folder);
      return folder;
    },

    async check(choice) {
      if (choice.folder === undefined) await folders.find(siteId, choice, call);
      else assertMakeable(await folders.tree(siteId, call), readFolderPath(choice.folder));
    },

    ownName(fileName, choice) {
      const key = keyOf(choice);
      const taken = namesInFolders.get(key) ?? new Set();
      namesInFolders.set(key, taken);
      return uniqueFileName(fileName, taken);
    },
  };
}

function keyOf({ folder, folderId }: FolderChoice): string {
  return folderId === undefined ? `path ${folder ?? ""}` : `id ${folderId}`;
}

/** Whether a folder (undefined for the root) is the requested one. */
export function isAsked(folder: PlacedFolder | undefined, { folder: path, folderId }: FolderChoice): boolean {
  return folderId === undefined ? folder?.path === path : folder?.id === folderId.toLowerCase();
}
