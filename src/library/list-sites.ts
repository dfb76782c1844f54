import type { ListSitesResult } from "../contract/list-sites.js";
import { countFitting } from "../core/answer-size.js";
import type { CallContext } from "../core/call-context.js";
import type { SiteLocale } from "../webflow/content-responses.js";
import type { Sites } from "../webflow/sites.js";

/** The sites that the token can see. Throws UNAUTHORIZED, MISSING_SCOPE. */
export type ListSites = (call: CallContext) => Promise<ListSitesResult>;

export function createListSites(sites: Sites): ListSites {
  return async (call) => {
    const all = (await sites.list(call)).map(({ id, displayName, shortName, locales }) => ({
      id,
      name: displayName ?? shortName ?? id,
      ...(shortName !== undefined && { shortName }),
      ...(locales.length > 1 && { locales: locales.map(describeLocale) }),
    }));
    const shown = countFitting(all);
    const more = all.length - shown;
    return {
      sites: all.slice(0, shown),
      ...(more > 0 && {
        notes: [`${more} more sites are not shown: ask the user for the id of the one that is meant`],
      }),
    };
  };
}

function describeLocale({ id, tag, subdirectory, displayName }: SiteLocale, index: number) {
  const shortest = tag || subdirectory || id;
  return { id, tag: shortest, name: displayName || shortest, primary: index === 0 };
}
