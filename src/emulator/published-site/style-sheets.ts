import { createHash } from "node:crypto";
import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { EmulatedPage, EmulatedStyleSheet } from "../database/content-records.js";
import type { Reply, RequestHead } from "../http/exchange.js";
import { type EmulatorContext, publishedUrls, withUrls } from "../urls/content-urls.js";

const CACHE_CONTROL = "max-age=31536000, must-revalidate";

type Version = "current" | "older";

/** The URLs of the style sheets that a page links, under the names that Webflow gives them. */
export function styleSheetUrls(
  page: EmulatedPage,
  origin: string,
  { switches, urls }: EmulatorContext,
): string[] {
  return page.styleSheets.map((name) => {
    const file = fileName(name, page, switches.styleSheetVersions);
    return switches.styleSheetHost === "site"
      ? `${origin}/css/${file}`
      : urls.onCdn(`${page.siteId}/css/${file}`);
  });
}

/** Answers requests for style sheets at the CDN, `/cdn/<siteId>/css/<file>`; undefined for all others. */
export function createStyleSheetServer(context: EmulatorContext): (head: RequestHead) => Reply | undefined {
  return ({ path }) => {
    const [, siteId = "", file = ""] = /^\/cdn\/([0-9a-f]{24})\/css\/([^/]+)$/.exec(path) ?? [];
    const css = styleSheetNamed(siteId, file, "", context);
    if (css === undefined) return undefined;
    if (context.switches.styleSheetHost === "refused")
      return { status: 403, headers: { "content-type": "text/plain" }, body: "Forbidden" };
    return {
      status: 200,
      headers: { "content-type": "text/css", "cache-control": CACHE_CONTROL },
      body: css,
    };
  };
}

/** The text of a style sheet by its file name; undefined where the site has none of that name. */
export function styleSheetNamed(
  siteId: string,
  file: string,
  origin: string,
  context: EmulatorContext,
): string | undefined {
  const [name = ""] = file.split(".");
  const sheet = context.database.content.styleSheets.find(
    (styleSheet) => styleSheet.siteId === siteId && styleSheet.name === name,
  );
  return sheet && withUrls(cssOf(sheet, file), publishedUrls(context, origin));
}

function cssOf(sheet: EmulatedStyleSheet, file: string) {
  return file.includes(hashOf(sheet.name, "older")) ? (sheet.olderCss ?? sheet.css) : sheet.css;
}

function fileName(
  name: string,
  page: EmulatedPage,
  versions: EmulatorSwitches["styleSheetVersions"],
): string {
  switch (versions) {
    case "classic":
      return `${name}.webflow.${hashOf(name, "current")}.css`;
    case "per-page":
      return `${name}.${page.id}.${hashOf(name, "current")}.min.css`;
    case "shared":
      return `${name}.webflow.shared.${hashOf(name, "current")}.min.css`;
    case "two-versions":
      return `${name}.webflow.shared.${hashOf(name, isEven(page.id) ? "current" : "older")}.min.css`;
  }
}

function isEven(id: string): boolean {
  return Number.parseInt(id.slice(-1), 16) % 2 === 0;
}

function hashOf(name: string, version: Version): string {
  return createHash("md5").update(`${name} ${version}`).digest("hex").slice(0, 9);
}
