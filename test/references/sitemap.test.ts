import { describe, expect, it } from "vitest";
import { readSitemap } from "../../src/references/sitemap.js";

const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `https://www.pottery-lane.example/page-${index}`);

describe("readSitemap", () => {
  it("gives addresses without the white space around them, and those of other locales", () => {
    const text = `<urlset xmlns:xhtml="http://www.w3.org/1999/xhtml"><url><loc>
        https://a.example/x?a=1&amp;b=2
      </loc><xhtml:link rel="alternate" hreflang="de" href="https://a.example/de/x"/></url></urlset>`;
    expect(readSitemap(text)).toEqual({
      pages: ["https://a.example/x?a=1&b=2", "https://a.example/de/x"],
      sitemaps: [],
      leftOut: 0,
    });
  });

  it("distinguishes further sitemaps from pages", () => {
    const text = "<sitemapindex><sitemap><loc>https://a.example/de.xml</loc></sitemap></sitemapindex>";
    expect(readSitemap(text)).toEqual({ pages: [], sitemaps: ["https://a.example/de.xml"], leftOut: 0 });
  });

  it("finds nothing in a page that is answered in its place", () => {
    const text =
      '<!DOCTYPE html><html><head><link rel="alternate" hreflang="de" href="https://a.example/de">';
    expect(readSitemap(text)).toEqual({ pages: [], sitemaps: [], leftOut: 0 });
  });

  it.each([
    [
      "an XML",
      (urls: string[]) => `<urlset>${urls.map((url) => `<url><loc>${url}</loc></url>`).join("")}</urlset>`,
    ],
    ["a text", (urls: string[]) => urls.join("\n")],
  ])("takes the 50,000 addresses that %s may have, and counts those beyond", (_form, write) => {
    const { pages, leftOut } = readSitemap(write(addresses(50_007)));
    expect([pages.length, leftOut]).toEqual([50_000, 7]);
  });
});
