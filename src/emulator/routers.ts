import { createDataApi } from "./data-api/data-api.js";
import type { ApiContext } from "./data-api/protocol/endpoint.js";
import type { PendingRequest, Reply } from "./http/exchange.js";
import { createSiteServer } from "./published-site/site-server.js";
import { createStyleSheetServer } from "./published-site/style-sheets.js";
import type { RoutedRequest, Router } from "./request-handler.js";
import { receiveUpload } from "./s3/form-upload.js";
import { createObjectServer } from "./s3/hosted-objects.js";

/** The routers of the emulator's two servers. */
export interface Routers {
  /** `/v2` is the Data API and `/cdn` the CDN; the rest is S3. */
  readonly backend: Router;
  readonly publishedSite: Router;
}

export function createRouters(context: ApiContext): Routers {
  const api = createDataApi(context);
  const serveObject = createObjectServer(context);
  const serveStyleSheet = createStyleSheetServer(context);
  const serveSite = createSiteServer(context, serveObject);

  return {
    backend: (head) => {
      const { method, path } = head;
      if (path === "/v2" || path.startsWith("/v2/")) {
        return {
          service: "api",
          operation: api.operationOf(head),
          receive: () => api.receive(head),
          headers: () => api.rateLimitHeaders(head),
        };
      }
      if (method === "POST") return plain("s3", "postObject", () => receiveUpload(head, context));
      const isOnCdn = path.startsWith("/cdn/");
      const answer = () => (isOnCdn ? serveStyleSheet(head) : undefined) ?? serveObject(head);
      return plain(isOnCdn ? "cdn" : "s3", "getObject", () => withoutBody(answer));
    },

    publishedSite: (head) => {
      const operation = /^\/sitemap[^/]*\.xml$/.test(head.path) ? "getSitemap" : "getPublishedPage";
      return plain("site", operation, () => withoutBody(() => serveSite(head)));
    },
  };
}

function plain(
  service: RoutedRequest["service"],
  operation: RoutedRequest["operation"],
  receive: () => PendingRequest,
): RoutedRequest {
  return { service, operation, receive, headers: () => ({}) };
}

/** A request whose body is ignored. */
function withoutBody(answer: () => Reply): PendingRequest {
  return { take: () => {}, answer };
}
