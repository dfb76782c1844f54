import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { ContentClient } from "./data-api/content-client.js";
import type { SiteLocale } from "./data-api/content-responses.js";

/** The locales of sites, as calls name them. */
export interface Locales {
  /**
   * The id of the locale that a call names by tag (`de-DE`, `de_DE`), subdirectory, id or name; undefined for none, and
   * for the primary one, which needs no name. Throws INVALID_INPUT, listing the locales that exist.
   */
  resolve(siteId: string, named: string | undefined, call: CallContext): Promise<string | undefined>;
}

const MAX_AGE_MS = 60_000;

export function createLocales(webflow: Pick<ContentClient, "getSite">): Locales {
  const known = new Map<string, { readonly locales: readonly SiteLocale[]; readonly readAt: number }>();

  async function localesOf(siteId: string, call: CallContext): Promise<readonly SiteLocale[]> {
    const recent = known.get(siteId);
    if (recent && Date.now() - recent.readAt < MAX_AGE_MS) return recent.locales;
    const { locales } = await webflow.getSite(siteId, call);
    known.set(siteId, { locales, readAt: Date.now() });
    return locales;
  }

  return {
    async resolve(siteId, named, call) {
      if (named === undefined) return undefined;
      const locales = await localesOf(siteId, call);
      const found = localeNamed(named, locales);
      if (!found) throw unknownLocale(named, locales);
      if (found === locales[0]) return undefined;
      if (found.enabled === false) throw disabledLocale(found);
      return found.id;
    },
  };
}

function unknownLocale(named: string, locales: readonly SiteLocale[]): AssetError {
  const shown = JSON.stringify(named.slice(0, 40));
  if (locales.length === 0) {
    return new AssetError(
      "INVALID_INPUT",
      `The site has no locale ${shown}: it has one language`,
      "leave locale out",
    );
  }
  const usable = locales.filter((locale, index) => index === 0 || locale.enabled !== false);
  const names = usable.map((locale) => `${nameOf(locale)}${locale === locales[0] ? " (primary)" : ""}`);
  return new AssetError(
    "INVALID_INPUT",
    `The site has no locale ${shown}`,
    `use one of these: ${names.join(", ")}`,
  );
}

/** Webflow does not document what it does with texts in a locale that is not enabled. */
function disabledLocale(locale: SiteLocale): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The locale ${nameOf(locale)} is not enabled`,
    "ask the user to enable it in the settings of the site, or leave locale out",
  );
}

/** Names are of the user's making: one counts only where no locale has it as its tag, and where one has it alone. */
function localeNamed(named: string, locales: readonly SiteLocale[]): SiteLocale | undefined {
  const wanted = comparable(named);
  const known = locales.find(({ id, tag, subdirectory }) =>
    [id, tag, subdirectory].some((name) => name && comparable(name) === wanted),
  );
  if (known) return known;
  const [namesake, ...others] = locales.filter(({ displayName }) => comparable(displayName ?? "") === wanted);
  return others.length === 0 ? namesake : undefined;
}

function comparable(name: string): string {
  return name.trim().toLowerCase().replaceAll("_", "-");
}

function nameOf({ tag, subdirectory, id }: SiteLocale): string {
  return tag || subdirectory || id;
}
