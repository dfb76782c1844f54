import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type Answer, answerOf, apiOf, uploadFile } from "../builders/emulator-client.js";

let emulator: Emulator;
let siteId: string;
let picture: string;

beforeEach(async () => {
  emulator = await startEmulator();
  siteId = emulator.siteId;
  picture = emulator.database.addAsset({
    siteId,
    fileName: "a b.png",
    contentType: "image/png",
    altText: "A vase",
    bytes: Buffer.from("picture"),
  }).id;
});
afterEach(() => emulator.close());

function visit(path: string, host = emulator.siteHost): Promise<Answer> {
  return answerOf(fetch(`http://${host}${path}`, { redirect: "manual" }));
}

const secondHost = (): string => emulator.siteHost.replace("127.0.0.1", "localhost");

/** A page with a picture, published. */
function publishPage(path = "/about", page: object = {}): string {
  const { id } = emulator.content.addPage({
    siteId,
    path,
    elements: [{ kind: "image", assetId: picture }],
    ...page,
  });
  emulator.content.publishSite(siteId);
  return id;
}

describe("a site", () => {
  it("is at the domain that the API names", async () => {
    publishPage();
    const { json } = await apiOf(emulator)(`GET /sites/${siteId}/custom_domains`);
    const [domain] = json?.["customDomains"] as { url: string; lastPublished: string }[];

    expect(domain).toMatchObject({ url: emulator.siteHost, lastPublished: expect.any(String) });
    expect((await visit("/about", domain?.url)).status).toBe(200);
    expect(emulator.requests.entries({ service: "site" })).toMatchObject([
      { operation: "getPublishedPage", path: "/about", status: 200 },
    ]);
  });

  it("a site that was never published is 404, or shows an old page by a switch", async () => {
    emulator.content.addPage({ siteId, path: "/about" });

    expect((await visit("/about")).status).toBe(404);
    emulator.switches.neverPublished = "old-page";
    expect((await visit("/")).status).toBe(200);
    expect((await visit("/about")).status).toBe(404);
  });

  it("is struck by faults of its own", async () => {
    publishPage();
    emulator.faults.add({ on: "site", kind: "challenge", status: 503, times: 1 });

    expect((await visit("/about")).headers.get("cf-mitigated")).toBe("challenge");
    expect((await visit("/about")).status).toBe(200);
  });

  it.each([
    { kind: "status", status: 503, when: "before", retryAfter: "9" },
    { kind: "too-many-requests", retryAfter: "9" },
  ] as const)("fails with a page of HTML, not with JSON or XML of other services: $kind", async (fault) => {
    publishPage();
    emulator.faults.add({ on: "site", ...fault });

    const { headers, text } = await visit("/about");

    expect([headers.get("content-type"), headers.get("retry-after")]).toEqual(["text/html", "9"]);
    expect(text).toMatch(/^<html>/);
  });

  it.each([
    ["two-first-older", "Old", "New"],
    ["two-second-older", "New", "Old"],
    ["two", "New", "New"],
  ] as const)("a site on two domains shows what each was given last: %s", async (publishedDomains, first, second) => {
    emulator.switches.publishedDomains = publishedDomains;
    const id = publishPage("/about", { elements: [{ kind: "text", html: "Old" }] });
    const page = emulator.content.pages.get(id);
    if (!page) throw new Error("the page was added");
    page.content = { ...page.content, elements: [{ kind: "text", html: "New" }] };
    emulator.content.publishSite(siteId);

    expect((await visit("/about")).text).toContain(first);
    expect((await visit("/about", secondHost())).text).toContain(second);
    const { json } = await apiOf(emulator)(`GET /sites/${siteId}`);
    const domains = json?.["customDomains"] as { url: string; lastPublished: string }[];
    expect(domains.map(({ url }) => url)).toEqual([emulator.siteHost, secondHost()]);
    const ages = domains.map(({ lastPublished }) => Date.parse(lastPublished));
    expect(Math.sign((ages[0] ?? 0) - (ages[1] ?? 0))).toBe(first === second ? 0 : first === "New" ? 1 : -1);
  });
});

