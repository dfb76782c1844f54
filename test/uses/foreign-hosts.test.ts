import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FindUsesResult } from "../../src/contract/find-uses.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { type Origin, startOrigin } from "../builders/origin.js";
import { startSite, type TestSite } from "../builders/site.js";

/** Where clouds tell machines their secrets. */
const METADATA = "http://169.254.169.254/latest/meta-data/";

let site: TestSite;
let foreign: Origin;
let hero: string;

beforeEach(async () => {
  foreign = await startOrigin({ "/": "<h1>Inside</h1>", "/sitemap.xml": "<urlset></urlset>" });
  // The user opened the host for files to upload: nothing but the reading's own rules keeps it away from there.
  site = await startSite({ urlHosts: `127.0.0.1:${foreign.port}` });
  const { database, siteId } = site.emulator;
  const image = { fileName: "hero.png", contentType: "image/png", bytes: pngBytes() };
  hero = database.addAsset({ siteId, displayName: "hero.png", ...image }).id;
});
afterEach(async () => {
  await site.close();
  await foreign.close();
});

function publishHome(markup: string): void {
  site.emulator.publish({ path: "/", html: (urls) => `<img src="${urls.asset(hero)}">${markup}` });
}

function publishText(path: string, contentType: string, body: string): void {
  site.emulator.publish({ path, contentType, body });
}

async function readSite(): Promise<FindUsesResult> {
  const result = await site.service.findUses({ limit: 50 }, callContext());
  expect(result).toMatchObject({ status: "complete", assets: [{ id: hero, verdict: "used" }] });
  return result;
}

/** What was not read that lies at the foreign host. */
function toldOf({ notRead }: FindUsesResult): string[] {
  return notRead.filter(({ what }) => what.includes(new URL(foreign.url).host)).map(({ why }) => why);
}

