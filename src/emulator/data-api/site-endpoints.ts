import { type EmulatedSite, type EmulatedToken, timestamp } from "../database.js";
import type { Reply } from "../exchange.js";
import type { ApiContext, ApiRequest, Endpoints } from "./endpoint.js";
import { forbidden, json, notAuthorized, notFound, routeNotFound } from "./replies.js";

/** `/sites`, `/sites/{id}` and `/token/...`. */
export function siteEndpoints({ database, switches }: ApiContext): Endpoints {
  function listSites({ token }: ApiRequest) {
    const sites = [...database.sites.values()].filter(({ id }) => token.siteIds.includes(id));
    return json(200, { sites: sites.map(describe) });
  }

  /** "Site tokens do not grant access to: Authorization endpoints"; how they are refused is not documented. */
  function refuseSiteToken({ kind }: EmulatedToken, path: string): Reply | undefined {
    if (kind !== "site" || switches.siteTokenAtTokenEndpoints === "answered") return undefined;
    if (switches.siteTokenAtTokenEndpoints === 404) return routeNotFound(path);
    return switches.siteTokenAtTokenEndpoints === 403 ? forbidden() : notAuthorized();
  }

  function introspect({ token }: ApiRequest) {
    const refused = refuseSiteToken(token, "/token/introspect");
    if (refused) return refused;
    return json(200, {
      authorization: {
        id: token.id,
        createdOn: token.createdOn,
        lastUsed: timestamp(database),
        grantType: "authorization_code",
        rateLimit: switches.rateLimit.limit,
        scope: token.scopes.join(","),
        authorizedTo: { siteIds: token.siteIds, workspaceIds: [], userIds: [] },
      },
      application: {
        id: token.id,
        description: "An app of the emulator",
        homepage: "https://example.com",
        displayName: "Emulated app",
      },
    });
  }

  function authorizedBy({ token }: ApiRequest) {
    const refused = refuseSiteToken(token, "/token/authorized_by");
    if (refused) return refused;
    return json(200, { id: token.id, email: "someone@example.com", firstName: "Some", lastName: "One" });
  }

  return {
    listSites,
    getSite: ({ id }) => {
      const site = database.sites.get(id);
      return site ? json(200, describe(site)) : notFound("site");
    },
    introspect,
    authorizedBy,
  };
}

function describe({ id, displayName, shortName, createdOn }: EmulatedSite) {
  return {
    id,
    workspaceId: id,
    displayName,
    shortName,
    previewUrl: `https://screenshots.example.com/sites/${id}.png`,
    timeZone: "Europe/Berlin",
    createdOn,
    lastUpdated: createdOn,
    lastPublished: null,
    parentFolderId: null,
    customDomains: [],
    locales: { primary: null, secondary: [] },
    dataCollectionEnabled: false,
    dataCollectionType: "disabled",
  };
}
