import {
  type Answers,
  type ApiContext,
  type ApiRequest,
  badRequest,
  notFound,
  validationError,
} from "./data-api.js";
import { json, type Reply, webflowError } from "./exchange.js";
import type { EmulatedFolder } from "./library.js";
import { isObjectId } from "./object-id.js";

const LARGEST_PAGE = 100;

/** `/sites/{id}/asset_folders` and `/asset_folders/{id}`. Folders cannot be changed or deleted. */
export function folderAnswers({ library, switches }: ApiContext): Answers {
  function describe(folder: EmulatedFolder, assetIds: readonly string[]) {
    const { id, displayName, parentFolder, siteId, createdOn } = folder;
    return { id, displayName, parentFolder, assets: assetIds, siteId, createdOn, lastUpdated: createdOn };
  }

  function assetIdsByFolder(siteId: string): Map<string, string[]> {
    const ids = new Map<string, string[]>();
    for (const asset of library.assetRecords.values()) {
      if (asset.siteId !== siteId || asset.parentFolder === null) continue;
      if (!switches.listsUnfinished && !library.hasObject(asset.key)) continue;
      const inFolder = ids.get(asset.parentFolder);
      if (inFolder) inFolder.push(asset.id);
      else ids.set(asset.parentFolder, [asset.id]);
    }
    return ids;
  }

  function list({ id: siteId, query }: ApiRequest): Reply {
    const folders = library.folders(siteId);
    const assetIds = assetIdsByFolder(siteId);
    const asked = readPage(query, switches.folderPageSize);
    const { offset, limit } =
      switches.folderPaging === "honoured"
        ? asked
        : { offset: 0, limit: switches.folderPaging === "ignored" ? folders.length : asked.limit };
    return json(200, {
      assetFolders: folders
        .slice(offset, offset + limit)
        .map((folder) => describe(folder, assetIds.get(folder.id) ?? [])),
      pagination: { limit, offset, total: folders.length },
    });
  }

  function create({ id: siteId, body }: ApiRequest): Reply {
    const displayName = body?.["displayName"];
    const parentFolder = body?.["parentFolder"] ?? null;
    if (typeof displayName !== "string" || displayName === "") return badRequest("displayName is required");
    const parent =
      parentFolder === null ? null : checkParent(parentFolder, siteId, library, switches.invalidParentStatus);
    if (parent !== null && typeof parent !== "string") return parent;
    const fold = (name: string): string => (switches.folderNamesIgnoreCase ? name.toLowerCase() : name);
    const isTaken = library
      .folders(siteId)
      .some(
        (folder) =>
          fold(folder.displayName) === fold(displayName) &&
          (switches.folderNamesUniquePer === "site" || folder.parentFolder === parent),
      );
    if (isTaken)
      return webflowError(switches.conflictStatus, "conflict", "Conflict: Resource already exists");
    return json(200, describe(library.addFolder({ siteId, displayName, parentFolder: parent }), []));
  }

  return {
    listFolders: list,
    createFolder: create,
    getFolder: ({ id }) => {
      const folder = library.folderRecords.get(id);
      return folder
        ? json(200, describe(folder, assetIdsByFolder(folder.siteId).get(id) ?? []))
        : notFound("folder");
    },
  };
}

/** The id of an existing folder of the site, or the refusal. */
export function checkParent(
  parentFolder: unknown,
  siteId: string,
  library: ApiContext["library"],
  invalidStatus: 404 | 400,
): string | Reply {
  if (!isObjectId(parentFolder)) return validationError("parentFolder is not a valid id");
  if (library.folderRecords.get(parentFolder)?.siteId === siteId) return parentFolder;
  return invalidStatus === 404 ? notFound("parent folder") : validationError("parentFolder does not exist");
}

/** Offset and limit of a query; what cannot be read counts as not given. */
export function readPage(query: URLSearchParams, defaultLimit: number): { offset: number; limit: number } {
  const number = (name: string): number | undefined => {
    const text = query.get(name);
    return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  return { offset: number("offset") ?? 0, limit: Math.min(number("limit") ?? defaultLimit, LARGEST_PAGE) };
}
