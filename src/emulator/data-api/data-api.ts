import type { EmulatedToken } from "../database.js";
import type { PendingRequest, Reply, RequestHead } from "../exchange.js";
import type { Fault } from "../faults.js";
import { isObjectId } from "../object-id.js";
import type { Operation } from "../operations.js";
import { assetEndpoints } from "./asset-endpoints.js";
import type { ApiContext, Endpoints } from "./endpoint.js";
import { folderEndpoints } from "./folder-endpoints.js";
import { createRateLimiter } from "./rate-limit.js";
import {
  badRequest,
  forbidden,
  missingScope,
  notAuthorized,
  notFound,
  routeNotFound,
  tooManyRequests,
  validationError,
  webflowError,
} from "./replies.js";
import { findRoute, type Route } from "./routes.js";
import { siteEndpoints } from "./site-endpoints.js";

/** The Data API v2: token, rate limit, route, scope and the ids in the path, before the endpoint itself. */
export interface DataApi {
  operationOf(head: RequestHead): Operation;
  receive(head: RequestHead): PendingRequest;
  /** `X-RateLimit-Limit` and `X-RateLimit-Remaining` of the request's token, which Webflow sends with every answer. */
  rateLimitHeaders(head: RequestHead): Record<string, string>;
}

const LARGEST_BODY = 1024 * 1024;

export function createDataApi(context: ApiContext): DataApi {
  const { database, switches } = context;
  const limiter = createRateLimiter(() => switches.rateLimit);
  const endpoints: Endpoints = {
    ...siteEndpoints(context),
    ...assetEndpoints(context),
    ...folderEndpoints(context),
  };

  function rateLimitHeaders(head: RequestHead): Record<string, string> {
    return {
      "X-RateLimit-Limit": String(switches.rateLimit.limit),
      "X-RateLimit-Remaining": String(limiter.remaining(bearer(head))),
    };
  }

  function operationOf({ method, path }: RequestHead): Operation {
    return findRoute(method, pathInApi(path))?.route.operation ?? "unknownRoute";
  }

  function receive(head: RequestHead): PendingRequest {
    const pieces: Buffer[] = [];
    let size = 0;
    return {
      take(piece) {
        size += piece.length;
        if (size <= LARGEST_BODY) pieces.push(piece);
      },
      answer(fault) {
        const token = database.tokens.get(bearer(head));
        if (!token) return notAuthorized();
        const retryAfterSeconds = limiter.take(token.value);
        if (retryAfterSeconds > 0) return withRetryAfter(tooManyRequests(), retryAfterSeconds);
        if (size > LARGEST_BODY) return webflowError(413, "bad_request", "Bad Request: Request is too large");
        const reply = dispatch(head, token, Buffer.concat(pieces), fault);
        return switches.retryAfterOnSuccess ? withRetryAfter(reply, 60) : reply;
      },
    };
  }

  function dispatch(head: RequestHead, token: EmulatedToken, bytes: Buffer, fault: Fault | undefined): Reply {
    const path = pathInApi(head.path);
    const match = findRoute(head.method, path);
    const endpoint = match && endpoints[match.route.operation];
    if (!match || !endpoint) return routeNotFound(path);
    const { route, id } = match;
    if (route.scope !== undefined && !token.scopes.includes(route.scope)) return missingScope(route.scope);
    const refused = refuseId(route, id, token);
    if (refused) return refused;
    const body = readJsonObject(bytes);
    if (!body) return badRequest("Request body is not a JSON object");
    return endpoint({ token, id, query: head.query, body, fault });
  }

  function refuseId(route: Route, id: string, token: EmulatedToken): Reply | undefined {
    if (route.id === undefined) return undefined;
    if (!isObjectId(id)) return validationError("Provided ID is invalid");
    const siteId = siteOf(route.id, id);
    if (siteId === undefined) return notFound(route.id);
    if (token.siteIds.includes(siteId)) return undefined;
    return switches.foreignSiteStatus === 403 ? forbidden() : notFound(route.id);
  }

  function siteOf(kind: NonNullable<Route["id"]>, id: string): string | undefined {
    if (kind === "site") return database.sites.get(id)?.id;
    const records = kind === "asset" ? database.assetRecords : database.folderRecords;
    return records.get(id)?.siteId;
  }

  return { operationOf, receive, rateLimitHeaders };
}

/** The path below `/v2`. */
function pathInApi(path: string): string {
  return path.slice("/v2".length);
}

function bearer({ headers }: RequestHead): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
}

function withRetryAfter(reply: Reply, seconds: number): Reply {
  return { ...reply, headers: { ...reply.headers, "Retry-After": String(seconds) } };
}

/** The fields of a JSON object; none for an empty body; undefined for anything else. */
function readJsonObject(body: Buffer): Record<string, unknown> | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
