import { domainsOf } from "../database/domains.js";
import type { Reply, RequestHead } from "../http/exchange.js";
import { type EmulatorContext, publishedUrls, withUrls } from "../urls/content-urls.js";
import { botWall, htmlReply, noSite, plainNotFound, redirect } from "./fixed-pages.js";
import { compressed } from "./page-body.js";
import { type PageRequest, servePage } from "./serve-page.js";
import { sitemapAt } from "./sitemap.js";
import { styleSheetNamed } from "./style-sheets.js";

/** A request to a domain of a site that is published, which no proxy has answered. */
type SiteRequest = PageRequest & { readonly head: RequestHead };

/** The published sites, told apart by the Host header. `serveObject` serves assets at the site's own URLs. */
export function createSiteServer(
  context: EmulatorContext,
  serveObject: (head: RequestHead) => Reply,
): (head: RequestHead) => Reply {
  const { database, switches } = context;

  function serve(head: RequestHead): Reply {
    const host = head.headers.host ?? "";
    const found = findDomain(host, context);
    if (!found) return noSite();
    const { site, domain } = found;
    if (switches.siteProxy === "bot-wall") return botWall();
    const elsewhere = host.replace(/^127\.0\.0\.1/, "localhost");
    if (switches.siteProxy === "redirects" && host !== elsewhere)
      return redirect(302, `http://${elsewhere}${head.rawPath}${search(head)}`);
    if (head.method !== "GET" && head.method !== "HEAD") return { ...plainNotFound(), status: 405 };
    if (switches.siteProxy === "rewrites-assets" && head.path.startsWith("/assets/"))
      return serveObject({ ...head, rawPath: head.rawPath.replace("/assets/", "/cdn/") });
    if (site.lastPublished === null) return unpublished(head.path);
    return servePublished({
      head,
      site,
      domain,
      path: head.path,
      query: head.query,
      origin: `http://${host}`,
    });
  }

  function unpublished(path: string): Reply {
    if (switches.neverPublished === 404 || path !== "/") return noSite();
    return htmlReply(
      200,
      "<!DOCTYPE html><html><head><title>Before</title></head><body>Before</body></html>",
    );
  }

  function servePublished(request: SiteRequest): Reply {
    const { site, path, origin } = request;
    const file = database.content.fileAt(site.id, path);
    if (file) {
      const body = withUrls(file.body, publishedUrls(context, origin));
      return { status: file.status, headers: { "content-type": file.contentType, ...file.headers }, body };
    }
    if (path === "/robots.txt")
      return text("text/plain", `User-agent: *\nDisallow:\nSitemap: ${origin}/sitemap.xml\n`);
    const sitemap = sitemapAt(path, site, context);
    if (sitemap !== undefined) return text("application/xml", sitemap);
    const css = switches.styleSheetHost === "site" ? styleSheetAt(request) : undefined;
    if (css !== undefined) return text("text/css", css);
    if (path !== "/" && path.endsWith("/")) return redirect(301, path.slice(0, -1));
    return servePage(request, context);
  }

  function styleSheetAt({ site, path, origin }: SiteRequest): string | undefined {
    const file = /^\/css\/([^/]+)$/.exec(path)?.[1];
    return file === undefined ? undefined : styleSheetNamed(site.id, file, origin, context);
  }

  return (head) => compressed(serve(head), head.headers["accept-encoding"], switches.siteCompression);
}

/** The site that is published to a host. `localhost` is another name of the emulator's own. */
function findDomain(host: string, { database, switches }: EmulatorContext) {
  const asFirst = host.replace(/^(localhost|\[::1\])/, "127.0.0.1");
  for (const name of [host, asFirst]) {
    for (const site of database.sites.values()) {
      const domain = domainsOf(site, switches).find(({ url }) => url === name);
      if (domain) return { site, domain };
    }
  }
  return undefined;
}

function search({ query }: RequestHead): string {
  return query.size === 0 ? "" : `?${query}`;
}

function text(contentType: string, body: string): Reply {
  return { status: 200, headers: { "content-type": `${contentType}; charset=utf-8` }, body };
}
