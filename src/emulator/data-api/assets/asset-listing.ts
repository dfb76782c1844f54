import { isObjectId } from "../../database/object-id.js";
import type { Reply } from "../../http/exchange.js";
import { isYounger } from "../protocol/creation-lag.js";
import type { ApiContext, ApiRequest } from "../protocol/endpoint.js";
import { isLocaleRefused } from "../protocol/locales.js";
import { isRefusal, pagination, readListPage } from "../protocol/paging.js";
import { json, notFound, validationError } from "../protocol/replies.js";
import { readAssetLocale } from "./alt-texts.js";
import { describeAsset } from "./asset-description.js";

/** `GET /sites/{id}/assets`. */
export function listAssets(context: ApiContext, { id: siteId, query }: ApiRequest): Reply {
  const { database, switches } = context;
  const folderId = query.get("folderId");
  if (folderId !== null && !isObjectId(folderId)) return validationError("folderId is not a valid id");
  if (folderId !== null && database.folderRecords.get(folderId)?.siteId !== siteId) return notFound("folder");
  const page = readListPage(query, switches, switches.assetPageSize);
  if (isRefusal(page)) return page;
  const locale = readAssetLocale(query, siteId, context);
  if (isLocaleRefused(locale)) return locale;
  const assets = listed(context, siteId, switches.ignoresFolderId ? null : folderId);
  return json(200, {
    assets: assets
      .slice(page.offset, page.offset + page.limit)
      .map((asset) => ({ ...describeAsset(asset, context, locale), folderId: asset.parentFolder })),
    pagination: pagination(page, assets.length, switches),
  });
}

/** The assets of a site, or of a folder with all the folders below it. */
function listed({ database, switches }: ApiContext, siteId: string, folderId: string | null) {
  const folders = folderId === null ? undefined : withDescendants(database.folders(siteId), folderId);
  const assets = [...database.assetRecords.values()].filter(
    (asset) =>
      asset.siteId === siteId &&
      (switches.listsUnfinished || database.hasObject(asset.key)) &&
      !isYounger(asset, switches.assetListLagMs, database) &&
      (folders === undefined || (asset.parentFolder !== null && folders.has(asset.parentFolder))),
  );
  // The records are kept oldest first.
  if (switches.assetOrder === "newest-first") return assets.reverse();
  if (switches.assetOrder === "oldest-first") return assets;
  return assets.sort((a, b) => a.displayName.localeCompare(b.displayName));
}

function withDescendants(folders: readonly { id: string; parentFolder: string | null }[], folderId: string) {
  const found = new Set([folderId]);
  // A folder is always younger than its parent, and the records are kept oldest first.
  for (const { id, parentFolder } of folders) {
    if (parentFolder !== null && found.has(parentFolder)) found.add(id);
  }
  return found;
}
