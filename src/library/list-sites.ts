import type { ListSitesResult } from "../contract/list-sites.js";
import { countFitting } from "../core/answer-size.js";
import type { CallContext } from "../core/call-context.js";
import { cutText } from "../core/text.js";
import type { SiteLocale } from "../webflow/data-api/content-responses.js";
import type { Site } from "../webflow/data-api/responses.js";
import type { Sites } from "../webflow/sites.js";

/** The sites that the token can see. Throws UNAUTHORIZED, MISSING_SCOPE. */
export type ListSites = (call: CallContext) => Promise<ListSitesResult>;

/** What names of sites and locales may have, in characters; they have far fewer. */
const MOST_NAME_CHARACTERS = 100;
/** What the locales of one site may cost. */
const LOCALES_TOKENS = 4_000;

export function createListSites(sites: Sites): ListSites {
  return async (call) => {
    const all = (await sites.list(call)).map(describeSite);
    const records = all.map(({ site }) => site);
    const shown = countFitting(records);
    const notes = all.slice(0, shown).flatMap(({ note }) => note ?? []);
    const more = all.length - shown;
    if (more > 0) {
      notes.push(`${more} more sites are not shown: ask the user for the id of the one that is meant`);
    }
    return { sites: records.slice(0, shown), ...(notes.length > 0 && { notes }) };
  };
}

function describeSite({ id, displayName, shortName, locales }: Site) {
  const name = cutText(displayName ?? shortName ?? id, MOST_NAME_CHARACTERS);
  const described = locales.length > 1 ? locales.map(describeLocale) : [];
  const affordable = described.slice(0, countFitting(described, LOCALES_TOKENS));
  const more = described.length - affordable.length;
  return {
    site: {
      id,
      name,
      shortName: shortName && cutText(shortName, MOST_NAME_CHARACTERS),
      ...(affordable.length > 0 && { locales: affordable }),
    },
    ...(more > 0 && {
      note: `${more} more locales of ${id} are not shown; their tags work as locale all the same`,
    }),
  };
}

function describeLocale({ id, tag, subdirectory, displayName }: SiteLocale, index: number) {
  const shortest = cutText(tag || subdirectory || id, MOST_NAME_CHARACTERS);
  const name = displayName ? cutText(displayName, MOST_NAME_CHARACTERS) : shortest;
  return { id, tag: shortest, name, primary: index === 0 };
}
