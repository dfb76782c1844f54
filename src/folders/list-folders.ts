import * as z from "zod";
import type { ListFoldersRequest, ListFoldersResult } from "../contract/list-folders.js";
import { countFitting } from "../core/answer-size.js";
import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { parseJson } from "../core/parse-json.js";
import { searchable } from "../core/text.js";
import type { Sites } from "../webflow/sites.js";
import type { FolderStore } from "./folder-store.js";
import type { PlacedFolder } from "./folder-tree.js";

export type ListFolders = (request: ListFoldersRequest, call: CallContext) => Promise<ListFoldersResult>;

/** Counts of assets change with every upload: a walk from page to page sees one tree, a new listing a fresh one. */
const WALK_MAX_AGE_MS = 60_000;

export function createListFolders(sites: Sites, folders: FolderStore): ListFolders {
  return async ({ siteId: named, query, limit, cursor }, call) => {
    const siteId = await sites.resolve(named, call);
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const tree = await folders.tree(siteId, call, after === undefined ? 0 : WALK_MAX_AGE_MS);
    const matching = tree.folders.filter((folder) => matches(folder, query));
    const start = after === undefined ? 0 : startBehind(after, matching);
    const rest = start === -1 ? [] : matching.slice(start, start + limit);
    const listed = rest.map(({ id, path, assetIds }) => ({ id, path, assets: assetIds.length }));
    const page = listed.slice(0, countFitting(listed));
    const last = page.at(-1);
    const hasMore = last !== undefined && start + page.length < matching.length;
    return {
      siteId,
      folders: page,
      total: matching.length,
      ...(tree.doubt !== undefined && { notes: [`Incomplete: ${tree.doubt}.`] }),
      ...(hasMore && { nextCursor: writeCursor(last) }),
    };
  };
}

function matches(folder: PlacedFolder, query: string | undefined): boolean {
  return query === undefined || searchable(folder.path).includes(searchable(query));
}

interface Position {
  readonly path: string;
  readonly id: string;
}

/** After the last folder shown, by path and id, even if others came or went. -1 at the end. */
function startBehind(after: Position, folders: readonly PlacedFolder[]): number {
  const last = folders.findIndex(({ id, path }) => id === after.id && inCursor(path) === after.path);
  if (last !== -1) return last + 1;
  return folders.findIndex(({ id, path }) => path > after.path || (path === after.path && id > after.id));
}

/** A path of any length in a cursor of one that clients hand back. */
function inCursor(path: string): string {
  return path.slice(0, 200);
}

function writeCursor({ path, id }: Position): string {
  return Buffer.from(JSON.stringify([inCursor(path), id])).toString("base64url");
}

const positionSchema = z.tuple([z.string(), z.string()]);

function readCursor(cursor: string): Position {
  const position = positionSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (position.success) {
    const [path, id] = position.data;
    return { path, id };
  }
  throw new AssetError(
    "INVALID_INPUT",
    "listFolders did not issue the cursor",
    "leave cursor out to start again",
  );
}
