import { type EmulatedAsset, timestamp } from "../database.js";
import type { Reply } from "../exchange.js";
import { isObjectId } from "../object-id.js";
import { signForm } from "../s3/signed-form.js";
import { describeAsset } from "./asset-description.js";
import type { ApiContext, ApiRequest, Endpoints } from "./endpoint.js";
import { contentTypeOf, isSupported } from "./file-types.js";
import { refuseParent } from "./folder-endpoints.js";
import { LARGEST_PAGE, readPage } from "./paging.js";
import { badRequest, json, notFound, validationError } from "./replies.js";

/** "File names must be less than 100 characters." */
const LONGEST_FILE_NAME = 99;
const FORM_LIFETIME_MS = 3_600_000;

/** `/sites/{id}/assets` and `/assets/{id}`. */
export function assetEndpoints(context: ApiContext): Endpoints {
  const { database, switches, urls } = context;

  function list({ id: siteId, query }: ApiRequest): Reply {
    const folderId = query.get("folderId");
    if (folderId !== null && !isObjectId(folderId)) return validationError("folderId is not a valid id");
    if (folderId !== null && database.folderRecords.get(folderId)?.siteId !== siteId)
      return notFound("folder");
    const page = readPage(query, switches.assetPageSize);
    if (!page) return validationError("offset and limit must be whole numbers");
    if (page.limit > LARGEST_PAGE && switches.largeLimit === "reject")
      return validationError(`limit must be at most ${LARGEST_PAGE}`);
    const { offset } = page;
    const limit = Math.min(page.limit, LARGEST_PAGE);
    const assets = listed(siteId, folderId);
    return json(200, {
      assets: assets
        .slice(offset, offset + limit)
        .map((asset) => ({ ...describeAsset(asset, context), folderId: asset.parentFolder })),
      pagination: { limit, offset, total: assets.length },
    });
  }

  /** The assets of a site, or of a folder with all the folders below it. */
  function listed(siteId: string, folderId: string | null): EmulatedAsset[] {
    const folders = folderId === null ? undefined : withDescendants(siteId, folderId);
    const assets = [...database.assetRecords.values()].filter(
      (asset) =>
        asset.siteId === siteId &&
        (switches.listsUnfinished || database.hasObject(asset.key)) &&
        (folders === undefined || (asset.parentFolder !== null && folders.has(asset.parentFolder))),
    );
    // The records are kept oldest first.
    if (switches.assetOrder === "newest-first") return assets.reverse();
    if (switches.assetOrder === "oldest-first") return assets;
    return assets.sort((a, b) => a.displayName.localeCompare(b.displayName));
  }

  function withDescendants(siteId: string, folderId: string): Set<string> {
    const found = new Set([folderId]);
    // A folder is always younger than its parent, and the records are kept oldest first.
    for (const { id, parentFolder } of database.folders(siteId)) {
      if (parentFolder !== null && found.has(parentFolder)) found.add(id);
    }
    return found;
  }

  function create({ id: siteId, body, fault }: ApiRequest): Reply {
    const { fileName, fileHash, parentFolder = null } = body;
    if (typeof fileName !== "string" || fileName === "") return badRequest("fileName is required");
    if (typeof fileHash !== "string" || fileHash === "") return badRequest("fileHash is required");
    const refused =
      refuseFile(fileName, fileHash) ??
      refuseParent(parentFolder, siteId, database, switches.invalidParentStatus);
    if (refused) return refused;

    const lifetimeMs = fault?.kind === "expired-policy" ? -1_000 : FORM_LIFETIME_MS;
    const older = findDuplicate(siteId, fileHash);
    const asset =
      older ??
      database.addAsset({
        siteId,
        fileName,
        fileHash,
        contentType: contentTypeOf(fileName),
        parentFolder: typeof parentFolder === "string" ? parentFolder : null,
      });
    if (!older && switches.displayNameHasId) asset.displayName = `${asset.id}_${fileName}`;
    if (fault?.kind === "vanish") database.assetRecords.delete(asset.id);
    const status = older && switches.duplicateStatus !== "as-created" ? switches.duplicateStatus : undefined;
    const withDetails = older === undefined || switches.detailsOnDuplicate;
    return json(status ?? switches.createStatus, stageOne(asset, lifetimeMs, withDetails));
  }

  function refuseFile(fileName: string, fileHash: string): Reply | undefined {
    if (fileName.length > LONGEST_FILE_NAME)
      return validationError("fileName must be less than 100 characters");
    if (switches.strictFileHash && !/^[0-9a-f]{32}$/.test(fileHash))
      return validationError("fileHash must be an MD5 hash of 32 lower-case hex digits");
    if (switches.refusesUnknownExtensions && !isSupported(fileName))
      return validationError("File type is not supported");
    return undefined;
  }

  function findDuplicate(siteId: string, fileHash: string): EmulatedAsset | undefined {
    if (switches.duplicates === "allow") return undefined;
    return [...database.assetRecords.values()].find(
      (asset) =>
        asset.siteId === siteId &&
        asset.fileHash === fileHash &&
        (switches.duplicates === "reuse" || database.hasObject(asset.key)),
    );
  }

  /** The answer of stage 1, with the keys in the order of Webflow's. A duplicate keeps its own folder. */
  function stageOne(asset: EmulatedAsset, lifetimeMs: number, withDetails: boolean) {
    const details = withDetails && { uploadDetails: uploadDetails(asset, lifetimeMs) };
    const { id, contentType, parentFolder, originalFileName, createdOn, lastUpdated } = asset;
    const uploadUrl = urls.upload;
    const hostedUrl = urls.onCdn(asset.key);
    if (switches.omitsOptionalFields) return { ...details, id, uploadUrl, hostedUrl };
    const assetUrl = urls.onS3(asset.key);
    return {
      ...details,
      contentType,
      id,
      parentFolder,
      uploadUrl,
      assetUrl,
      hostedUrl,
      originalFileName,
      createdOn,
      lastUpdated,
    };
  }

  function uploadDetails({ siteId, key, contentType }: EmulatedAsset, lifetimeMs: number) {
    const form = signForm({ siteId, key, contentType, atMs: database.now(), lifetimeMs });
    return switches.nullSecurityToken ? { ...form, "X-Amz-Security-Token": null } : form;
  }

  function update({ id, body }: ApiRequest): Reply {
    const asset = database.assetRecords.get(id);
    if (!asset) return notFound("asset");
    const { displayName, altText } = body;
    if (displayName !== undefined && typeof displayName !== "string")
      return validationError("displayName must be a string");
    const isClearing = altText === null && switches.takesNullAltText;
    if (altText !== undefined && typeof altText !== "string" && !isClearing)
      return validationError("altText must be a string");
    if (displayName !== undefined) asset.displayName = displayName;
    if (altText !== undefined) asset.altText = altText;
    asset.lastUpdated = timestamp(database);
    return json(200, describeAsset(asset, context));
  }

  function remove({ id }: ApiRequest): Reply {
    const asset = database.assetRecords.get(id);
    if (!asset) return notFound("asset");
    database.assetRecords.delete(id);
    database.objects.delete(asset.key);
    return { status: 204, headers: {}, body: "" };
  }

  return {
    listAssets: list,
    createAsset: create,
    updateAsset: update,
    deleteAsset: remove,
    getAsset: ({ id }) => {
      const asset = database.assetRecords.get(id);
      return asset ? json(200, describeAsset(asset, context)) : notFound("asset");
    },
  };
}
