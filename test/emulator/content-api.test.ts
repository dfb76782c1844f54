import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type ApiCall, apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;
let siteId: string;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
  siteId = emulator.siteId;
});
afterEach(() => emulator.close());

const NOBODY = "0123456789abcdef01234567";
const PICTURE = "65f0aa00bb11cc22dd33ee44";

/** The list in an answer: its first field. */
async function list(route: string): Promise<Record<string, unknown>[]> {
  const { json } = await call(`GET ${route}`);
  return Object.values(json ?? {})[0] as Record<string, unknown>[];
}

function addPages(count: number): void {
  for (let index = 0; index < count; index += 1) emulator.content.addPage({ siteId, path: `/page-${index}` });
}

describe("the scopes of content", () => {
  it.each([
    ["/sites/SITE/custom_domains", "sites:read"],
    ["/sites/SITE/pages", "pages:read"],
    [`/pages/${NOBODY}`, "pages:read"],
    [`/pages/${NOBODY}/dom`, "pages:read"],
    ["/sites/SITE/components", "components:read"],
    ["/sites/SITE/components/x/dom", "components:read"],
    ["/sites/SITE/components/x/properties", "components:read"],
    ["/sites/SITE/collections", "cms:read"],
    [`/collections/${NOBODY}`, "cms:read"],
    [`/collections/${NOBODY}/items`, "cms:read"],
    [`/collections/${NOBODY}/items/live`, "cms:read"],
    [`/collections/${NOBODY}/items/${NOBODY}`, "cms:read"],
    [`/collections/${NOBODY}/items/${NOBODY}/live`, "cms:read"],
    ["/sites/SITE/registered_scripts", "custom_code:read"],
    ["/sites/SITE/custom_code", "custom_code:read"],
    [`/pages/${NOBODY}/custom_code`, "custom_code:read"],
    ["/sites/SITE/custom_code/blocks", "custom_code:read"],
    ["/sites/SITE/products", "ecommerce:read"],
    ["/sites/SITE/robots_txt", "site_config:read"],
  ])("GET %s needs %s", async (path, scope) => {
    const { value } = emulator.database.addToken({ scopes: ["assets:read"] });

    expect(await apiOf(emulator, value)(`GET ${path.replace("SITE", siteId)}`)).toMatchObject({
      status: 403,
      json: {
        code: "missing_scopes",
        message: `OAuthForbidden: You are missing the following scopes - ${scope}`,
      },
    });
  });

  it.each([
    ["forbidden", 403],
    ["not_authorized", 401],
  ] as const)("are missed with %s where the switch says so", async (missingScope, status) => {
    emulator.switches.missingScope = missingScope;
    const { value } = emulator.database.addToken({ scopes: [] });

    expect(await apiOf(emulator, value)(`GET /sites/${siteId}/pages`)).toMatchObject({
      status,
      json: { code: missingScope },
    });
  });
});

describe("a request for content", () => {
  it.each(["pages", "collections"])("of an unknown id is 404 in %s", async (kind) => {
    expect(await call(`GET /${kind}/${NOBODY}`)).toMatchObject({
      status: 404,
      json: { code: "resource_not_found" },
    });
  });

  it("a request for content of another site's page or collection is 404 as well", async () => {
    const other = emulator.database.addSite("Not mine").id;
    const page = emulator.content.addPage({ siteId: other, path: "/secret" });
    const collection = emulator.content.addCollection({ siteId: other, displayName: "Secrets" });

    expect((await call(`GET /pages/${page.id}/dom`)).status).toBe(404);
    expect((await call(`GET /collections/${collection.id}/items`)).status).toBe(404);
  });

  it("cannot ask for more than a hundred a page", async () => {
    expect(await call(`GET /sites/${siteId}/pages?limit=101`)).toMatchObject({
      status: 400,
      json: { code: "validation_error" },
    });
    emulator.switches.largeLimit = "clamp";
    expect((await call(`GET /sites/${siteId}/pages?limit=101`)).json).toMatchObject({
      pagination: { limit: 100 },
    });
  });

  it.each(["plan", "robots_txt", "redirects"])("about %s is for Enterprise sites", async (path) => {
    expect(await call(`GET /sites/${siteId}/${path}`)).toMatchObject({
      status: 403,
      json: { code: "not_enterprise_plan_site" },
    });
  });

  it("about products meets a site that sells nothing", async () => {
    expect(await call(`GET /sites/${siteId}/products`)).toMatchObject({
      status: 409,
      json: { code: "ecommerce_not_enabled" },
    });
  });

  it.each([
    ["60", "60"],
    ["none", null],
  ] as const)("above the rate limit is told to come back after %s", async (retryAfterAboveLimit, header) => {
    Object.assign(emulator.switches, {
      retryAfterAboveLimit,
      rateLimit: { limit: 1, windowMs: 600_000, sliding: false },
    });
    await call("GET /sites");

    const { status, headers } = await call(`GET /sites/${siteId}/pages`);

    expect([status, headers.get("retry-after")]).toEqual([429, header]);
  });
});

