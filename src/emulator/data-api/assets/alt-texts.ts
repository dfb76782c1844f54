import type { EmulatorSwitches } from "../../behaviour/switches.js";
import type { EmulatedAsset } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext } from "../protocol/endpoint.js";
import { type AskedLocale, readLocale } from "../protocol/locales.js";
import { validationError } from "../protocol/replies.js";

/** The locale of a request about assets, or the answer that refuses it. */
export function readAssetLocale(
  query: URLSearchParams,
  siteId: string,
  { database, switches }: ApiContext,
): AskedLocale | Reply {
  const site = database.sites.get(siteId);
  const isPrimary = query.get("localeId") === site?.locales.primary.id;
  if (isPrimary && switches.primaryLocaleId === 400)
    return validationError("localeId is the primary locale's");
  return readLocale(query, site, switches, { onlyEnabled: true });
}

/** The alt text that the API shows. "If you do nothing, the asset from the primary locale is used as fallback." */
export function shownAltText(
  asset: EmulatedAsset,
  { secondary }: AskedLocale,
  switches: EmulatorSwitches,
): string | null {
  const primary = asset.altText ?? (switches.unsetAltText === "empty" ? "" : null);
  if (!secondary) return primary;
  const translated = asset.localizedAltTexts.get(secondary.id);
  if (translated !== undefined) return translated;
  if (switches.untranslatedAltText === "primary") return primary;
  return switches.untranslatedAltText === "empty" ? "" : null;
}

/** The alt text that a PATCH sets, or the answer that refuses it. */
export function readAltText(
  value: unknown,
  { takesNullAltText, emptyAltText }: EmulatorSwitches,
): { readonly altText: string | null } | Reply {
  if (value === null && takesNullAltText === true) return { altText: null };
  if (value === null && takesNullAltText === "as-empty") return { altText: "" };
  if (typeof value !== "string") return validationError("altText must be a string");
  if (value === "" && emptyAltText === 400) return validationError("altText must not be empty");
  return { altText: value === "" && emptyAltText === "null" ? null : value };
}
