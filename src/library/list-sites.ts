import type { ListSitesResult } from "../contract/list-sites.js";
import type { CallContext } from "../core/call-context.js";
import type { Sites } from "../webflow/sites.js";

/** The sites that the token sees. Throws UNAUTHORIZED, MISSING_SCOPE. */
export type ListSites = (call: CallContext) => Promise<ListSitesResult>;

export function createListSites(sites: Sites): ListSites {
  return async (call) => {
    const all = await sites.list(call);
    return {
      sites: all.map(({ id, displayName, shortName }) => ({
        id,
        name: displayName ?? shortName ?? id,
        ...(shortName !== undefined && { shortName }),
      })),
    };
  };
}
