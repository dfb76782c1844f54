import type { Operation } from "../../behaviour/operations.js";

/** What the first id of a path stands for. */
export type RouteId = "site" | "asset" | "folder" | "page" | "collection";

export interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  /** The scope that a token needs for it. */
  readonly scope?: string;
  /** What `:id` in the path stands for; another id further down is `:inner`. */
  readonly id?: RouteId;
}

/** A route, and the ids that the path holds in place of `:id` and `:inner`; empty where it has none. */
export interface RouteMatch {
  readonly route: Route;
  readonly id: string;
  readonly innerId: string;
}

const READ_ASSETS = { scope: "assets:read" } as const;
const WRITE_ASSETS = { scope: "assets:write" } as const;
const SITE = { method: "GET", id: "site" } as const;
const PAGE = { method: "GET", id: "page", scope: "pages:read" } as const;
const COLLECTION = { method: "GET", id: "collection", scope: "cms:read" } as const;
const CUSTOM_CODE = { method: "GET", scope: "custom_code:read" } as const;

/** Sites, and all that the API has for assets: folders cannot be changed or deleted, and assets cannot be moved. */
const SITE_AND_ASSET_ROUTES: readonly Route[] = [
  { operation: "listSites", method: "GET", path: "/sites", scope: "sites:read" },
  { operation: "getSite", path: "/sites/:id", scope: "sites:read", ...SITE },
  { operation: "listCustomDomains", path: "/sites/:id/custom_domains", scope: "sites:read", ...SITE },
  { operation: "getPlan", path: "/sites/:id/plan", scope: "sites:read", ...SITE },
  { operation: "getRobotsTxt", path: "/sites/:id/robots_txt", scope: "site_config:read", ...SITE },
  { operation: "listRedirects", path: "/sites/:id/redirects", scope: "sites:read", ...SITE },
  { operation: "listAssets", path: "/sites/:id/assets", ...READ_ASSETS, ...SITE },
  { operation: "createAsset", path: "/sites/:id/assets", ...WRITE_ASSETS, id: "site", method: "POST" },
  { operation: "getAsset", path: "/assets/:id", ...READ_ASSETS, id: "asset", method: "GET" },
  { operation: "updateAsset", path: "/assets/:id", ...WRITE_ASSETS, id: "asset", method: "PATCH" },
  { operation: "deleteAsset", path: "/assets/:id", ...WRITE_ASSETS, id: "asset", method: "DELETE" },
  { operation: "listFolders", path: "/sites/:id/asset_folders", ...READ_ASSETS, ...SITE },
  {
    operation: "createFolder",
    path: "/sites/:id/asset_folders",
    ...WRITE_ASSETS,
    id: "site",
    method: "POST",
  },
  { operation: "getFolder", path: "/asset_folders/:id", ...READ_ASSETS, id: "folder", method: "GET" },
  { operation: "introspect", method: "GET", path: "/token/introspect" },
  { operation: "authorizedBy", method: "GET", path: "/token/authorized_by", scope: "authorized_user:read" },
];

/** Reading pages, components, the CMS, apps' scripts, and products. */
const CONTENT_ROUTES: readonly Route[] = [
  { operation: "listPages", path: "/sites/:id/pages", scope: "pages:read", ...SITE },
  { operation: "getPage", path: "/pages/:id", ...PAGE },
  { operation: "getPageDom", path: "/pages/:id/dom", ...PAGE },
  { operation: "listComponents", path: "/sites/:id/components", scope: "components:read", ...SITE },
  {
    operation: "getComponentDom",
    path: "/sites/:id/components/:inner/dom",
    scope: "components:read",
    ...SITE,
  },
  {
    operation: "getComponentProperties",
    path: "/sites/:id/components/:inner/properties",
    scope: "components:read",
    ...SITE,
  },
  { operation: "listCollections", path: "/sites/:id/collections", scope: "cms:read", ...SITE },
  { operation: "getCollection", path: "/collections/:id", ...COLLECTION },
  { operation: "listItems", path: "/collections/:id/items", ...COLLECTION },
  { operation: "listLiveItems", path: "/collections/:id/items/live", ...COLLECTION },
  { operation: "getItem", path: "/collections/:id/items/:inner", ...COLLECTION },
  { operation: "getLiveItem", path: "/collections/:id/items/:inner/live", ...COLLECTION },
  { operation: "listRegisteredScripts", path: "/sites/:id/registered_scripts", id: "site", ...CUSTOM_CODE },
  { operation: "getSiteCustomCode", path: "/sites/:id/custom_code", id: "site", ...CUSTOM_CODE },
  { operation: "getPageCustomCode", path: "/pages/:id/custom_code", id: "page", ...CUSTOM_CODE },
  { operation: "listCustomCodeBlocks", path: "/sites/:id/custom_code/blocks", id: "site", ...CUSTOM_CODE },
  { operation: "listProducts", path: "/sites/:id/products", scope: "ecommerce:read", ...SITE },
  { operation: "getProduct", path: "/sites/:id/products/:inner", scope: "ecommerce:read", ...SITE },
];

/** Source: https://developers.webflow.com/data/reference */
const PATTERNS = [...SITE_AND_ASSET_ROUTES, ...CONTENT_ROUTES].map((route) => ({
  route,
  pattern: new RegExp(
    `^${route.path.replace(":id", "(?<id>[^/]+)").replace(":inner", "(?<innerId>[^/]+)")}$`,
  ),
}));

/** The route of a path below `/v2`; undefined when the API has none. */
export function findRoute(method: string, path: string): RouteMatch | undefined {
  for (const { route, pattern } of PATTERNS) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { route, id: match.groups?.["id"] ?? "", innerId: match.groups?.["innerId"] ?? "" };
  }
  return undefined;
}
