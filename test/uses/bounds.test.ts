import { describe, expect, it } from "vitest";
import type { SiteReading } from "../../src/uses/site-reading.js";
import {
  emptySite,
  fetcherOf,
  HOST,
  listedAsset,
  readSite,
  type SiteInMemory,
} from "../builders/site-in-memory.js";

const ASSET = "6595a1b2c3d4e5f607184352";
/** Pages that are read of one site, the home page not counted. */
const MOST_PAGES = 10_000;

async function read(site: SiteInMemory): Promise<{ reading: SiteReading; asked: readonly string[] }> {
  const asked: string[] = [];
  const reading = await readSite(site, {
    fetcher: fetcherOf(site, asked),
  });
  expect(reading.isComplete).toBe(true);
  return { reading, asked };
}

function sitemapOf(paths: readonly string[]): string {
  return `<urlset>${paths.map((path) => `<url><loc>https://${HOST}${path}</loc></url>`).join("")}</urlset>`;
}

function numbered(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `/${prefix}-${index}`);
}

describe("the reading of a site", () => {
  it("ends at 10,000 pages of a sitemap of 50,000, counts the others and names some of them", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    const paths = numbered(50_000, "page");
    for (const path of paths) site.published.set(path, { text: "<h1>Page</h1>" });
    site.published.set("/sitemap.xml", { text: sitemapOf(paths) });
    const { reading, asked } = await read(site);
    expect(asked.filter((url) => url.includes("/page-"))).toHaveLength(MOST_PAGES);
    expect(reading.counts).toMatchObject({ host: HOST, pages: MOST_PAGES + 1 });
    expect(reading.gaps).toEqual([
      {
        // Up to three pages are still on their way at the bound.
        what: expect.stringMatching(
          /^the rest of www\.pottery-lane\.example: 4000[0-3] pages or more \(\/page-\d+, \/page-\d+, \/page-\d+, …\)$/,
        ),
        why: "the bound of pages that are read was reached",
      },
    ]);
    expect(reading.isEnough).toBe(false);
  });

  it("ends on pages that lead to ever further ones", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    site.published.set("/", { text: '<a href="/deep-0">on</a>' });
    for (const [index, path] of numbered(MOST_PAGES + 100, "deep").entries())
      site.published.set(path, { text: `<a href="/deep-${index + 1}">on</a>` });
    const { reading, asked } = await read(site);
    expect(asked.filter((url) => url.includes("/deep-"))).toHaveLength(MOST_PAGES);
    expect(reading.gaps[0]?.what).toBe(`the rest of ${HOST}: 1 page or more (/deep-10000)`);
    expect(reading.isEnough).toBe(false);
  });

  it("reads 100 sitemaps of an index, and names those beyond", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    const children = numbered(104, "sitemap").map((path) => `${path}.xml`);
    const index = children.map((path) => `<sitemap><loc>https://${HOST}${path}</loc></sitemap>`);
    site.published.set("/sitemap.xml", { text: `<sitemapindex>${index.join("")}</sitemapindex>` });
    for (const path of children) site.published.set(path, { text: sitemapOf(["/"]) });
    const { reading, asked } = await read(site);
    expect(asked.filter((url) => url.includes("/sitemap"))).toHaveLength(100);
    expect(reading.gaps).toContainEqual({
      what: "5 sitemaps (/sitemap-99.xml, /sitemap-100.xml, /sitemap-101.xml, …)",
      why: "there are over 100 of them",
    });
    expect(reading.isEnough).toBe(false);
  });

  it("goes on after a page that is refused as one request too many", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    const paths = numbered(20, "page");
    for (const path of paths) site.published.set(path, { text: "<h1>Page</h1>" });
    site.published.set("/page-3", { status: 429 });
    site.published.set("/sitemap.xml", { text: sitemapOf(paths) });
    const { reading } = await read(site);
    expect(reading.counts.pages).toBe(20);
    expect(reading.gaps).toEqual([{ what: "1 page (/page-3)", why: "it was answered with 429" }]);
    expect(reading.isEnough).toBe(false);
  });

  it("says of no asset that no reference was found where neither a sitemap nor Webflow lists the pages", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    site.refusals.set("pages", "missing-scope");
    const { reading } = await read(site);
    expect(reading.gaps.map(({ what }) => what)).toContain("pages that nothing links to");
    expect(reading.isEnough).toBe(false);
    site.published.set("/sitemap.xml", { text: sitemapOf(["/"]) });
    expect((await read(site)).reading.isEnough).toBe(true);
  });

  it("gives no verdict on a site that it may not look up, though Webflow lists its pages", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    site.refusals.set("site", "missing-scope");
    const { reading } = await read(site);
    expect(reading.gaps).toContainEqual({ what: "the published site", why: "the token lacks sites:read" });
    expect(reading.isEnough).toBe(false);
  });
});