describe("the pages of a site", () => {
  it("are listed page by page, with what the API says about them", async () => {
    addPages(3);
    const home = emulator.content.addPage({ siteId, path: "/", title: "Home", isDraft: true });

    const { json } = await call(`GET /sites/${siteId}/pages?limit=2&offset=2`);

    expect(json?.["pagination"]).toEqual({ limit: 2, offset: 2, total: 4 });
    expect(json?.["pages"]).toMatchObject([
      { slug: "page-2", publishedPath: "/page-2", draft: false },
      { id: home.id, siteId, title: "Home", slug: "", draft: true, archived: false, collectionId: null },
    ]);
    expect((await call(`GET /pages/${home.id}`)).json).toEqual((json?.["pages"] as unknown[])[1]);
  });

  it("have the path of the locale that was asked for", async () => {
    const { id } = emulator.database.addLocale(siteId, { tag: "de-DE" });
    addPages(1);

    expect(await list(`/sites/${siteId}/pages?localeId=${id}`)).toMatchObject([
      { publishedPath: "/de/page-0", localeId: id },
    ]);
  });

  it("come twice, or are skipped, when the list moves while it is read", async () => {
    addPages(4);
    const paths = async () => (await list(`/sites/${siteId}/pages?limit=2&offset=2`)).map(({ slug }) => slug);

    emulator.switches.pageListMoves = "duplicate";
    expect(await paths()).toEqual(["page-1", "page-2"]);
    emulator.switches.pageListMoves = "skip";
    expect(await paths()).toEqual(["page-3"]);
    expect((await call(`GET /sites/${siteId}/pages?offset=2`)).json).toMatchObject({
      pagination: { total: 3 },
    });
  });

  it("include utility pages, or do not", async () => {
    emulator.content.addPage({ siteId, path: "/404", utility: "404" });

    expect(await list(`/sites/${siteId}/pages`)).toHaveLength(1);
    emulator.switches.listsUtilityPages = false;
    expect(await list(`/sites/${siteId}/pages`)).toHaveLength(0);
  });
});

