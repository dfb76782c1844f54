import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { afterEach, describe, expect, it } from "vitest";
import type { FindUsesRequest, FindUsesResult } from "../../src/contract/find-uses.js";
import type { Emulator, EmulatorSwitches } from "../../src/emulator/emulator.js";
import { numberedPng, pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { dataUri, startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

afterEach(() => site.close());

async function aSite(switches: Partial<EmulatorSwitches> = {}): Promise<Emulator> {
  site = await startSite({ switches });
  return site.emulator;
}

function addImage(displayName: string, parentFolder: string | null = null): string {
  const { database, siteId } = site.emulator;
  const image = { fileName: displayName, contentType: "image/png", bytes: pngBytes() };
  return database.addAsset({ siteId, displayName, parentFolder, ...image }).id;
}

function findUses(request: Partial<FindUsesRequest> = {}, call = callContext()): Promise<FindUsesResult> {
  return site.service.findUses({ limit: 50, ...request }, call);
}

/** Where one asset is used, and the verdict on it. */
async function usesOf(assetId: string) {
  const { assets } = await findUses({ assetIds: [assetId] });
  return { verdict: assets[0]?.verdict, uses: assets[0]?.uses };
}

describe("findUses tells where", () => {
  it("a page shows an asset, and what nothing refers to", async () => {
    await aSite();
    const spare = addImage("spare.png");
    const hero = addImage("hero.png");
    site.emulator.publish({ path: "/about", html: (urls) => `<img src="${urls.asset(hero)}">` });
    const result = await findUses();
    expect(result.status).toBe("complete");
    expect(result.assets).toEqual([
      { id: hero, name: "hero.png", verdict: "used", uses: [{ in: "/about", place: "image" }] },
      { id: spare, name: "spare.png", verdict: "noReferenceFound", uses: [] },
    ]);
    expect(result.read).toMatchObject({ host: site.emulator.siteHost, pages: 1, cmsItems: 0 });
  });

  it("an asset is used in the CMS: collection, item and field, in every locale", async () => {
    const { content, database, siteId } = await aSite();
    const [sheet, plan, copy] = [addImage("sheet.png"), addImage("plan.png"), addImage("copy.png")];
    const german = database.addLocale(siteId, { tag: "de-DE" });
    const fields = [
      { slug: "file", type: "Link" },
      { slug: "body", type: "RichText" },
      { slug: "picture", type: "Image" },
    ];
    const { id: collectionId } = content.addCollection({ siteId, displayName: "Posts", fields });
    const file = content.addCmsFile({ siteId, fileName: "copy.png", copyOf: copy });
    content.addItem({
      collectionId,
      fieldData: {
        name: "Vase",
        slug: "vase",
        file: (urls: { asset(id: string): string }) => urls.asset(sheet),
        picture: (urls: { cmsFile(id: string): string }) => ({
          fileId: file.id,
          url: urls.cmsFile(file.id),
          alt: "",
        }),
      },
      localized: {
        [german.cmsLocaleId]: {
          name: "Vase",
          slug: "vase",
          body: (urls: { asset(id: string): string }) => `<p><img src="${urls.asset(plan)}"></p>`,
        },
      },
    });
    expect(await usesOf(sheet)).toMatchObject({ uses: [{ in: "CMS: Posts / Vase / file", place: "field" }] });
    expect(await usesOf(plan)).toEqual({
      verdict: "used",
      uses: [{ in: "CMS: Posts / Vase / body", place: "richText", detail: "de-DE" }],
    });
    expect(await usesOf(copy)).toEqual({
      verdict: "weak",
      uses: [{ in: "CMS: Posts / Vase / picture", place: "field", detail: "as a copy of it" }],
    });
  });

  it("a draft and a component hold on to an asset that no visitor sees", async () => {
    const { content, siteId } = await aSite();
    const [draft, unplaced] = [addImage("draft.png"), addImage("unplaced.png")];
    content.addPage({
      siteId,
      path: "/spring",
      title: "Spring",
      isDraft: true,
      elements: [{ kind: "image", assetId: draft }],
    });
    content.addComponent({ siteId, name: "Footer", elements: [{ kind: "image", assetId: unplaced }] });
    site.emulator.publish({ path: "/", html: "<h1>Hello</h1>" });
    expect(await usesOf(draft)).toEqual({
      verdict: "used",
      uses: [{ in: "draft page Spring", place: "image" }],
    });
    expect(await usesOf(unplaced)).toEqual({
      verdict: "used",
      uses: [{ in: "component Footer", place: "image" }],
    });
  });

  it("a style sheet alone refers to an asset, and a locale shows one as its flag", async () => {
    const { content, siteId, database } = await aSite();
    const [background, flag] = [addImage("background.png"), addImage("flag.png")];
    content.addStyleSheet({
      siteId,
      name: "main",
      css: (urls) => `.a{background-image:url(${urls.asset(background)})}`,
    });
    content.addPage({ siteId, path: "/", elements: [], styleSheets: ["main"] });
    database.addLocale(siteId, { tag: "fr", displayImageId: flag });
    content.publishSite(siteId);
    expect(await usesOf(background)).toMatchObject({
      verdict: "styleOnly",
      uses: [{ in: "stylesheet", place: "background" }],
    });
    expect(await usesOf(flag)).toEqual({
      verdict: "used",
      uses: [{ in: "site: locale flag", place: "image" }],
    });
  });

  it("an asset is used on 300 pages in ten of them, and counts the others", async () => {
    await aSite();
    const logo = addImage("logo.png");
    for (let index = 0; index < 300; index += 1) {
      site.emulator.publish({ path: `/page-${index}`, html: (urls) => `<img src="${urls.asset(logo)}">` });
    }
    const { assets } = await findUses({ assetIds: [logo] });
    expect(assets[0]?.uses).toHaveLength(10);
    expect(assets[0]?.moreUses).toBe(290);
  });
});

describe("findUses shows", () => {
  it("the assets of a folder and all below it, of given ids, or with no reference found", async () => {
    const { database, siteId } = await aSite();
    const press = database.addFolder({ siteId, displayName: "Press" });
    const kit = database.addFolder({ siteId, displayName: "Kit", parentFolder: press.id });
    const [inside, outside] = [addImage("inside.png", kit.id), addImage("outside.png")];
    site.emulator.publish({ path: "/", html: (urls) => `<img src="${urls.asset(outside)}">` });
    const ids = async (request: Partial<FindUsesRequest>) =>
      (await findUses(request)).assets.map(({ id }) => id);
    expect(await ids({ folder: "Press" })).toEqual([inside]);
    expect(await ids({ folderId: press.id })).toEqual([inside]);
    expect(await ids({ assetIds: [outside.toUpperCase()] })).toEqual([outside]);
    expect(await ids({ unreferenced: true })).toEqual([inside]);
  });

  it("page after page, each asset once, and refuses the cursor of another question", async () => {
    const emulator = await aSite();
    emulator.seedSite({ folders: 3, assets: 130, pages: 5, styleSheets: 1 });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: FindUsesResult = await findUses({ cursor });
      seen.push(...page.assets.map(({ id }) => id));
      expect(page.total).toBe(130);
      cursor = page.nextCursor;
      if (cursor) expect(await codeOf(findUses({ cursor, unreferenced: true }))).toBe("INVALID_INPUT");
    } while (cursor);
    expect([new Set(seen).size, seen.length]).toEqual([130, 130]);
  });

  it("a first page of 50 for at most 3,000 tokens, however often its assets are used", async () => {
    await aSite();
    const ids = Array.from({ length: 60 }, (_, index) => addImage(`harbour-${index}.png`));
    for (let page = 0; page < 15; page += 1) {
      const html = (urls: { asset(id: string): string }) =>
        ids.map((id) => `<img src="${urls.asset(id)}">`).join("");
      site.emulator.publish({ path: `/campaigns/page-${page}`, html });
    }
    const result = await findUses();
    expect(encode(JSON.stringify(result)).length).toBeLessThanOrEqual(3_000);
    expect(result.assets).toHaveLength(50);
    expect(result.assets.every(({ uses, moreUses = 0 }) => uses.length + moreUses === 15)).toBe(true);
  });

  it("findUses shows that an id is not in the library, without failing for the others", async () => {
    await aSite();
    const hero = addImage("hero.png");
    const result = await findUses({ assetIds: [hero, "0123456789abcdef01234567"] });
    expect(result.assets.map(({ id }) => id)).toEqual([hero]);
    expect(result.notRead[0]).toMatchObject({ what: "0123456789abcdef01234567" });
  });
});

describe("the map of uses", () => {
  const pageReads = (): number =>
    site.emulator.requests.entries().filter(({ path }) => path === "/about").length;

  it("is read once for ten minutes, and again for refresh and for an asset that came later", async () => {
    await aSite();
    const first = addImage("first.png");
    site.emulator.publish({ path: "/about", html: (urls) => `<img src="${urls.asset(first)}">` });
    await findUses();
    await findUses({ assetIds: [first] });
    expect(pageReads()).toBe(1);
    await findUses({ refresh: true });
    expect(pageReads()).toBe(2);
    const { asset } = await site.service.uploadAsset(
      {
        source: `data:image/png;base64,${Buffer.concat([pngBytes(), Buffer.from("later")]).toString("base64")}`,
        fileName: "later.png",
      },
      callContext(),
    );
    expect(await usesOf(asset.id ?? "")).toMatchObject({ verdict: "noReferenceFound" });
    expect(pageReads()).toBe(3);
  });

  it("is made anew after an upload, so that the folder that it went to is not reported as empty", async () => {
    await aSite();
    addImage("first.png");
    await findUses();
    await site.service.uploadAsset(
      { source: dataUri(numberedPng(1)), fileName: "later.png", folder: "New" },
      callContext(),
    );
    const { assets, total } = await findUses({ folder: "New" });
    expect([total, assets[0]?.name]).toEqual([1, "later.png"]);
  });

  it("stays the same for all pages of an answer, which say that something was uploaded meanwhile", async () => {
    await aSite();
    for (const name of ["a.png", "b.png", "c.png"]) addImage(name);
    const first = await findUses({ limit: 2 });
    await site.service.uploadAsset({ source: dataUri(numberedPng(1)), fileName: "later.png" }, callContext());
    const second = await findUses({ limit: 2, cursor: first.nextCursor });
    expect([second.total, second.assets.length, second.nextCursor]).toEqual([3, 1, undefined]);
    expect(second.notRead[0]?.what).toBe("what was uploaded meanwhile");
  });

  it("is shared by calls at the same time", async () => {
    await aSite();
    site.emulator.publish({ path: "/about", html: "<h1>About</h1>" });
    await Promise.all(Array.from({ length: 5 }, () => findUses()));
    expect(pageReads()).toBe(1);
  });

  it("continues with the next call if the rate limit leaves one no time, and keeps what was read", async () => {
    const emulator = await aSite({ rateLimit: { limit: 15, windowMs: 1_000, sliding: false } });
    emulator.seedSite({ folders: 0, assets: 20, pages: 4, styleSheets: 1, components: 20, items: 4 });
    const inAMoment = () => callContext({ deadline: Date.now() + 2_600 });
    let result = await findUses({}, inAMoment());
    expect(result.status).toBe("reading");
    expect(result.notRead[0]?.why).toMatch(/more calls? of Webflow's API; call again/);
    expect(result.assets.map(({ verdict }) => verdict)).not.toContain("noReferenceFound");
    let calls = 1;
    for (; result.status === "reading" && calls < 30; calls += 1) result = await findUses({}, inAMoment());
    expect(result.status).toBe("complete");
    const contents = emulator.requests
      .entries()
      .filter(({ operation, status }) => operation === "getComponentDom" && status === 200);
    // Only what was still on its way when a call had to be answered is asked for again.
    expect(contents.length).toBeLessThan(40);
  });
});

describe("what a token may not read", () => {
  it.each([
    ["pages:read", /^pages that are not published/],
    ["components:read", /^components$/],
    ["cms:read", /^CMS items/],
  ])("is told, with the scope %s that would allow it, and stops nothing else", async (scope, what) => {
    const { database, siteId } = await aSite();
    const hero = addImage("hero.png");
    site.emulator.publish({ path: "/about", html: (urls) => `<img src="${urls.asset(hero)}">` });
    const scopes = ["sites:read", "assets:read", "assets:write", "pages:read", "components:read", "cms:read"];
    const { value } = database.addToken({ siteIds: [siteId], scopes: scopes.filter((one) => one !== scope) });
    const service = site.anotherService({ token: value });
    for (const missingScope of ["missing_scopes", "forbidden", "not_authorized"] as const) {
      site.emulator.switches.missingScope = missingScope;
      const { assets, notRead } = await service.findUses({ limit: 50, refresh: true }, callContext());
      expect(assets[0]?.verdict).toBe("used");
      expect(notRead.find((gap) => what.test(gap.what))?.why).toBe(`the token lacks ${scope}`);
    }
  });

  it("reads the published site with a token for assets alone, if it may see the site", async () => {
    const { database, siteId } = await aSite();
    const hero = addImage("hero.png");
    site.emulator.publish({ path: "/about", html: (urls) => `<img src="${urls.asset(hero)}">` });
    const { value } = database.addToken({ siteIds: [siteId], scopes: ["assets:read", "sites:read"] });
    const { assets, status } = await site
      .anotherService({ token: value })
      .findUses({ limit: 50 }, callContext());
    expect([status, assets[0]?.verdict]).toEqual(["complete", "used"]);
  });
});
