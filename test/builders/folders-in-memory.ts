import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import type { Folder } from "../../src/webflow/data-api/responses.js";

/** A Webflow that holds folders and no network is before; tests change `folders` as somebody in the Designer would. */
export interface FoldersInMemory {
  readonly webflow: WebflowClient;
  folders: Folder[];
  /** The offset of each page that was asked for. */
  readonly offsets: number[];
  /** How the next attempts to create a folder go, one after the other; then they succeed. */
  readonly creations: ((make: () => Folder) => Folder)[];
  /** What happens before the next looks at the list, one after the other; it may throw. */
  readonly looks: (() => void)[];
}

export function aFolder(
  id: string,
  displayName: string,
  parentFolder?: string,
  assets: string[] = [],
): Folder {
  return { id, displayName, parentFolder, assets };
}

/** The listing comes in pages of what was asked for, and tells the total. */
export function foldersInMemory(...folders: Folder[]): FoldersInMemory {
  const memory: FoldersInMemory = {
    folders,
    offsets: [],
    creations: [],
    looks: [],
    webflow: {
      async listFolders(_siteId, { offset, limit }) {
        memory.offsets.push(offset);
        // An answer takes a moment, in which others may ask as well.
        await Promise.resolve();
        memory.looks.shift()?.();
        const listed = memory.folders;
        const page = listed.slice(offset, offset + limit);
        return { entries: page, unreadable: 0, total: listed.length };
      },
      async createFolder(_siteId, { displayName, parentFolder }) {
        const make = (): Folder => {
          const folder = aFolder(`made-${memory.folders.length + 1}`, displayName, parentFolder);
          memory.folders = [...memory.folders, folder];
          return folder;
        };
        return memory.creations.shift()?.(make) ?? make();
      },
    } as Partial<WebflowClient> as WebflowClient,
  };
  return memory;
}