describe("a published site that points elsewhere", () => {
  it("has nothing read there by its links, whatever names them", async () => {
    publishHome(
      `<base href="${foreign.url}/based/"><a href="relative">a</a><a href="${foreign.url}/a">b</a>
       <a href="//127.0.0.1:${foreign.port}/c">c</a><a href="${METADATA}">d</a><area href="${foreign.url}/e">
       <link rel="alternate" hreflang="de" href="${foreign.url}/de"><link rel="canonical" href="${foreign.url}/f">
       <link rel="next" href="${foreign.url}/g?1a2b3c4d_page=2"><iframe src="${foreign.url}/h"></iframe>`,
    );
    await readSite();
    expect(foreign.connections()).toBe(0);
  });

  it("has nothing read there by its files, and says so of style sheets and animations", async () => {
    publishText("/main.css", "text/css", `@import url("${foreign.url}/imported.css");`);
    publishHome(
      `<link rel="stylesheet" href="${foreign.url}/site.css"><link rel="stylesheet" href="/main.css">
       <link rel="stylesheet" href="${METADATA}style.css"><script src="${foreign.url}/${site.emulator.siteId}/a.js"></script>
       <div data-animation-type="lottie" data-src="${foreign.url}/wave.json"></div>`,
    );
    const { notRead } = await readSite();
    expect(foreign.connections()).toBe(0);
    const whats = notRead.map(({ what }) => what);
    expect(whats).toContainEqual(
      expect.stringMatching(/^3 style sheets \(127\.0\.0\.1:\d+, 169\.254\.169\.254, …\)$/),
    );
    expect(whats).toContainEqual(expect.stringMatching(/^1 animation \(127\.0\.0\.1/));
  });

  it("has nothing read there by its sitemaps and its robots.txt", async () => {
    const origin = site.emulator.siteUrl;
    publishHome("");
    publishText(
      "/robots.txt",
      "text/plain",
      `Sitemap: ${foreign.url}/sitemap.xml\nSitemap: ${METADATA}sitemap.xml\n`,
    );
    publishText(
      "/sitemap.xml",
      "application/xml",
      `<sitemapindex><sitemap><loc>${foreign.url}/sitemap.xml</loc></sitemap>
       <sitemap><loc>${origin}/pages.xml</loc></sitemap></sitemapindex>`,
    );
    publishText(
      "/pages.xml",
      "application/xml",
      `<urlset><url><loc>${origin}/</loc></url><url><loc>${foreign.url}/x</loc></url><url><loc>${METADATA}</loc></url></urlset>`,
    );
    const result = await readSite();
    expect(foreign.connections()).toBe(0);
    expect(toldOf(result)).toEqual([
      "it names another site, which is not read",
      "it names another site, which is not read",
    ]);
  });

  it("has nothing read there when every address of its sitemap is another site's", async () => {
    publishHome("");
    publishText("/sitemap.xml", "application/xml", `<urlset><url><loc>${foreign.url}/x</loc></url></urlset>`);
    await readSite();
    expect(foreign.connections()).toBe(0);
  });

  it.each([
    "/",
    "/latest/meta-data/",
  ])("is not followed by a redirect to %s, which is reported", async (path) => {
    const target = path === "/" ? `${foreign.url}/` : METADATA;
    publishHome(
      `<a href="/away">a</a><link rel="stylesheet" href="/away.css"><script src="/away.js"></script>
       <div data-animation-type="lottie" data-src="/away.json"></div>`,
    );
    for (const away of ["/away", "/away.css", "/away.js", "/away.json", "/robots.txt", "/sitemap.xml"])
      site.emulator.publish({ path: away, status: 302, headers: { location: target } });
    const { notRead } = await readSite();
    expect(foreign.connections()).toBe(0);
    expect(notRead).toContainEqual({ what: "1 page (/away)", why: "it leads to another site" });
    expect(notRead).toContainEqual({
      what: "1 style sheet (away.css)",
      why: expect.stringContaining("another site"),
    });
  });

  it("is not followed when all of it leads away, and nothing is said of any asset", async () => {
    site.emulator.publish({ path: "/", status: 301, headers: { location: `${foreign.url}/` } });
    const { assets, notRead } = await site.service.findUses({ limit: 50 }, callContext());
    expect(foreign.connections()).toBe(0);
    expect(assets[0]?.verdict).toBe("notChecked");
    expect(notRead[0]?.why).toContain(`it leads to ${new URL(foreign.url).host}`);
  });
});

describe("a published site of loops", () => {
  it("is read to its end where pages link to each other, each page once", async () => {
    publishHome('<a href="/a">a</a><a href="/a/">a</a><a href="/a#b">a</a><a href="/a?utm=1">a</a>');
    site.emulator.publish({ path: "/a", html: '<a href="/b">b</a><a href="/">home</a>' });
    site.emulator.publish({ path: "/b", html: '<a href="/a">a</a><a href="/b?x=1">b</a>' });
    expect((await readSite()).read).toMatchObject({ pages: 3 });
    for (const path of ["/a", "/b"])
      expect(site.emulator.requests.entries().filter((request) => request.path === path)).toHaveLength(1);
  });

  it("is still read if redirects lead in circles, which are reported", async () => {
    const pages = Array.from(
      { length: 5 },
      (_, index) => `<a href="/page-${index}">p</a><a href="/circle-${index}">c</a>`,
    );
    publishHome(pages.join(""));
    for (let index = 0; index < 5; index += 1) {
      site.emulator.publish({ path: `/page-${index}`, html: `<h1>Page ${index}</h1>` });
      const location = `/circle-${(index + 1) % 5}`;
      site.emulator.publish({ path: `/circle-${index}`, status: 302, headers: { location } });
    }
    const { read, notRead } = await readSite();
    expect(read).toMatchObject({ pages: 6 });
    expect(notRead).toContainEqual({
      what: expect.stringMatching(/^5 pages/),
      why: expect.stringContaining("redirects more than 5 times"),
    });
  });

  it("ends with style sheets that import each other", async () => {
    publishText("/a.css", "text/css", '@import "b.css";');
    publishText("/b.css", "text/css", '@import "a.css"; @import "b.css";');
    publishHome('<link rel="stylesheet" href="/a.css">');
    expect((await readSite()).read).toMatchObject({ stylesheets: 2 });
  });
});
