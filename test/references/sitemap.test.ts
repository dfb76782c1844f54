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

  it("reads a feed, by its items and by the links that lead to other forms of them", () => {
    const text = `<feed><title>no.example</title><link href="https://a.example/a"/>
      <link rel="self" href="https://a.example/feed"/><atom:link href="//a.example/b"/><linker href="https://a.example/c"/>
      <item><link>https://a.example/d</link><guid>https://a.example/e</guid></item></feed>`;
    expect(readSitemap(text).pages).toEqual(["https://a.example/a", "//a.example/b", "https://a.example/d"]);
  });

  it("takes each address once, and none that is not whole", () => {
    const text = [
      "http://a.example/",
      "http://a.example/",
      "/b",
      "ftp://a.example/",
      "see http://a.example/",
    ];
    expect(readSitemap(text.join("\n"))).toEqual({ pages: ["http://a.example/"], sitemaps: [], leftOut: 0 });
  });

  it.each([
    " \n<html>",
    "<!-- a comment --> <!doctype  HTML>",
  ])("finds nothing in the page %j", (beginning) => {
    expect(readSitemap(`${beginning}<loc>https://a.example/</loc>`).pages).toEqual([]);
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
