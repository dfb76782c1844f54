import type { Fault } from "../behaviour/faults.js";
import { isObjectId } from "../database/object-id.js";
import type { EmulatedToken } from "../database/records.js";
import type { Reply, RequestHead } from "../http/exchange.js";
import { parseJson } from "../http/parse-json.js";
import { assetEndpoints } from "./assets/asset-endpoints.js";
import { folderEndpoints } from "./assets/folder-endpoints.js";
import { collectionEndpoints } from "./content/collection-endpoints.js";
import { componentEndpoints } from "./content/component-endpoints.js";
import { customCodeEndpoints } from "./content/custom-code-endpoints.js";
import { itemEndpoints } from "./content/item-endpoints.js";
import { pageEndpoints } from "./content/page-endpoints.js";
import type { ApiContext, Endpoints } from "./protocol/endpoint.js";
import {
  badRequest,
  forbidden,
  missingScope,
  notFound,
  routeNotFound,
  validationError,
} from "./protocol/replies.js";
import { findRoute, type Route, type RouteId } from "./protocol/routes.js";
import { siteEndpoints } from "./sites/site-endpoints.js";
import { tokenEndpoints } from "./sites/token-endpoints.js";

/** A complete request with a known token. */
export interface AuthorizedRequest {
  readonly head: RequestHead;
  /** Below `/v2`. */
  readonly path: string;
  readonly token: EmulatedToken;
  readonly bytes: Buffer;
  readonly fault: Fault | undefined;
}

/** Finds a request's route, checks the scope, the ids in the path and the body, and has its endpoint answer it. */
export function createDispatcher(context: ApiContext): (request: AuthorizedRequest) => Reply {
  const { switches } = context;
  const endpoints: Endpoints = {
    ...siteEndpoints(context),
    ...tokenEndpoints(context),
    ...assetEndpoints(context),
    ...folderEndpoints(context),
    ...pageEndpoints(context),
    ...componentEndpoints(context),
    ...collectionEndpoints(context),
    ...itemEndpoints(context),
    ...customCodeEndpoints(context),
  };

  function refuseId(route: Route, id: string, token: EmulatedToken): Reply | undefined {
    if (route.id === undefined) return undefined;
    if (!isObjectId(id)) return validationError("Provided ID is invalid");
    const siteId = siteOf(context, route.id, id);
    if (siteId === undefined) return notFound(route.id);
    if (token.siteIds.includes(siteId)) return undefined;
    return switches.foreignSiteStatus === 403 ? forbidden() : notFound(route.id);
  }

  return ({ head, path, token, bytes, fault }) => {
    const match = findRoute(head.method, path);
    const endpoint = match && endpoints[match.route.operation];
    if (!match || !endpoint) return routeNotFound(path);
    const { route, id, innerId } = match;
    if (route.scope !== undefined && !token.scopes.includes(route.scope))
      return missingScope(route.scope, switches.missingScope);
    const refused = refuseId(route, id, token);
    if (refused) return refused;
    const body = readJsonObject(bytes);
    if (!body) return badRequest("Request body is not a JSON object");
    return endpoint({ token, id, innerId, query: head.query, body, fault });
  };
}

/** The site that a record belongs to. */
function siteOf({ database, switches }: ApiContext, kind: RouteId, id: string): string | undefined {
  const { content } = database;
  switch (kind) {
    case "site":
      return database.sites.get(id)?.id;
    case "folder":
      return database.folderRecords.get(id)?.siteId;
    case "page":
      return content.pages.get(id)?.siteId;
    case "collection":
      return content.collections.get(id)?.siteId;
    case "asset": {
      const cmsFile = switches.cmsFileAsAsset === 200 ? content.cmsFiles.get(id) : undefined;
      return (database.assetRecords.get(id) ?? cmsFile)?.siteId;
    }
  }
}

/** The fields of a JSON object; none for an empty body; undefined for anything else. */
function readJsonObject(body: Buffer): Record<string, unknown> | undefined {
  if (body.length === 0) return {};
  const value = parseJson(body.toString("utf8"));
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
