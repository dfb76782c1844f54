import { extname } from "node:path";
import mime from "mime-types";
import {
  type Answers,
  type ApiContext,
  type ApiRequest,
  badRequest,
  notFound,
  validationError,
} from "./data-api.js";
import { json, type Reply, webflowError } from "./exchange.js";
import { checkParent, readPage } from "./folder-endpoints.js";
import { type EmulatedAsset, timestamp } from "./library.js";
import { isObjectId } from "./object-id.js";
import { S3_CREDENTIALS, signForm } from "./post-policy.js";

const LARGEST_PAGE = 100;
/** "File names must be less than 100 characters." */
const LONGEST_FILE_NAME = 99;

/** `/sites/{id}/assets` and `/assets/{id}`. */
export function assetAnswers({ library, switches, origin }: ApiContext): Answers {
  /** S3's path-style URL, which listings show. */
  const assetUrl = (asset: EmulatedAsset): string =>
    `${origin()}/${S3_CREDENTIALS.bucket}/${encodeKey(asset.key)}`;
  /** The CDN's URL, which stage 1 shows. */
  const cdnUrl = (asset: EmulatedAsset): string => `${origin()}/cdn/${encodeKey(asset.key)}`;

  function describe(asset: EmulatedAsset) {
    const stored = library.object(asset.key);
    return {
      id: asset.id,
      originalFileName: asset.originalFileName,
      displayName: asset.displayName,
      contentType: asset.contentType,
      size: stored?.bytes.length ?? 0,
      siteId: asset.siteId,
      createdOn: asset.createdOn,
      lastUpdated: asset.lastUpdated,
      hostedUrl: assetUrl(asset),
      variants: stored ? variantsOf(asset) : [],
      altText: asset.altText,
    };
  }

  function variantsOf(asset: EmulatedAsset) {
    if (!/^image\/(png|jpeg|webp|avif)$/.test(asset.contentType)) return [];
    const format = mime.extension(asset.contentType) || "png";
    return switches.variantWidths.map((width) => {
      const name = asset.originalFileName.replace(/\.[^.]+$/, `-p-${width}.${format}`);
      const hostedUrl = assetUrl({ ...asset, key: asset.key.replace(/\.[^.]+$/, `-p-${width}.${format}`) });
      return {
        hostedUrl,
        originalFileName: name,
        displayName: name,
        format,
        width,
        height: null,
        quality: 100,
        error: null,
      };
    });
  }

  function list({ id: siteId, query }: ApiRequest): Reply {
    const folderId = query.get("folderId");
    if (folderId !== null && !isObjectId(folderId)) return validationError("folderId is not a valid id");
    if (folderId !== null && library.folderRecords.get(folderId)?.siteId !== siteId)
      return notFound("folder");
    if (Number(query.get("limit")) > LARGEST_PAGE && switches.largeLimit === "reject") {
      return validationError(`limit must be at most ${LARGEST_PAGE}`);
    }
    const { offset, limit } = readPage(query, LARGEST_PAGE);
    const wanted = folderId === null ? undefined : withDescendants(siteId, folderId);
    const assets = [...library.assetRecords.values()].filter(
      (asset) =>
        asset.siteId === siteId &&
        (switches.listsUnfinished || library.hasObject(asset.key)) &&
        (wanted === undefined || (asset.parentFolder !== null && wanted.has(asset.parentFolder))),
    );
    return json(200, {
      assets: inOrder(assets)
        .slice(offset, offset + limit)
        .map((asset) => ({ ...describe(asset), folderId: asset.parentFolder })),
      pagination: { limit, offset, total: assets.length },
    });
  }

  /** The records are kept oldest first. */
  function inOrder(assets: EmulatedAsset[]): EmulatedAsset[] {
    if (switches.assetOrder === "newest-first") return assets.reverse();
    if (switches.assetOrder === "oldest-first") return assets;
    return assets.sort((a, b) =>
      a.displayName < b.displayName ? -1 : a.displayName > b.displayName ? 1 : 0,
    );
  }

  function withDescendants(siteId: string, folderId: string): Set<string> {
    const found = new Set([folderId]);
    const folders = library.folders(siteId);
    for (let before = 0; before !== found.size; ) {
      before = found.size;
      for (const { id, parentFolder } of folders) {
        if (parentFolder !== null && found.has(parentFolder)) found.add(id);
      }
    }
    return found;
  }

  function create({ id: siteId, body, formLifetimeMs }: ApiRequest): Reply {
    const fileName = body?.["fileName"];
    const fileHash = body?.["fileHash"];
    const parentFolder = body?.["parentFolder"] ?? null;
    if (typeof fileName !== "string" || fileName === "") return badRequest("fileName is required");
    if (typeof fileHash !== "string" || fileHash === "") return badRequest("fileHash is required");
    if (fileName.length > LONGEST_FILE_NAME)
      return validationError("fileName must be less than 100 characters");
    if (switches.strictFileHash && !/^[0-9a-f]{32}$/.test(fileHash)) {
      return validationError("fileHash must be an MD5 hash of 32 lower-case hex digits");
    }
    const contentType = mime.lookup(extname(fileName));
    if (!contentType && switches.refusesUnknownExtensions)
      return validationError("File type is not supported");
    const parent =
      parentFolder === null ? null : checkParent(parentFolder, siteId, library, switches.invalidParentStatus);
    if (parent !== null && typeof parent !== "string") return parent;

    const older = findDuplicate(siteId, fileHash);
    if (older)
      return json(switches.createStatus, stageOne(older, formLifetimeMs, switches.detailsOnDuplicate));
    const asset = library.addAsset({
      siteId,
      fileName,
      fileHash,
      contentType: contentType || "application/octet-stream",
      parentFolder: parent,
    });
    return json(switches.createStatus, stageOne(asset, formLifetimeMs, true));
  }

  function findDuplicate(siteId: string, fileHash: string): EmulatedAsset | undefined {
    if (switches.duplicates === "allow") return undefined;
    return [...library.assetRecords.values()].find(
      (asset) =>
        asset.siteId === siteId &&
        asset.fileHash === fileHash &&
        (switches.duplicates === "reuse" || library.hasObject(asset.key)),
    );
  }

  function stageOne(asset: EmulatedAsset, lifetimeMs: number, withDetails: boolean) {
    const form = signForm({
      siteId: asset.siteId,
      key: asset.key,
      contentType: asset.contentType,
      atMs: library.now(),
      lifetimeMs,
    });
    const details = {
      uploadDetails: { ...form, ...(switches.nullSecurityToken && { "X-Amz-Security-Token": null }) },
    };
    const required = {
      ...(withDetails && details),
      contentType: asset.contentType,
      id: asset.id,
      parentFolder: asset.parentFolder,
      uploadUrl: `${origin()}/`,
    };
    if (switches.omitsOptionalFields) {
      const { contentType: _, parentFolder: __, ...rest } = required;
      return { ...rest, hostedUrl: cdnUrl(asset) };
    }
    return {
      ...required,
      assetUrl: assetUrl(asset),
      hostedUrl: cdnUrl(asset),
      originalFileName: asset.originalFileName,
      createdOn: asset.createdOn,
      lastUpdated: asset.lastUpdated,
    };
  }

  function update({ id, body }: ApiRequest): Reply {
    const asset = library.assetRecords.get(id);
    if (!asset) return notFound("asset");
    const displayName = body?.["displayName"];
    const altText = body?.["altText"];
    if (displayName !== undefined && typeof displayName !== "string")
      return validationError("displayName must be a string");
    const takesNull = altText === null && switches.takesNullAltText;
    if (altText !== undefined && typeof altText !== "string" && !takesNull)
      return validationError("altText must be a string");
    if (typeof displayName === "string") asset.displayName = displayName;
    if (typeof altText === "string" || altText === null) asset.altText = altText;
    asset.lastUpdated = timestamp(library);
    return json(200, describe(asset));
  }

  return {
    listAssets: list,
    createAsset: create,
    updateAsset: update,
    getAsset: ({ id }) => {
      const asset = library.assetRecords.get(id);
      return asset ? json(200, describe(asset)) : notFound("asset");
    },
    deleteAsset: ({ id }) => {
      const asset = library.assetRecords.get(id);
      if (!asset) return notFound("asset");
      library.assetRecords.delete(id);
      library.objects.delete(asset.key);
      return { status: 204, headers: {}, body: "" };
    },
  };
}

/** Keys hold spaces, parentheses and any letter as they are; URLs hold them percent-encoded. */
export function encodeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}

/** What Webflow answers when its own service fails. */
export function internalError(status: number): Reply {
  if (status === 503) {
    return webflowError(
      503,
      "service_unavailable",
      "Service temporarily unavailable. Please try again later.",
    );
  }
  return webflowError(status, "internal_error", "An Internal Error occurred");
}
