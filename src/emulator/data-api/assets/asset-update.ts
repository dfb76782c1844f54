import { timestamp } from "../../database/database.js";
import type { EmulatedAsset } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext, ApiRequest } from "../protocol/endpoint.js";
import { isLocaleRefused } from "../protocol/locales.js";
import { json, noContent, validationError } from "../protocol/replies.js";
import { readAltText, readAssetLocale } from "./alt-texts.js";
import { describeAsset } from "./asset-description.js";

/** `PATCH /assets/{id}`: display name, and the alt text of a locale. */
export function updateAsset(context: ApiContext, asset: EmulatedAsset, { body, query }: ApiRequest): Reply {
  const { database, switches } = context;
  const locale = readAssetLocale(query, asset.siteId, context);
  if (isLocaleRefused(locale)) return locale;
  const { displayName } = body;
  if (displayName !== undefined && typeof displayName !== "string")
    return validationError("displayName must be a string");
  const change =
    body["altText"] === undefined || !switches.storesAltTexts
      ? undefined
      : readAltText(body["altText"], switches);
  if (change && "status" in change) return change;

  const { secondary } = locale;
  const isNameTaken = !secondary || switches.displayNameWithLocale === "changed";
  if (displayName !== undefined && isNameTaken) asset.displayName = displayName;
  if (change && secondary) asset.localizedAltTexts.set(secondary.id, change.altText);
  else if (change) asset.altText = change.altText;
  if (!secondary || switches.localeChangesLastUpdated) asset.lastUpdated = timestamp(database);
  return switches.updateStatus === 204 ? noContent() : json(200, describeAsset(asset, context, locale));
}
