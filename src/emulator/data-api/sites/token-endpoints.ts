import { timestamp } from "../../database/database.js";
import type { EmulatedToken } from "../../database/records.js";
import type { Reply } from "../../http/exchange.js";
import type { ApiContext, ApiRequest, Endpoints } from "../protocol/endpoint.js";
import { forbidden, json, notAuthorized, routeNotFound } from "../protocol/replies.js";

/** `/token/...`. */
export function tokenEndpoints({ database, switches }: ApiContext): Endpoints {
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

  return { introspect, authorizedBy };
}
