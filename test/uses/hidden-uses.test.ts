import { describe, expect, it } from "vitest";
import type { SitePage } from "../../src/webflow/data-api/content-responses.js";
import { emptySite, listedAsset, readSite, type SiteInMemory, urlOf } from "../builders/site-in-memory.js";

const ASSET = "6595a1b2c3d4e5f607184352";
const OTHER = "6595a1b2c3d4e5f607184399";
const PAGE: SitePage = {
  id: "6596a1b2c3d4e5f607184301",
  title: "Spring",
  slug: "spring",
  collectionId: undefined,
  archived: false,
  draft: false,
  isBranch: false,
  lastUpdated: undefined,
  publishedPath: undefined,
};

/** A site with one asset and a page that Webflow lists. */
function aSite(page: Partial<SitePage> = {}): SiteInMemory {
  const site = emptySite([listedAsset(ASSET)]);
  site.pages.push({ ...PAGE, ...page, nodes: [{ id: "n", type: "text", text: { html: "<p>Spring</p>" } }] });
  return site;
}

async function read(site: SiteInMemory) {
  const reading = await readSite(site, {});
  return {
    isEnough: reading.isEnough,
    told: reading.gaps.map(({ what, why }) => `${what}: ${why}`),
    places: reading.usesOf(ASSET).uses.map(({ in: where, place }) => `${where} ${place}`),
  };
}

describe("that no reference was found is not said", () => {
  it("of a site that was never published, whose backgrounds nobody can see", async () => {
    const site = aSite({ publishedPath: "/spring" });
    const details = { ...site.details, lastPublished: undefined, customDomains: [] };
    const { isEnough, told } = await read({ ...site, details });
    expect(isEnough).toBe(false);
    expect(told).toContain(
      "the design of the pages: the site was never published, and backgrounds, videos and styles show only on published pages",
    );
  });

  it("where neither Webflow nor a sitemap tells where a page is", async () => {
    const { isEnough, told } = await read(aSite());
    expect(isEnough).toBe(false);
    expect(told).toContain("1 page (Spring): Webflow does not say where it is");
  });

  it.each([
    ["a draft has no address", { draft: true }],
    ["a page of a collection has none of its own", { collectionId: "6598a1b2c3d4e5f607184303" }],
  ])("unless %s", async (_what, page) => {
    expect(await read(aSite(page))).toMatchObject({ isEnough: true });
  });

  it("of a file that pages name by another id than Webflow lists", async () => {
    const site = emptySite([{ ...listedAsset(ASSET), hostedUrl: urlOf(OTHER) }]);
    site.published.set("/", { text: `<img src="${urlOf(OTHER)}">` });
    expect((await read(site)).places).toEqual(["/ image"]);
  });

  it("of what a web app manifest names", async () => {
    const site = aSite({ publishedPath: "/" });
    site.published.set("/", { text: '<link rel="manifest" href="/app.webmanifest">' });
    site.published.set("/app.webmanifest", { text: JSON.stringify({ icons: [{ src: urlOf(ASSET) }] }) });
    expect((await read(site)).places).toEqual(["manifest app.webmanifest favicon"]);
  });

  it("of what a module names that is only announced by the page", async () => {
    const site = aSite({ publishedPath: "/" });
    site.published.set("/", { text: '<link rel="modulepreload" href="/hero.js">' });
    site.published.set("/hero.js", { text: `export const hero = "${urlOf(ASSET)}";` });
    expect((await read(site)).places).toEqual(["script hero.js code"]);
  });
});
