import type { Database } from "../../database/database.js";
import { isObjectId } from "../../database/object-id.js";
import type { EmulatedFolder } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import { isYounger } from "../protocol/creation-lag.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { LARGEST_PAGE, type Page, pagination, readPage } from "../protocol/paging.js";
import { badRequest, json, notFound, validationError, webflowError } from "../protocol/replies.js";

/** `/sites/{id}/asset_folders` and `/asset_folders/{id}`. */
export function folderEndpoints({ database, switches }: ApiContext): Endpoints {
  function describe(folder: EmulatedFolder, assetIds: readonly string[]) {
    const { id, displayName, parentFolder, siteId, createdOn } = folder;
    return { id, displayName, parentFolder, assets: assetIds, siteId, createdOn, lastUpdated: createdOn };
  }

  function assetIdsByFolder(siteId: string): Map<string, string[]> {
    const ids = new Map<string, string[]>();
    for (const asset of database.assetRecords.values()) {
      if (asset.siteId !== siteId || asset.parentFolder === null) continue;
      if (!switches.listsUnfinished && !database.hasObject(asset.key)) continue;
      const inFolder = ids.get(asset.parentFolder);
      if (inFolder) inFolder.push(asset.id);
      else ids.set(asset.parentFolder, [asset.id]);
    }
    return ids;
  }

  function pageOf(query: URLSearchParams, total: number): Page | undefined {
    if (switches.folderPaging === "ignored") return { offset: 0, limit: total };
    const asked = readPage(query, switches.folderPageSize);
    if (!asked) return undefined;
    const limit = Math.min(asked.limit, LARGEST_PAGE);
    return { offset: switches.folderPaging === "first-page-only" ? 0 : asked.offset, limit };
  }

  function list({ id: siteId, query }: ApiRequest): Reply {
    const folders = database
      .folders(siteId)
      .filter((folder) => !isYounger(folder, switches.folderListLagMs, database));
    const page = pageOf(query, folders.length);
    if (!page) return validationError("offset and limit must be whole numbers");
    const assetIds = assetIdsByFolder(siteId);
    return json(200, {
      assetFolders: folders
        .slice(page.offset, page.offset + page.limit)
        .map((folder) => describe(folder, assetIds.get(folder.id) ?? [])),
      pagination: pagination(page, folders.length, switches),
    });
  }

  function isTaken(siteId: string, displayName: string, parent: string | null): boolean {
    const fold = (name: string): string => (switches.folderNamesIgnoreCase ? name.toLowerCase() : name);
    return database
      .folders(siteId)
      .some(
        (folder) =>
          fold(folder.displayName) === fold(displayName) &&
          (switches.folderNamesUniquePer === "site" || folder.parentFolder === parent),
      );
  }

  function create({ id: siteId, body }: ApiRequest): Reply {
    const { displayName, parentFolder = null } = body;
    if (typeof displayName !== "string" || displayName === "") return badRequest("displayName is required");
    const refused = refuseParent(parentFolder, siteId, database, switches.invalidParentStatus);
    if (refused) return refused;
    const parent = typeof parentFolder === "string" ? parentFolder : null;
    if (isTaken(siteId, displayName, parent)) {
      const { conflictStatus, conflictCode } = switches;
      return webflowError(conflictStatus, conflictCode, "Conflict: Resource already exists");
    }
    const folder = database.addFolder({ siteId, displayName, parentFolder: parent });
    const described = switches.omitsOptionalFields ? { id: folder.id } : describe(folder, []);
    return json(switches.createFolderStatus, described);
  }

  return {
    listFolders: list,
    createFolder: create,
    getFolder: ({ id }) => {
      const folder = database.folderRecords.get(id);
      if (!folder || isYounger(folder, switches.readLagMs, database)) return notFound("folder");
      return json(200, describe(folder, assetIdsByFolder(folder.siteId).get(id) ?? []));
    },
  };
}

/** Refuses a parent folder that is neither null, the root, nor a folder of the site. */
export function refuseParent(
  parentFolder: unknown,
  siteId: string,
  database: Database,
  invalidStatus: 404 | 400,
): Reply | undefined {
  if (parentFolder === null) return undefined;
  if (!isObjectId(parentFolder)) return validationError("parentFolder is not a valid id");
  if (database.folderRecords.get(parentFolder)?.siteId === siteId) return undefined;
  return invalidStatus === 404 ? notFound("parent folder") : validationError("parentFolder does not exist");
}