describe("a file that is published", () => {
  it("is served as it is, with its type, status and headers", async () => {
    emulator.publish({ path: "/planted", html: `<img src="${picture}">` });
    emulator.publish({
      path: "/data.json",
      body: Buffer.from("{}"),
      contentType: "application/json",
      status: 203,
      headers: { "x-own": "1" },
    });

    expect(await visit("/planted")).toMatchObject({ status: 200, text: `<img src="${picture}">` });
    const data = await visit("/data.json");
    expect([data.status, data.text, data.headers.get("content-type"), data.headers.get("x-own")]).toEqual([
      203,
      "{}",
      "application/json",
      "1",
    ]);
  });

  it("holds URLs of the moment where it is made on demand", async () => {
    emulator.publish({ path: "/planted", html: (urls) => urls.asset(picture) });

    expect((await visit("/planted")).text).toBe(`${emulator.cdnBaseUrl}/${siteId}/${picture}_a%20b.png`);
    emulator.switches.encodedSlash = "%2f";
    const { text } = await visit("/planted");
    expect(text).toBe(`${emulator.cdnBaseUrl}/${siteId}%2f${picture}_a%20b.png`);
    expect((await fetch(text)).status).toBe(200);
  });
});

describe("a page", () => {
  it("states its ids, and shows its elements with alt texts and style sheets", async () => {
    emulator.content.addStyleSheet({
      siteId,
      name: "pottery",
      css: (urls) => `.a{background:url(${urls.asset(picture)})}`,
    });
    const id = publishPage("/about", {
      title: "About <us>",
      head: '<meta property="og:title" content="A"/>',
      styleSheets: ["pottery"],
      elements: [
        { kind: "image", assetId: picture },
        { kind: "image", assetId: picture, alt: "decorative" },
        { kind: "rich-text", html: "<p>Rich</p>" },
        { kind: "markup", html: "<div>Markup</div>" },
      ],
    });

    const { text, headers } = await visit("/about");

    expect(text).toContain(`data-wf-page="${id}" data-wf-site="${siteId}" lang="en"`);
    expect(text).toContain("<title>About &#60;us&#62;</title>");
    expect(text).toContain(`_a%20b.png" loading="lazy" alt="A vase"`);
    expect(text).toContain(`_a%20b.png" loading="lazy" alt=""`);
    expect(text).toContain('<div class="w-richtext"><p>Rich</p></div>');
    expect(headers.get("surrogate-key")).toBe(`${emulator.siteHost} ${siteId} pageId:${id}`);
    const [, url = ""] = /href="([^"]+)" rel="stylesheet"/.exec(text) ?? [];
    expect(headers.get("link")).toBe(`<${url}>; rel=preload; as=style`);
    expect((await answerOf(fetch(url))).text).toContain(picture);
  });

  it("shows components with what was put into their slots", async () => {
    const { id } = emulator.content.addComponent({
      siteId,
      name: "Footer",
      elements: [{ kind: "text", html: "In the component" }],
    });
    publishPage("/about", {
      elements: [{ kind: "component", componentId: id, slot: [{ kind: "text", html: "In the slot" }] }],
    });

    expect((await visit("/about")).text).toMatch(/In the component\s+In the slot/);
  });

  it("a page in another locale has the subdirectory's path, its own texts and the locale's alt text", async () => {
    const german = emulator.database.addLocale(siteId, { tag: "de" });
    emulator.database.addLocale(siteId, { tag: "fr", enabled: false });
    emulator.database.assetRecords.get(picture)?.localizedAltTexts.set(german.id, "Eine Vase");
    publishPage("/about", { localized: { [german.id]: [{ kind: "image", assetId: picture }] } });

    const { text } = await visit("/de/about");

    expect(text).toContain('lang="de"');
    expect(text).toContain('alt="Eine Vase"');
    expect(text).toContain(`hrefLang="de" href="${emulator.siteUrl}/de/about"`);
    expect((await visit("/fr/about")).status).toBe(404);
  });

  it("is not there while it is a draft, and is without a slash at its end", async () => {
    publishPage("/soon", { isDraft: true });
    publishPage("/about");

    expect((await visit("/soon")).status).toBe(404);
    const moved = await visit("/about/");
    expect([moved.status, moved.headers.get("location")]).toEqual([301, "/about"]);
  });

  it.each([
    401, 200, 302,
  ] as const)("a page behind a password answers %i and shows nothing", async (passwordPages) => {
    emulator.switches.passwordPages = passwordPages;
    publishPage("/members", { hasPassword: true });

    const { status, text, headers } = await visit("/members");

    expect(status).toBe(passwordPages);
    expect(text).not.toContain(picture);
    if (passwordPages === 302)
      expect((await visit(headers.get("location") ?? "")).text).toContain('type="password"');
  });

  it("shows a picture of another site with showsForeignAssets", async () => {
    emulator.switches.showsForeignAssets = true;
    publishPage();

    expect((await visit("/about")).text).toMatch(/unknown\/[0-9a-f]{24}_unknown/);
  });

  it("has variants in its srcset where the site makes them", async () => {
    emulator.switches.variantWidths = [500];
    publishPage();

    expect((await visit("/about")).text).toMatch(/srcset="[^"]+-p-500\.png 500w"/);
  });
});

