import { assetAnswers } from "./asset-endpoints.js";
import { type EmulatedRequest, json, type Reply, webflowError } from "./exchange.js";
import type { Operation } from "./faults.js";
import { folderAnswers } from "./folder-endpoints.js";
import { type EmulatedToken, type Library, timestamp } from "./library.js";
import { isObjectId } from "./object-id.js";
import { createRateLimiter } from "./rate-limit.js";
import type { EmulatorSwitches } from "./switches.js";

/** What an endpoint needs of the emulator. */
export interface ApiContext {
  readonly library: Library;
  readonly switches: EmulatorSwitches;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
}

/** One request to an endpoint, past routing, token and scope. */
export interface ApiRequest {
  readonly token: EmulatedToken;
  /** The id in the path; empty where there is none. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** The parsed body; undefined when there is none or it is no JSON object. */
  readonly body: Record<string, unknown> | undefined;
  /** Milliseconds that a form lives that stage 1 signs. */
  readonly formLifetimeMs: number;
}

export type Answer = (request: ApiRequest) => Reply;
export type Answers = Partial<Record<Operation, Answer>>;

interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly pattern: RegExp;
  readonly scope?: string;
  /** What the id in the path stands for. */
  readonly id?: "site" | "asset" | "folder";
}

const ROUTES: readonly Route[] = [
  { operation: "listSites", method: "GET", pattern: /^\/sites$/, scope: "sites:read" },
  { operation: "getSite", method: "GET", pattern: /^\/sites\/([^/]+)$/, scope: "sites:read", id: "site" },
  {
    operation: "listAssets",
    method: "GET",
    pattern: /^\/sites\/([^/]+)\/assets$/,
    scope: "assets:read",
    id: "site",
  },
  {
    operation: "createAsset",
    method: "POST",
    pattern: /^\/sites\/([^/]+)\/assets$/,
    scope: "assets:write",
    id: "site",
  },
  { operation: "getAsset", method: "GET", pattern: /^\/assets\/([^/]+)$/, scope: "assets:read", id: "asset" },
  {
    operation: "updateAsset",
    method: "PATCH",
    pattern: /^\/assets\/([^/]+)$/,
    scope: "assets:write",
    id: "asset",
  },
  {
    operation: "deleteAsset",
    method: "DELETE",
    pattern: /^\/assets\/([^/]+)$/,
    scope: "assets:write",
    id: "asset",
  },
  {
    operation: "listFolders",
    method: "GET",
    pattern: /^\/sites\/([^/]+)\/asset_folders$/,
    scope: "assets:read",
    id: "site",
  },
  {
    operation: "createFolder",
    method: "POST",
    pattern: /^\/sites\/([^/]+)\/asset_folders$/,
    scope: "assets:write",
    id: "site",
  },
  {
    operation: "getFolder",
    method: "GET",
    pattern: /^\/asset_folders\/([^/]+)$/,
    scope: "assets:read",
    id: "folder",
  },
  { operation: "introspect", method: "GET", pattern: /^\/token\/introspect$/ },
  {
    operation: "authorizedBy",
    method: "GET",
    pattern: /^\/token\/authorized_by$/,
    scope: "authorized_user:read",
  },
];

/** The Data API v2: routing, token, rate limit, scope, and the ids in the path, before the endpoint itself. */
export interface DataApi {
  operationOf(method: string, path: string): Operation;
  answer(request: EmulatedRequest, formLifetimeMs: number): Reply;
}

