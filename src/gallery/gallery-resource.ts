import { readFile } from "node:fs/promises";

/*
 * The server's half of the gallery, by the MCP Apps extension, revision 2026-01-26:
 * https://github.com/modelcontextprotocol/ext-apps/blob/main/specification/2026-01-26/apps.mdx
 */

export const GALLERY_URI = "ui://webflow-assets/gallery.html";
export const GALLERY_MIME_TYPE = "text/html;profile=mcp-app";

/** What a tool carries whose results the gallery draws; the flat key is what older clients look for. */
export const GALLERY_TOOL_META = {
  ui: { resourceUri: GALLERY_URI },
  "ui/resourceUri": GALLERY_URI,
} as const;

/** Hosts that Webflow serves assets from, for a site of which no asset has been seen yet. */
const WEBFLOW_ORIGINS = [
  "https://cdn.prod.website-files.com",
  "https://s3.amazonaws.com",
  "https://uploads-ssl.webflow.com",
  "https://assets.website-files.com",
  "https://assets-global.website-files.com",
];

/** Beside the bundle; for the sources, where the build puts it. */
const LOCATIONS = ["./gallery.html", "../../dist/gallery.html"];

/** Origins come from the site's data and end up in a header: nothing else than a plain origin passes. */
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/;

let html: Promise<string> | undefined;

/** The view as one self-contained HTML document; with `readOnly`, without what the tools then cannot do. */
export async function galleryHtml({ readOnly }: { readonly readOnly: boolean }): Promise<string> {
  html ??= readFirst(LOCATIONS.map((location) => new URL(location, import.meta.url)));
  const page = await html;
  return readOnly ? page.replace("<html", "<html data-read-only") : page;
}

/**
 * Where the view may load from, by the resource's `_meta.ui.csp`: from the origins of the URLs that the site has shown,
 * or else Webflow's own.
 */
export function galleryCsp(hostedUrls: Iterable<string>): { readonly resourceDomains: readonly string[] } {
  const origins = new Set<string>();
  for (const url of hostedUrls) {
    const origin = URL.canParse(url) ? new URL(url).origin : "";
    if (PLAIN_ORIGIN.test(origin)) origins.add(origin);
  }
  return { resourceDomains: origins.size > 0 ? [...origins].sort() : WEBFLOW_ORIGINS };
}

/** The `_meta` of the resource's content: what the view may load, and that it copies URLs. */
export function galleryResourceMeta(hostedUrls: Iterable<string>): { ui: object } {
  return {
    ui: { csp: galleryCsp(hostedUrls), permissions: { clipboardWrite: {} }, prefersBorder: false },
  };
}

async function readFirst([location, ...others]: readonly URL[]): Promise<string> {
  if (!location) throw new Error("The gallery was not built");
  try {
    return await readFile(location, "utf8");
  } catch (error) {
    if (others.length === 0) throw error;
    return readFirst(others);
  }
}