describe("an unknown path", () => {
  it.each([
    ["404-page", 404, true],
    ["200-page", 200, true],
    ["404-plain", 404, false],
  ] as const)("answers with unknownPaths %s", async (unknownPaths, status, isOwn) => {
    emulator.switches.unknownPaths = unknownPaths;
    const id = publishPage("/404", { utility: "404" });

    const answer = await visit("/nothing-here");

    expect(answer.status).toBe(status);
    expect(answer.text.includes(`data-wf-page="${id}"`)).toBe(isOwn);
  });
});

describe("the items of a collection", () => {
  let collectionId: string;
  let fileId: string;
  beforeEach(() => {
    const fields = [
      { slug: "image", type: "Image" },
      { slug: "body", type: "RichText" },
    ];
    collectionId = emulator.content.addCollection({ siteId, displayName: "Posts", fields }).id;
    fileId = emulator.content.addCmsFile({ siteId, fileName: "vase.jpg", copyOf: picture }).id;
    for (const slug of ["one", "two", "three"]) {
      emulator.content.addItem({
        collectionId,
        fieldData: {
          name: slug,
          slug,
          image: (urls) => ({
            fileId,
            url: urls.cmsFile(fileId),
            alt: "Vase",
          }),
          body: `<p>Body of ${slug}</p>`,
        },
      });
    }
    emulator.content.addPage({ siteId, path: "/posts", collectionId });
    publishPage("/blog", { elements: [{ kind: "list", collectionId, pageSize: 2 }] });
  });

  it("have pages of their own below their template", async () => {
    const { text } = await visit("/posts/two");

    expect(text).toContain(`data-wf-collection="${collectionId}" data-wf-item-slug="two"`);
    expect(text).toContain(`${fileId}_${picture}_vase.jpg" loading="lazy" alt="Vase"`);
    expect(text).toContain('<div class="w-richtext"><p>Body of two</p></div>');
    expect((await visit("/posts")).status).toBe(404);
    expect((await visit("/posts/four")).status).toBe(404);
  });

  it("are shown in lists, page by page, or all at once", async () => {
    const first = (await visit("/blog")).text;
    const [, next = ""] = /href="(\?[0-9a-f]{8}_page=2)"/.exec(first) ?? [];

    expect(first).toContain('<a href="/posts/two">');
    expect(first).not.toContain("/posts/three");
    expect((await visit(`/blog${next}`)).text).toContain("/posts/three");
    emulator.switches.listPages = "none";
    expect((await visit("/blog")).text).toContain("/posts/three");
  });

  it.each([
    ["avif", /_vase\.avif"/],
    ["other-file", /\/[0-9a-f]{24}_[0-9a-f]{24}_vase\.jpg"/],
  ] as const)("are served with other URLs than the CMS stores: %s", async (servedImages, pattern) => {
    emulator.switches.servedImages = servedImages;

    const { text } = await visit("/posts/two");

    expect(text).toMatch(pattern);
    expect(text.includes(`/${fileId}_`)).toBe(servedImages === "avif");
    const url = /src="([^"]+vase[^"]+)"/.exec(text)?.[1] ?? "";
    expect((await fetch(url)).status).toBe(servedImages === "avif" ? 200 : 403);
  });
});

describe("style sheets", () => {
  async function linked(path: string): Promise<string> {
    return /href="([^"]+)" rel="stylesheet"/.exec((await visit(path)).text)?.[1] ?? "";
  }
  beforeEach(() => {
    emulator.content.addStyleSheet({ siteId, name: "pottery", css: ".new{}", olderCss: ".old{}" });
    for (let index = 0; index < 12; index += 1) publishPage(`/page-${index}`, { styleSheets: ["pottery"] });
  });

  it.each([
    ["shared", /pottery\.webflow\.shared\.[0-9a-f]{9}\.min\.css$/, 1],
    ["classic", /pottery\.webflow\.[0-9a-f]{9}\.css$/, 1],
    ["per-page", /pottery\.[0-9a-f]{24}\.[0-9a-f]{9}\.min\.css$/, 12],
  ] as const)("are %s", async (styleSheetVersions, pattern, count) => {
    emulator.switches.styleSheetVersions = styleSheetVersions;
    const urls = new Set<string>();
    for (let index = 0; index < 12; index += 1) urls.add(await linked(`/page-${index}`));

    expect(urls.size).toBe(count);
    for (const url of urls) {
      expect(url).toMatch(pattern);
      expect((await answerOf(fetch(url))).text).toBe(".new{}");
    }
  });

  it("have an older version that some pages link, after pages were published alone", async () => {
    emulator.switches.styleSheetVersions = "two-versions";
    const ids = [...emulator.content.pages.values()];
    const isOlder = (id: string): boolean => Number.parseInt(id.slice(-1), 16) % 2 === 1;

    for (const { id, path } of ids) {
      expect((await answerOf(fetch(await linked(path)))).text).toBe(isOlder(id) ? ".old{}" : ".new{}");
    }
  });

  it("are at a path of the site, or on a CDN that refuses them", async () => {
    emulator.switches.styleSheetHost = "site";
    const url = await linked("/page-0");
    expect(url).toMatch(new RegExp(`^${emulator.siteUrl}/css/`));
    expect((await answerOf(fetch(url))).text).toBe(".new{}");

    emulator.switches.styleSheetHost = "refused";
    expect((await fetch(await linked("/page-0"))).status).toBe(403);
  });
});