export function createDataApi(context: ApiContext): DataApi {
  const { library, switches } = context;
  const limiter = createRateLimiter(switches);
  const answers: Answers = { ...siteAnswers(context), ...assetAnswers(context), ...folderAnswers(context) };

  function answerRoute(request: EmulatedRequest, token: EmulatedToken, formLifetimeMs: number): Reply {
    const { route, id } = findRoute(request.method, request.path);
    const answer = route && answers[route.operation];
    if (!route || !answer) return routeNotFound(request.path);
    if (route.scope !== undefined && !token.scopes.includes(route.scope)) return missingScope(route.scope);
    if (request.path.startsWith("/token/") && token.kind === "site") return notAuthorized();
    const refused = refuseId(route, id, token);
    if (refused) return refused;
    const body = readJsonObject(request.body);
    if (body === "malformed") return badRequest("Request body is not valid JSON");
    return answer({ token, id, query: request.query, body, formLifetimeMs });
  }

  function refuseId(route: Route, id: string, token: EmulatedToken): Reply | undefined {
    if (route.id === undefined) return undefined;
    if (!isObjectId(id))
      return webflowError(400, "validation_error", "Validation Error: Provided ID is invalid");
    const siteId = siteOf(route.id, id);
    if (siteId === undefined) return notFound(route.id);
    if (token.siteIds.includes(siteId)) return undefined;
    if (switches.foreignSiteStatus === 403) {
      return webflowError(403, "forbidden", "User is not authorized to perform this action");
    }
    return notFound(route.id);
  }

  function siteOf(kind: NonNullable<Route["id"]>, id: string): string | undefined {
    if (kind === "site") return library.sites.get(id)?.id;
    const records = kind === "asset" ? library.assetRecords : library.folderRecords;
    return records.get(id)?.siteId;
  }

  return {
    operationOf: (method, path) => findRoute(method, path).route?.operation ?? "unknownRoute",

    answer(request, formLifetimeMs) {
      const token = library.tokens.get(bearer(request) ?? "");
      if (!token) return notAuthorized();
      const verdict = limiter.take(token.value);
      const reply = verdict.isAllowed
        ? answerRoute(request, token, formLifetimeMs)
        : webflowError(429, "too_many_requests", "Too many requests");
      reply.headers["X-RateLimit-Limit"] = String(switches.rateLimit.limit);
      reply.headers["X-RateLimit-Remaining"] = String(Math.max(0, verdict.remaining));
      if (!verdict.isAllowed || switches.retryAfterOnSuccess) {
        reply.headers["Retry-After"] = String(verdict.retryAfterSeconds);
      }
      return reply;
    },
  };
}

function siteAnswers({ library }: ApiContext): Answers {
  const describe = (id: string) => {
    const site = library.sites.get(id);
    return (
      site && {
        ...site,
        workspaceId: site.id,
        lastUpdated: site.createdOn,
        lastPublished: null,
        customDomains: [],
      }
    );
  };
  return {
    listSites: ({ token }) =>
      json(200, { sites: token.siteIds.map(describe).filter((site) => site !== undefined) }),
    getSite: ({ id }) => json(200, describe(id)),
    introspect: ({ token }) =>
      json(200, {
        authorization: {
          id: token.siteIds[0],
          createdOn: timestamp(library),
          lastUsed: timestamp(library),
          grantType: "authorization_code",
          rateLimit: 60,
          scope: token.scopes.join(","),
          authorizedTo: { siteIds: token.siteIds, workspaceIds: [], userIds: [] },
        },
        application: { id: token.siteIds[0], description: "", homepage: "", displayName: "Emulated app" },
      }),
    authorizedBy: ({ token }) =>
      json(200, { id: token.siteIds[0], email: "someone@example.com", firstName: "Some", lastName: "One" }),
  };
}

function findRoute(method: string, path: string): { route: Route | undefined; id: string } {
  for (const route of ROUTES) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { route, id: match[1] ?? "" };
  }
  return { route: undefined, id: "" };
}

function bearer(request: EmulatedRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

function readJsonObject(body: Buffer): Record<string, unknown> | undefined | "malformed" {
  if (body.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : "malformed";
  } catch {
    return "malformed";
  }
}

export function badRequest(problem: string): Reply {
  return webflowError(400, "bad_request", "Bad Request: Request is malformed", [problem]);
}

export function validationError(problem: string): Reply {
  return webflowError(400, "validation_error", `Validation Error: ${problem}`, [problem]);
}

export function notFound(what: string): Reply {
  return webflowError(404, "resource_not_found", `Requested resource not found: The ${what} cannot be found`);
}

function notAuthorized(): Reply {
  return webflowError(401, "not_authorized", "Request not authorized");
}

function missingScope(scope: string): Reply {
  return webflowError(
    403,
    "missing_scopes",
    `OAuthForbidden: You are missing the following scopes - ${scope}`,
  );
}

/** Webflow answers an unknown route in another shape than any other error. */
export function routeNotFound(path: string): Reply {
  return json(404, {
    msg: `Route not found: ${path}`,
    code: 404,
    name: "RouteNotFoundError",
    path,
    errorEnum: "RouteNotFound",
  });
}
