import type { CallContext } from "../core/call-context.js";
import { AssetError, isAssetError } from "../core/errors.js";
import { oneLine } from "../core/text.js";
import type { WebflowClient } from "./data-api/client.js";
import type { Site } from "./data-api/responses.js";
import { assertWebflowId } from "./ids.js";

/** The sites that the token can see, and which of them a call is about. */
export interface Sites {
  list(call: CallContext): Promise<readonly Site[]>;
  /**
   * The site that a call names, or else the configured one, or else the only one that the token can see. Throws
   * SITE_REQUIRED with the sites to choose from, or INVALID_INPUT for a malformed id.
   */
  resolve(siteId: string | undefined, call: CallContext): Promise<string>;
}

export function createSites(webflow: WebflowClient, configuredSiteId: string | undefined): Sites {
  let onlySiteId: string | undefined;

  async function findOnly(call: CallContext): Promise<string> {
    const sites = await webflow.listSites(call);
    const [first, ...others] = sites;
    if (!first) {
      throw new AssetError(
        "SITE_NOT_FOUND",
        "The token has access to no site",
        "create the token in the settings of the site that it is for, with the scope sites:read",
      );
    }
    if (others.length > 0) {
      throw new AssetError(
        "SITE_REQUIRED",
        `The token has access to ${sites.length} sites: ${describe(sites)}`,
        "give the intended one as siteId (or set WEBFLOW_SITE_ID)",
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
  };
}

/**
 * Wraps methods of the service: if one fails because of an unknown site, its error lists the sites that exist, or says
 * that it is one of them.
 */
export function createExplainUnknownSite(
  sites: Sites,
): <Request extends { readonly siteId?: string | undefined }, Result, Context extends CallContext>(
  method: (request: Request, call: Context) => Promise<Result>,
) => typeof method {
  return (method) => async (request, call) => {
    try {
      return await method(request, call);
    } catch (error) {
      throw isAssetError(error, "SITE_NOT_FOUND")
        ? await withKnownSites(error, request.siteId, sites, call)
        : error;
    }
  };
}

async function withKnownSites(
  error: AssetError,
  named: string | undefined,
  sites: Sites,
  call: CallContext,
): Promise<AssetError> {
  const known = await sites.list(call).catch(() => []);
  if (known.length === 0) return error;
  const meant = await sites.resolve(named, call).catch(() => undefined);
  if (known.some(({ id }) => id === meant)) {
    return new AssetError(
      "WEBFLOW_REJECTED",
      `${error.message} (for the site ${meant}, which the token can see)`,
      "try again in a minute; if it happens again, check with the sub-command doctor what the token may do on that site",
      { cause: error },
    );
  }
  return new AssetError(
    "SITE_NOT_FOUND",
    error.message,
    `use one of the sites that the token can access: ${describe(known)}`,
    { cause: error },
  );
}

function describe(sites: readonly Site[]): string {
  const shown = sites
    .slice(0, 20)
    .map(({ id, displayName, shortName }) => `${id} (${oneLine(displayName ?? shortName ?? "no name", 60)})`);
  return shown.join(", ") + (sites.length > shown.length ? ` and ${sites.length - shown.length} more` : "");
}