describe("what stands in front of the site", () => {
  it("is a wall against bots", async () => {
    emulator.switches.siteProxy = "bot-wall";
    publishPage();

    expect(await visit("/about")).toMatchObject({
      status: 403,
      text: expect.stringContaining("Just a moment"),
    });
  });

  it("redirects to another host, which answers", async () => {
    emulator.switches.siteProxy = "redirects";
    publishPage();

    const { status, headers } = await visit("/about?x=1");

    expect([status, headers.get("location")]).toEqual([302, `http://${secondHost()}/about?x=1`]);
    expect((await visit("/about", secondHost())).status).toBe(200);
  });

  it("gives assets URLs of the site's own", async () => {
    emulator.switches.siteProxy = "rewrites-assets";
    publishPage();

    const url = /src="([^"]+)"/.exec((await visit("/about")).text)?.[1] ?? "";

    expect(url).toBe(`${emulator.siteUrl}/assets/${siteId}/${picture}_a%20b.png`);
    expect(await answerOf(fetch(url))).toMatchObject({ status: 200, text: "picture" });
  });
});

describe("the body of a page", () => {
  /** The first bytes of a body, after which the visitor leaves. */
  function firstBytes(path: string, most: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(`${emulator.siteUrl}${path}`, (response) => {
        let text = "";
        response.on("data", (piece: Buffer) => {
          text += piece.toString();
          if (text.length < most) return;
          response.destroy();
          resolve(text);
        });
        response.on("end", () => reject(new Error(`the body ended after ${text.length} characters`)));
      });
      sent.on("error", reject).end();
    });
  }

  it("has 12 MB between its first and its last element", async () => {
    emulator.switches.pageBodies = "large";
    publishPage("/about", {
      elements: [
        { kind: "text", html: "First" },
        { kind: "text", html: "The end" },
      ],
    });

    const { text } = await visit("/about");

    expect(text.length).toBeGreaterThan(12_000_000);
    expect(text.indexOf("The end") - text.indexOf("First")).toBeGreaterThan(12_000_000);
  });

  it("has no end, until the visitor leaves", async () => {
    emulator.switches.pageBodies = "endless";
    publishPage();

    expect(await firstBytes("/about", 3_000_000)).toContain(picture);
    emulator.switches.pageBodies = "plain";
    expect((await visit("/about")).status).toBe(200);
  });

  it("drips", async () => {
    emulator.switches.pageBodies = "drip";
    publishPage();

    expect((await firstBytes("/about", 20)).length).toBeLessThan(200);
  });

  it.each(["gzip", "br"] as const)("is compressed with %s for those who take it", async (how) => {
    emulator.switches.siteCompression = how;
    publishPage();

    const visitWith = (encodings: string) =>
      answerOf(fetch(`${emulator.siteUrl}/about`, { headers: { "accept-encoding": encodings } }));
    const { text, headers } = await visitWith("gzip, br");
    const plain = await visitWith("identity");

    expect(headers.get("content-encoding")).toBe(how);
    expect(text).toContain(picture);
    expect([plain.headers.get("content-encoding"), plain.text]).toEqual([null, text]);
  });
});

