import { type EmulatedAsset, timestamp } from "../database.js";
import type { Reply } from "../exchange.js";
import { createAsset } from "./asset-creation.js";
import { describeAsset } from "./asset-description.js";
import { listAssets } from "./asset-listing.js";
import { isYounger } from "./creation-lag.js";
import type { ApiContext, ApiRequest, Endpoints } from "./endpoint.js";
import { json, noContent, notFound, validationError } from "./replies.js";

/** `/sites/{id}/assets` and `/assets/{id}`. */
export function assetEndpoints(context: ApiContext): Endpoints {
  const { database, switches } = context;

  function find(id: string): EmulatedAsset | undefined {
    const asset = database.assetRecords.get(id);
    return asset && !isYounger(asset, switches.readLagMs, database) ? asset : undefined;
  }

  function update({ id, body }: ApiRequest): Reply {
    const asset = find(id);
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
    return switches.updateStatus === 204 ? noContent() : json(200, describeAsset(asset, context));
  }

  function remove({ id }: ApiRequest): Reply {
    const asset = database.assetRecords.get(id);
    if (!asset) return notFound("asset");
    database.deleteAsset(id);
    return noContent();
  }

  return {
    listAssets: (request) => listAssets(context, request),
    createAsset: (request) => createAsset(context, request),
    updateAsset: update,
    deleteAsset: remove,
    getAsset: ({ id }) => {
      const asset = find(id);
      return asset ? json(200, describeAsset(asset, context)) : notFound("asset");
    },
  };
}
