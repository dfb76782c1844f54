import type { CallContext } from "../core/call-context.js";
import type { Sites } from "../webflow/sites.js";

export interface SiteList {
  readonly sites: { id: string; name: string; shortName?: string }[];
}

/** The sites that the token sees. Throws UNAUTHORIZED, MISSING_SCOPE. */
export type ListSites = (call: CallContext) => Promise<SiteList>;

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
