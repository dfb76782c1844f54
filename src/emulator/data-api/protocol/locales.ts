import type { EmulatorSwitches } from "../../behaviour/switches.js";
import type { EmulatedLocale, EmulatedSite } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import { notFound, validationError } from "./replies.js";

/** The locale that a request is about; undefined for the primary one. */
export interface AskedLocale {
  readonly secondary: EmulatedLocale | undefined;
}

/** Which locale `localeId` asks for, or the answer that refuses it. Pages can be read in locales that are not enabled. */
export function readLocale(
  query: URLSearchParams,
  site: EmulatedSite | undefined,
  switches: EmulatorSwitches,
  { onlyEnabled = false } = {},
): AskedLocale | Reply {
  const localeId = query.get("localeId") ?? "";
  if (localeId === "" || localeId === site?.locales.primary.id) return { secondary: undefined };
  const secondary = site?.locales.secondary.find(
    ({ id, enabled }) => id === localeId && (enabled || !onlyEnabled),
  );
  if (secondary) return { secondary };
  if (switches.unknownLocale === "ignored") return { secondary: undefined };
  return switches.unknownLocale === 404
    ? notFound("locale")
    : validationError("localeId is not a locale of the site");
}

export function isLocaleRefused(locale: AskedLocale | Reply): locale is Reply {
  return "status" in locale;
}
