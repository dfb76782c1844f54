import type { EmulatorSwitches } from "../../behaviour/switches.js";
import type { EmulatedAsset } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import { signForm } from "../../s3/signed-form.js";
import type { ApiContext, ApiRequest } from "../protocol/endpoint.js";
import { badRequest, json, validationError } from "../protocol/replies.js";
import { contentTypeOf, isSupported } from "./file-types.js";
import { refuseParent } from "./folder-endpoints.js";

/** "File names must be less than 100 characters." */
const LONGEST_FILE_NAME = 99;
const FORM_LIFETIME_MS = 3_600_000;
/** The MD5 of bytes that nobody else has. */
const COLLEAGUES_HASH = "c011ea90".repeat(4);

/** `POST /sites/{id}/assets`: stage 1 of an upload. */
export function createAsset(context: ApiContext, { id: siteId, body, fault }: ApiRequest): Reply {
  const { database, switches } = context;
  const { fileName, fileHash, parentFolder = null } = body;
  if (typeof fileName !== "string" || fileName === "") return badRequest("fileName is required");
  if (typeof fileHash !== "string" || fileHash === "") return badRequest("fileHash is required");
  const refused =
    refuseFile(fileName, fileHash, switches) ??
    refuseParent(parentFolder, siteId, database, switches.invalidParentStatus);
  if (refused) return refused;

  const contentType = contentTypeOf(fileName);
  const storedName = alter(fileName, switches.fileNames);
  if (switches.colleagueUploads) {
    database.addAsset({ siteId, fileName: storedName, fileHash: COLLEAGUES_HASH, contentType });
  }
  const older = findDuplicate(context, siteId, fileHash);
  const asset =
    older ??
    database.addAsset({
      siteId,
      fileName: storedName,
      fileHash,
      contentType,
      parentFolder: typeof parentFolder === "string" ? parentFolder : null,
      madeBy: "api",
    });
  if (!older && switches.displayNameHasId) asset.displayName = `${asset.id}_${storedName}`;
  if (fault?.kind === "vanish") database.assetRecords.delete(asset.id);
  const status = older && switches.duplicateStatus !== "as-created" ? switches.duplicateStatus : undefined;
  const lifetimeMs = fault?.kind === "expired-policy" ? -1_000 : FORM_LIFETIME_MS;
  const withDetails = older === undefined || switches.detailsOnDuplicate;
  return json(
    status ?? switches.createStatus,
    stageOne(context, asset, withDetails ? lifetimeMs : undefined),
  );
}

function refuseFile(fileName: string, fileHash: string, switches: EmulatorSwitches): Reply | undefined {
  if (fileName.length > LONGEST_FILE_NAME)
    return validationError("fileName must be less than 100 characters");
  if (switches.strictFileHash && !/^[0-9a-f]{32}$/.test(fileHash))
    return validationError("fileHash must be an MD5 hash of 32 lower-case hex digits");
  if (switches.refusesUnknownExtensions && !isSupported(fileName))
    return validationError("File type is not supported");
  return undefined;
}

function alter(fileName: string, how: EmulatorSwitches["fileNames"]): string {
  switch (how) {
    case "kept":
      return fileName;
    case "lowercase":
      return fileName.toLowerCase();
    case "nfd":
      return fileName.normalize("NFD");
    case "sanitised":
      return fileName.replace(/[^A-Za-z0-9._-]+/g, "_");
    case "jpeg-to-jpg":
      return fileName.replace(/\.jpeg$/i, ".jpg");
  }
}

function findDuplicate({ database, switches }: ApiContext, siteId: string, fileHash: string) {
  if (switches.duplicates === "allow") return undefined;
  const deleted = switches.duplicates === "reuse-deleted" ? database.deletedAssets : [];
  return [...database.assetRecords.values(), ...deleted].find(
    (asset) =>
      asset.siteId === siteId &&
      asset.fileHash === fileHash &&
      (switches.duplicates !== "reuse-uploaded-only" || database.hasObject(asset.key)),
  );
}

/** The answer of stage 1, keys in Webflow's order. A duplicate keeps its folder; no `lifetimeMs`, no form. */
function stageOne(
  { database, switches, urls, secretAccessKey }: ApiContext,
  asset: EmulatedAsset,
  lifetimeMs: number | undefined,
) {
  const { id, siteId, key, contentType, parentFolder, originalFileName, createdOn, lastUpdated } = asset;
  const form =
    lifetimeMs !== undefined &&
    signForm({ siteId, key, contentType, atMs: database.now(), lifetimeMs, secretAccessKey });
  const token = switches.nullSecurityToken && { "X-Amz-Security-Token": null };
  const details = form && { uploadDetails: { ...form, ...token } };
  const uploadUrl = urls.upload;
  const hostedUrl = urls.onCdn(key);
  if (switches.omitsOptionalFields) return { ...details, id, uploadUrl, hostedUrl };
  const assetUrl = urls.onS3(key);
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
