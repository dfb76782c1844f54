import type { Operation } from "../operations.js";

export interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  /** The scope that a token needs for it. */
  readonly scope?: string;
  /** What `:id` in the path stands for. */
  readonly id?: "site" | "asset" | "folder";
}

/** A route, and the id that the path holds in place of `:id`. */
export interface RouteMatch {
  readonly route: Route;
  readonly id: string;
}

const SITE = { id: "site" } as const;
const ASSET = { id: "asset" } as const;
const FOLDER = { id: "folder" } as const;
const READ = { scope: "assets:read" } as const;
const WRITE = { scope: "assets:write" } as const;

/**
 * All that the Data API has for assets: folders cannot be changed or deleted, and assets cannot be moved.
 * Source: https://developers.webflow.com/data/reference
 */
const ROUTES: readonly Route[] = [
  { operation: "listSites", method: "GET", path: "/sites", scope: "sites:read" },
  { operation: "getSite", method: "GET", path: "/sites/:id", scope: "sites:read", ...SITE },
  { operation: "listAssets", method: "GET", path: "/sites/:id/assets", ...READ, ...SITE },
  { operation: "createAsset", method: "POST", path: "/sites/:id/assets", ...WRITE, ...SITE },
  { operation: "getAsset", method: "GET", path: "/assets/:id", ...READ, ...ASSET },
  { operation: "updateAsset", method: "PATCH", path: "/assets/:id", ...WRITE, ...ASSET },
  { operation: "deleteAsset", method: "DELETE", path: "/assets/:id", ...WRITE, ...ASSET },
  { operation: "listFolders", method: "GET", path: "/sites/:id/asset_folders", ...READ, ...SITE },
  { operation: "createFolder", method: "POST", path: "/sites/:id/asset_folders", ...WRITE, ...SITE },
  { operation: "getFolder", method: "GET", path: "/asset_folders/:id", ...READ, ...FOLDER },
  { operation: "introspect", method: "GET", path: "/token/introspect" },
  { operation: "authorizedBy", method: "GET", path: "/token/authorized_by", scope: "authorized_user:read" },
];

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(":id", "([^/]+)")}$`),
}));

/** The route of a path below `/v2`; undefined when the API has none. */
export function findRoute(method: string, path: string): RouteMatch | undefined {
  for (const { route, pattern } of PATTERNS) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { route, id: match[1] ?? "" };
  }
  return undefined;
}
