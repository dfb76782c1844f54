import type { CallContext } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import type { WebflowClient } from "./client.js";
import { assertWebflowId } from "./ids.js";
import type { Site } from "./responses.js";

/** The sites that the token sees, and which of them a call is about. */
export interface Sites {
  list(call: CallContext): Promise<readonly Site[]>;
  /**
   * The site that a call names, else the configured one, else the only one that the token sees.
   * Throws SITE_REQUIRED with the sites to choose from, or INVALID_INPUT for an id of another form.
   */
  resolve(siteId: string | undefined, call: CallContext): Promise<string>;
  /** The error that a call failed with; for an unknown site with the sites that the token sees. */
  explain(error: unknown, call: CallContext): Promise<unknown>;
}

export function createSites(webflow: WebflowClient, configuredSiteId: string | undefined): Sites {
  let onlySiteId: string | undefined;

  async function findOnly(call: CallContext): Promise<string> {
    const sites = await webflow.listSites(call);
    const [first, ...others] = sites;
    if (!first) {
      throw new AssetError(
        "SITE_NOT_FOUND",
        "The token sees no site",
        "make the token in the settings of the site that it is for, with the scope sites:read",
      );
    }
    if (others.length > 0) {
      throw new AssetError(
        "SITE_REQUIRED",
        `The token sees ${sites.length} sites: ${describe(sites)}`,
        "give the one that is meant as siteId (or set WEBFLOW_SITE_ID)",
      );
    }
    return first.id;
  }

  return {
    list: (call) => webflow.listSites(call),

    async resolve(siteId, call) {
      const named = siteId ?? configuredSiteId;
      if (named !== undefined) return assertWebflowId(named, "siteId");
      onlySiteId ??= await findOnly(call);
      return onlySiteId;
    },

    async explain(error, call) {
      if (!isAssetError(error, "SITE_NOT_FOUND")) return error;
      const sites = await webflow.listSites(call).catch(() => []);
      if (sites.length === 0) return error;
      return new AssetError(
        "SITE_NOT_FOUND",
        error.message,
        `use one of the sites that the token sees: ${describe(sites)}`,
        { cause: error },
      );
    },
  };
}

function describe(sites: readonly Site[]): string {
  const shown = sites
    .slice(0, 20)
    .map(({ id, displayName, shortName }) => `${id} (${displayName ?? shortName ?? "no name"})`);
  return shown.join(", ") + (sites.length > shown.length ? ` and ${sites.length - shown.length} more` : "");
}
