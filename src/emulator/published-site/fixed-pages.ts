import type { Reply } from "../http/exchange.js";

/** Pages of the hosting itself, whatever the site's own pages are. */
export function htmlReply(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return { status, headers: { "content-type": "text/html", ...headers }, body };
}

export function redirect(status: 301 | 302, location: string): Reply {
  return { status, headers: { location }, body: "" };
}

/** What the hosting answers for a host that no site is published to. */
export function noSite(): Reply {
  return htmlReply(404, "<html><head><title>Site Not Found</title></head><body>Site Not Found</body></html>");
}

export function plainNotFound(): Reply {
  return { status: 404, headers: { "content-type": "text/plain" }, body: "Not Found" };
}

export function botWall(): Reply {
  const page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>";
  return htmlReply(403, page, { "cf-mitigated": "challenge", server: "cloudflare" });
}

/** The form that asks for a page's password. */
export function passwordPage(status: number, siteId: string, path: string): Reply {
  const form =
    '<form action="/.wf_auth" method="post"><input type="password" name="pass"/>' +
    `<input type="hidden" name="path" value="${encodeURI(path)}"/></form>`;
  return htmlReply(
    status,
    `<!DOCTYPE html><html data-wf-site="${siteId}"><head><title>Protected page</title></head><body>${form}</body></html>`,
  );
}
