import { listField, numberField, textField } from "../elements/read-fields.js";
import type { Host } from "../host/host.js";
import type { Asset } from "./asset.js";

/** A folder right below the one that is shown. */
export interface Folder {
  readonly path: string;
  readonly name: string;
  /** Assets in it and below it; unknown when the folders could not be read. */
  readonly assets?: number | undefined;
}

/** The folders of a site: how many assets lie in each path itself. */
export type FolderCounts = ReadonlyMap<string, number | undefined>;

const PAGE = 1_000;
/** The server gives fewer at once than it is asked for when they would be too long for a model. */
const MAX_PAGES = 60;

/** Reads all folders of the site by `listFolders`. */
export async function readFolders(host: Host, siteId: string | undefined): Promise<FolderCounts> {
  const counts = new Map<string, number | undefined>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { data } = await host.callTool("listFolders", {
      limit: PAGE,
      ...(siteId && { siteId }),
      ...(cursor && { cursor }),
    });
    for (const folder of listField(data, "folders")) {
      const path = textField(folder, "path");
      if (path) counts.set(path, numberField(folder, "assets") ?? 0);
    }
    cursor = textField(data, "nextCursor");
    if (!cursor) break;
  }
  return counts;
}

/** The folders that the assets lie in, when the site's own list is not to be had. */
export function foldersOf(assets: readonly Asset[]): FolderCounts {
  return new Map(assets.flatMap(({ folder }) => (folder ? [[folder, undefined]] : [])));
}

/** The folders right below `parent` (the root: undefined), by name. */
export function childFolders(counts: FolderCounts, parent: string | undefined): Folder[] {
  const depth = parent ? splitPath(parent).length : 0;
  const children = new Map<string, number | undefined>();
  for (const [path, assets] of counts) {
    if (parent && !path.startsWith(`${parent}/`)) continue;
    const segments = splitPath(path);
    if (segments.length <= depth) continue;
    const child = segments.slice(0, depth + 1).join("/");
    const sum = children.get(child);
    children.set(child, assets === undefined ? sum : (sum ?? 0) + assets);
  }
  return [...children]
    .map(([path, assets]) => ({ path, name: folderName(path), assets }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

/** Every folder from the root down to this one. */
export function ancestry(path: string | undefined): { path: string; name: string }[] {
  const segments = path ? splitPath(path) : [];
  return segments.map((_, index) => {
    const ancestor = segments.slice(0, index + 1).join("/");
    return { path: ancestor, name: folderName(ancestor) };
  });
}

/** The last name of a path, as it reads: `\/` is a slash inside a name and `\\` a backslash. */
export function folderName(path: string): string {
  return (splitPath(path).at(-1) ?? path).replace(/\\([\\/])/g, "$1");
}

/** The names of a path, still escaped. */
function splitPath(path: string): string[] {
  return path.match(/(?:\\.|[^\\/])+/gs) ?? [];
}