describe("an asset that is used", () => {
  it.each([
    [204, 404],
    [400, 200],
    [409, 200],
  ] as const)("is deleted with %i", async (deletesUsedAssets, after) => {
    emulator.switches.deletesUsedAssets = deletesUsedAssets;
    publishPage();
    const call = apiOf(emulator);

    expect((await call(`DELETE /assets/${picture}`)).status).toBe(deletesUsedAssets);
    expect((await call(`GET /assets/${picture}`)).status).toBe(after);
  });

  it.each(["cms", "css", "file"])("is used by %s as well, and one that is not is deleted", async (kind) => {
    emulator.switches.deletesUsedAssets = 409;
    if (kind === "cms") {
      const { id } = emulator.content.addCollection({ siteId, displayName: "Posts" });
      const item = emulator.content.addItem({
        collectionId: id,
        fieldData: { name: "A", slug: "a", body: (urls) => urls.asset(picture) },
      });
      emulator.content.publishItem(item.id);
    }
    if (kind === "css")
      emulator.content.addStyleSheet({ siteId, name: "a", css: (urls) => urls.asset(picture) });
    if (kind === "file") emulator.publish({ path: "/a", html: picture });
    const other = emulator.database.addAsset({ siteId, fileName: "b.png", contentType: "image/png" });
    const call = apiOf(emulator);

    expect((await call(`DELETE /assets/${picture}`)).status).toBe(409);
    expect((await call(`DELETE /assets/${other.id}`)).status).toBe(204);
  });

  it.each([
    ["served", 200],
    [403, 403],
    [404, 404],
  ] as const)("is %s by the CDN once it was deleted", async (deletedFiles, status) => {
    emulator.switches.deletedFiles = deletedFiles;
    await apiOf(emulator)(`DELETE /assets/${picture}`);

    expect((await fetch(`${emulator.cdnBaseUrl}/${siteId}/${picture}_a%20b.png`)).status).toBe(status);
  });

  it("an asset that was uploaded by the API is on S3 only, with cdnServesApiUploads off", async () => {
    emulator.switches.cdnServesApiUploads = false;
    const { hostedUrl, assetUrl } = await uploadFile(emulator, Buffer.from("mine"));

    expect([(await fetch(hostedUrl)).status, (await fetch(assetUrl)).status]).toEqual([403, 200]);
    expect((await fetch(`${emulator.cdnBaseUrl}/${siteId}/${picture}_a%20b.png`)).status).toBe(200);
  });

  it("has another URL, under the same id, after compression", async () => {
    emulator.switches.compressesImages = true;
    const { json } = await apiOf(emulator)(`GET /assets/${picture}`);

    expect(json?.["hostedUrl"]).toMatch(/_a%20b\.webp$/);
    expect((await answerOf(fetch(String(json?.["hostedUrl"])))).text).toBe("picture");
  });
});