describe("the content of a page", () => {
  const COMPONENT = "e3410077-d7db-43e6-8889-0d7f61184424";

  async function nodes(pageId: string, query = ""): Promise<Record<string, unknown>[]> {
    return (await call(`GET /pages/${pageId}/dom${query}`)).json?.["nodes"] as Record<string, unknown>[];
  }

  it("is its texts, images and component instances, and nothing else", async () => {
    const override = {
      propertyId: "p",
      type: "Plain Text",
      label: "Title",
      text: { html: null, text: "Hi" },
    } as const;
    const { id } = emulator.content.addPage({
      siteId,
      path: "/",
      elements: [
        { kind: "text", html: "<h1>Guide</h1>" },
        { kind: "image", assetId: PICTURE, alt: { text: "Marvin" }, attributes: { "data-x": "1" } },
        { kind: "component", componentId: COMPONENT, overrides: [override] },
        { kind: "markup", html: `<div style="background-image:url(${PICTURE})"></div>` },
      ],
    });

    const { json } = await call(`GET /pages/${id}/dom`);

    expect(json).toMatchObject({
      pageId: id,
      branchId: null,
      nodes: [
        { type: "text", text: { html: "<h1>Guide</h1>", text: "Guide" }, attributes: {} },
        { type: "image", image: { alt: "Marvin", assetId: PICTURE }, attributes: { "data-x": "1" } },
        { type: "component-instance", componentId: COMPONENT, propertyOverrides: [override] },
      ],
      pagination: { limit: 100, offset: 0, total: 3 },
    });
    expect(await nodes(id, "?limit=1&offset=1")).toEqual([(json?.["nodes"] as unknown[])[1]]);
  });

  it.each([
    ["null", "null", null, null],
    ["reserved", "reserved", "__wf_reserved_inherit", "__wf_reserved_decorative"],
    ["resolved", "empty", "Of the asset", ""],
  ] as const)("tells an inherited alt text as %s, and a decorative one as %s", async (domImageAlt, domDecorativeAlt, inherited, decorative) => {
    Object.assign(emulator.switches, { domImageAlt, domDecorativeAlt });
    const asset = emulator.database.addAsset({
      siteId,
      fileName: "a.png",
      contentType: "image/png",
      altText: "Of the asset",
    });
    const { id } = emulator.content.addPage({
      siteId,
      path: "/",
      elements: [
        { kind: "image", assetId: asset.id },
        { kind: "image", assetId: asset.id, alt: "decorative" },
      ],
    });

    expect(await nodes(id)).toMatchObject([{ image: { alt: inherited } }, { image: { alt: decorative } }]);
  });

  it.each([
    ["absent", ["component-instance"]],
    ["flattened", ["component-instance", "text", "component-instance"]],
    ["instances-only", ["component-instance", "component-instance"]],
  ] as const)("has what was put into slots with domSlots %s", async (domSlots, types) => {
    emulator.switches.domSlots = domSlots;
    const { id } = emulator.content.addPage({
      siteId,
      path: "/",
      elements: [
        {
          kind: "component",
          componentId: COMPONENT,
          slot: [
            { kind: "text", html: "In the slot" },
            { kind: "component", componentId: COMPONENT },
          ],
        },
      ],
    });

    expect((await nodes(id)).map(({ type }) => type)).toEqual(types);
  });

  it("has the images of rich texts, or not", async () => {
    const { id } = emulator.content.addPage({
      siteId,
      path: "/",
      elements: [{ kind: "rich-text", html: (urls) => `<p>A</p><img src="${urls.asset(PICTURE)}"/>` }],
    });
    const html = async () => ((await nodes(id))[0]?.["text"] as { html: string }).html;

    expect(await html()).toContain(PICTURE);
    emulator.switches.domHasRichTextImages = false;
    expect(await html()).toBe("<p>A</p>");
  });

  it.each([
    403, 404,
  ] as const)("the content of a template's page is empty, or %i by a switch", async (status) => {
    const collection = emulator.content.addCollection({ siteId, displayName: "Posts" });
    const { id } = emulator.content.addPage({
      siteId,
      path: "/posts",
      collectionId: collection.id,
      elements: [{ kind: "text", html: "Static" }],
    });

    expect(await nodes(id)).toEqual([]);
    emulator.switches.domOfTemplates = status;
    expect((await call(`GET /pages/${id}/dom`)).status).toBe(status);
  });

  it("the content of a draft's page can be read, is empty, or is not found", async () => {
    const { id } = emulator.content.addPage({
      siteId,
      path: "/",
      isDraft: true,
      elements: [{ kind: "text", html: "Soon" }],
    });

    expect(await nodes(id)).toHaveLength(1);
    emulator.switches.domOfDrafts = "empty";
    expect(await nodes(id)).toEqual([]);
    emulator.switches.domOfDrafts = 404;
    expect((await call(`GET /pages/${id}/dom`)).status).toBe(404);
  });

  it("is other in another locale, where instances without overrides are left out", async () => {
    const locale = emulator.database.addLocale(siteId, { tag: "de" });
    const { id } = emulator.content.addPage({
      siteId,
      path: "/",
      elements: [{ kind: "text", html: "Guide" }],
      localized: {
        [locale.id]: [
          { kind: "text", html: "Führer" },
          { kind: "component", componentId: COMPONENT },
        ],
      },
    });

    expect(await nodes(id, `?localeId=${locale.id}`)).toMatchObject([{ text: { text: "Führer" } }]);
    emulator.switches.domPlainInstances = "present";
    expect(await nodes(id, `?localeId=${locale.id}`)).toMatchObject([
      {},
      { componentId: COMPONENT, propertyOverrides: [] },
    ]);
  });

  it.each([
    [400, 400],
    [404, 404],
    ["ignored", 200],
  ] as const)("the content of a page in a locale that the site lacks answers with unknownLocale %s", async (unknownLocale, status) => {
    emulator.switches.unknownLocale = unknownLocale;
    const { id } = emulator.content.addPage({ siteId, path: "/" });

    expect((await call(`GET /pages/${id}/dom?localeId=${NOBODY}`)).status).toBe(status);
  });
});

