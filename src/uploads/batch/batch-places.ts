import type { CallContext } from "../../core/call-context.js";
import { uniqueFileName } from "../../files/file-name.js";
import { assertMakeable, notesOnPlanned } from "../../folders/find-folder.js";
import { readFolderPath } from "../../folders/folder-path.js";
import type { FolderChoice, FolderStore } from "../../folders/folder-store.js";
import type { PlacedFolder } from "../../folders/folder-tree.js";

/** Where the files of one batch go, and under which names. */
export interface BatchPlaces {
  /** The folder; one that is named by a path is created if missing, once. Undefined for the root. */
  folderOf(choice: FolderChoice): Promise<PlacedFolder | undefined>;
  /** Throws what `folderOf` would throw, and creates nothing. */
  check(choice: FolderChoice): Promise<void>;
  /** What is worth telling about a folder that `folderOf` or `check` has looked at, once for all files in it. */
  notesOn(choice: FolderChoice): readonly string[];
  /** The name, or a variation of it if another file of the batch has that name in the same folder. */
  ownName(fileName: string, choice: FolderChoice): string;
}

export function createBatchPlaces(folders: FolderStore, siteId: string, call: CallContext): BatchPlaces {
  const found = new Map<string, Promise<PlacedFolder | undefined>>();
  const checked = new Set<string>();
  const untold = new Map<string, readonly string[]>();
  const namesInFolders = new Map<string, Set<string>>();

  async function find(choice: FolderChoice): Promise<PlacedFolder | undefined> {
    if (choice.folder === undefined) return folders.find(siteId, choice, call);
    const { folder, notes } = await folders.ensure(siteId, choice.folder, call);
    untold.set(keyOf(choice), notes);
    return folder;
  }

  return {
    folderOf(choice) {
      const key = keyOf(choice);
      const folder = found.get(key) ?? find(choice);
      found.set(key, folder);
      return folder;
    },

    async check(choice) {
      if (choice.folder === undefined) {
        await folders.find(siteId, choice, call);
        return;
      }
      const [tree, names] = [await folders.tree(siteId, call), readFolderPath(choice.folder)];
      assertMakeable(tree, names);
      const key = keyOf(choice);
      if (!checked.has(key)) untold.set(key, notesOnPlanned(tree, names));
      checked.add(key);
    },

    notesOn(choice) {
      const notes = untold.get(keyOf(choice)) ?? [];
      untold.delete(keyOf(choice));
      return notes;
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
