import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { answerOf } from "../builders/emulator-client.js";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
  const { siteId, content, database } = emulator;
  database.addLocale(siteId, { tag: "it" });
  const collection = content.addCollection({ siteId, displayName: "Posts" });
  content.addItem({ collectionId: collection.id, fieldData: { name: "One", slug: "one" } });
  content.addPage({ siteId, path: "/" });
  content.addPage({ siteId, path: "/about", elements: [{ kind: "list", collectionId: collection.id }] });
  content.addPage({ siteId, path: "/hidden", isInSitemap: false });
  content.addPage({ siteId, path: "/draft", isDraft: true });
  content.addPage({ siteId, path: "/members", hasPassword: true });
  content.addPage({ siteId, path: "/404", utility: "404" });
  content.addPage({ siteId, path: "/posts", collectionId: collection.id });
  content.publishSite(siteId);
});
afterEach(() => emulator.close());

async function sitemap(path = "/sitemap.xml"): Promise<string> {
  return (await answerOf(fetch(emulator.siteUrl + path))).text;
}

/** The paths of a sitemap's entries. */
async function paths(path?: string): Promise<string[]> {
  return [...(await sitemap(path)).matchAll(/<loc>\s*([^<\s]+)\s*<\/loc>/g)].map(([, url = ""]) =>
    url.replace(emulator.siteUrl, ""),
  );
}

it("names pages and items that are published, and none that are hidden", async () => {
  emulator.publish({ path: "/planted", html: "" });

  expect(await paths()).toEqual(["/", "/about", "/posts/one", "/planted"]);
});

it("names other locales as alternates only", async () => {
  expect(await sitemap()).toContain(
    `<xhtml:link rel="alternate" hreflang="it" href="${emulator.siteUrl}/it/about"/>`,
  );
  expect(await sitemap()).toContain(`hreflang="x-default" href="${emulator.siteUrl}/about"`);
});

it("has blanks around its URLs, or not", async () => {
  expect(await sitemap()).toMatch(/<loc>\n\s+http/);
  emulator.switches.sitemapHasWhitespace = false;
  expect(await sitemap()).toContain(`<loc>${emulator.siteUrl}/about</loc>`);
});

describe("a switch", () => {
  it("gives locales entries of their own, or leaves them out", async () => {
    emulator.switches.sitemapLocales = "entries";
    expect(await paths()).toEqual(["/", "/about", "/posts/one", "/it", "/it/about", "/it/posts/one"]);
    expect(await sitemap()).not.toContain("xhtml:link");

    emulator.switches.sitemapLocales = "absent";
    expect(await paths()).toEqual(["/", "/about", "/posts/one"]);
    expect(await sitemap()).not.toContain("xhtml:link");
  });

  it("makes an index of one sitemap a locale", async () => {
    emulator.switches.sitemap = "index";

    expect(await paths()).toEqual(["/sitemap-en.xml", "/sitemap-it.xml"]);
    expect(await paths("/sitemap-it.xml")).toEqual(["/it", "/it/about", "/it/posts/one"]);
  });

  it("takes it away, empties it, or has people forget pages", async () => {
    emulator.switches.sitemap = "absent";
    expect((await fetch(`${emulator.siteUrl}/sitemap.xml`)).status).toBe(404);
    emulator.switches.sitemap = "empty";
    expect(await paths()).toEqual([]);
    emulator.switches.sitemap = "custom";
    expect(await paths()).toEqual(["/", "/about"]);
  });

  it("has it name the second domain, or the staging host", async () => {
    emulator.switches.sitemapHost = "second-domain";
    expect((await paths())[1]).toBe(`${emulator.siteUrl.replace("127.0.0.1", "localhost")}/about`);
    emulator.switches.sitemapHost = "staging";
    expect((await paths())[1]).toBe("https://emulated-site.webflow.io/about");
  });

  it("has it name utility pages, or further pages of lists", async () => {
    emulator.switches.sitemapExtras = "utility-pages";
    expect(await paths()).toEqual(["/", "/about", "/members", "/404", "/posts/one"]);
    emulator.switches.sitemapExtras = "list-pages";
    expect((await paths()).at(-1)).toMatch(/^\/about\?[0-9a-f]{8}_page=2$/);
  });
});

it("robots.txt says where it is", async () => {
  expect(await sitemap("/robots.txt")).toBe(
    `User-agent: *\nDisallow:\nSitemap: ${emulator.siteUrl}/sitemap.xml\n`,
  );
});

it("requests for it are told apart in the log", async () => {
  await sitemap();

  expect(emulator.requests.count({ operation: "getSitemap" })).toBe(1);
});