describe("components", () => {
  it("are listed, with their content and properties apart", async () => {
    const property = {
      propertyId: "p",
      type: "Rich Text",
      label: "Text",
      text: { html: "<p>A</p>", text: null },
    } as const;
    const footer = emulator.content.addComponent({
      siteId,
      name: "Footer",
      elements: [{ kind: "image", assetId: PICTURE }],
      properties: [property],
    });
    emulator.content.addComponent({ siteId, name: "Shared", isReadOnly: true });
    const path = `/sites/${siteId}/components`;

    expect((await call(`GET ${path}`)).json).toEqual({
      components: [
        { id: footer.id, name: "Footer", group: null, description: null },
        expect.objectContaining({ name: "Shared", readonly: true }),
      ],
      pagination: { limit: 100, offset: 0, total: 2 },
    });
    expect((await call(`GET ${path}/${footer.id}/dom`)).json).toMatchObject({
      componentId: footer.id,
      nodes: [{ type: "image", image: { assetId: PICTURE } }],
    });
    expect((await call(`GET ${path}/${footer.id}/properties`)).json).toMatchObject({
      componentId: footer.id,
      properties: [property],
      pagination: { total: 1 },
    });
    expect((await call(`GET ${path}/unknown/dom`)).status).toBe(404);
  });
});

describe("scripts of apps", () => {
  const NOW = "2026-03-03T08:15:42.000Z";

  it("are listed with their places", async () => {
    const script = { id: "slider", version: "1.0.0", location: "header", attributes: {} } as const;
    emulator.content.scripts.push({
      siteId,
      id: "slider",
      version: "1.0.0",
      displayName: "Slider",
      hostedLocation: (urls) => urls.asset(PICTURE),
      integrityHash: null,
      createdOn: NOW,
    });
    emulator.content.codeBlocks.push({ siteId, pageId: null, createdOn: NOW, scripts: [script] });

    expect(await list(`/sites/${siteId}/registered_scripts`)).toMatchObject([
      { id: "slider", hostedLocation: expect.stringContaining(PICTURE), canCopy: false },
    ]);
    expect((await call(`GET /sites/${siteId}/custom_code`)).json).toEqual({
      scripts: [script],
      createdOn: NOW,
      lastUpdated: NOW,
    });
    expect(await list(`/sites/${siteId}/custom_code/blocks`)).toMatchObject([
      { siteId, pageId: null, type: "site", scripts: [script] },
    ]);
  });

  it("are 404 where no app has put any", async () => {
    expect(await call(`GET /sites/${siteId}/custom_code`)).toMatchObject({
      status: 404,
      json: { message: expect.stringContaining("Custom code block not found") },
    });
  });

  it.each([403, 404, 200] as const)("answer a site token with %i", async (status) => {
    emulator.switches.siteTokenAtCustomCode = status;
    const { value } = emulator.database.addToken({ kind: "site" });

    expect((await apiOf(emulator, value)(`GET /sites/${siteId}/registered_scripts`)).status).toBe(status);
  });
});
