import type { EmulatedAsset } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import { isReferredTo } from "../../published-site/references.js";
import { isYounger } from "../protocol/creation-lag.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { isLocaleRefused } from "../protocol/locales.js";
import { json, noContent, notFound, webflowError } from "../protocol/replies.js";
import { readAssetLocale } from "./alt-texts.js";
import { createAsset } from "./asset-creation.js";
import { describeAsset, describeCmsFile } from "./asset-description.js";
import { listAssets } from "./asset-listing.js";
import { updateAsset } from "./asset-update.js";

/** `/sites/{id}/assets` and `/assets/{id}`. */
export function assetEndpoints(context: ApiContext): Endpoints {
  const { database, switches } = context;

  function find(id: string): EmulatedAsset | undefined {
    const asset = database.assetRecords.get(id);
    return asset && !isYounger(asset, switches.readLagMs, database) ? asset : undefined;
  }

  function get({ id, query }: ApiRequest): Reply {
    const asset = find(id);
    // The request gets here only if the switch lets CMS files pass for assets.
    const cmsFile = database.content.cmsFiles.get(id);
    if (!asset) return cmsFile ? json(200, describeCmsFile(cmsFile, context)) : notFound("asset");
    const locale = readAssetLocale(query, asset.siteId, context);
    return isLocaleRefused(locale) ? locale : json(200, describeAsset(asset, context, locale));
  }

  function remove({ id }: ApiRequest): Reply {
    const asset = database.assetRecords.get(id);
    if (!asset) return notFound("asset");
    const { deletesUsedAssets } = switches;
    if (deletesUsedAssets !== 204 && isReferredTo(asset, context)) {
      const code = deletesUsedAssets === 409 ? "conflict" : "validation_error";
      return webflowError(deletesUsedAssets, code, "The asset is used on the site");
    }
    database.deleteAsset(id);
    return noContent();
  }

  return {
    listAssets: (request) => listAssets(context, request),
    createAsset: (request) => createAsset(context, request),
    getAsset: get,
    updateAsset: (request) => {
      const asset = find(request.id);
      return asset ? updateAsset(context, asset, request) : notFound("asset");
    },
    deleteAsset: remove,
  };
}
