import { describe, expect, it } from "vitest";
import type { WebflowClient } from "../../../src/webflow/data-api/client.js";
import type { SiteLocale, SitePage } from "../../../src/webflow/data-api/content-responses.js";
import { refusedByWebflow } from "../../../src/webflow/data-api/error-mapping.js";
import {
  clientOf,
  emptySite,
  fetcherOf,
  HOST,
  listedAsset,
  readSite,
  SITE_ID,
  urlOf,
} from "../../builders/site-in-memory.js";

const ASSET = "6595a1b2c3d4e5f607184352";
const SCRIPT = `https://cdn.prod.website-files.com/${SITE_ID}%2Fapp%2Fbanner-1.0.0.js`;

const PAGE: SitePage = {
  id: "6596a1b2c3d4e5f607184301",
  title: "Spring",
  slug: "spring",
  collectionId: undefined,
  archived: false,
  draft: true,
  isBranch: false,
  lastUpdated: undefined,
  publishedPath: undefined,
};

const ENGLISH: SiteLocale = {
  id: "653fa1b2c3d4e5f607184301",
  cmsLocaleId: "653aa1b2c3d4e5f607184301",
  displayName: "English",
  displayImageId: undefined,
  subdirectory: "",
  tag: "en",
  enabled: true,
};
const GERMAN: SiteLocale = {
  ...ENGLISH,
  id: "653fa1b2c3d4e5f607184302",
  cmsLocaleId: "653aa1b2c3d4e5f607184302",
  displayName: "German",
  tag: "de-DE",
};

function refuseAsForbidden(): never {
  const body = { code: "forbidden", message: "Forbidden" };
  throw refusedByWebflow({ status: 403, headers: new Headers(), body }, "content");
}

async function read(site: ReturnType<typeof emptySite>, client: Partial<WebflowClient> = {}) {
  const asked: string[] = [];
  const reading = await readSite(site, {
    webflow: { ...clientOf(site), ...client },
    fetcher: fetcherOf(site, asked),
  });
  return { reading, asked, told: reading.gaps.map(({ what, why }) => `${what}: ${why}`) };
}

describe("a part of the Data API that cannot be read", () => {
  it("is not said to lack a scope that the list of the same kind did not lack", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    site.pages.push({ ...PAGE, nodes: [] });
    site.components.push({ id: "c", name: "Footer", nodes: [] });
    const { told } = await read(site, {
      listPageNodes: async () => refuseAsForbidden(),
      listComponentNodes: async () => refuseAsForbidden(),
      listItems: async () => refuseAsForbidden(),
    });
    expect(told).toContain("CMS items of Posts: Webflow answered 403 forbidden: Forbidden");
    expect(told).toContain("1 draft page (Spring): Webflow answered 403 forbidden: Forbidden");
    expect(told).toContain("1 component (Footer): Webflow answered 403 forbidden: Forbidden");
    expect(told.join()).not.toContain("lacks");
  });

  it("is one page and one component, in however many locales it is refused", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    site.pages.push({ ...PAGE, nodes: [] });
    site.components.push({ id: "c", name: "Footer", nodes: [] });
    const { told } = await read(
      { ...site, details: { ...site.details, locales: [ENGLISH, GERMAN] } },
      {
        listPageNodes: async () => refuseAsForbidden(),
        listComponentNodes: async () => refuseAsForbidden(),
      },
    );
    expect(told).toContain("1 draft page (Spring): Webflow answered 403 forbidden: Forbidden");
    expect(told).toContain("1 component (Footer): Webflow answered 403 forbidden: Forbidden");
  });

  it("is named with its locale where the items of others were read", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    const client = clientOf(site);
    const { told } = await read(
      { ...site, details: { ...site.details, locales: [ENGLISH, GERMAN] } },
      {
        listItems: async (id, version, list, call) =>
          list.localeId === GERMAN.cmsLocaleId
            ? refuseAsForbidden()
            : client.listItems(id, version, list, call),
      },
    );
    expect(told).toEqual(["CMS items of Posts in de-DE: Webflow answered 403 forbidden: Forbidden"]);
  });

  it("is the page of a collection's items, unless one of them was read", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    const ofItems = { ...PAGE, draft: false, nodes: [] };
    site.pages.push({
      ...ofItems,
      id: "1",
      title: "Posts Template",
      collectionId: "posts",
      publishedPath: "/post",
    });
    site.pages.push({
      ...ofItems,
      id: "2",
      title: "Teams Template",
      collectionId: "teams",
      publishedPath: "/team",
    });
    site.published.set("/", { text: `<a href="/post/vase">vase</a>` }).set("/post/vase", { text: "vase" });
    const { told } = await read(site);
    expect(told).toEqual([
      "1 template page (Teams Template): no page of an item was read, so nothing shows what is on it",
    ]);
  });
});

describe("the scripts that apps have added", () => {
  it("are read where they are hosted, and other addresses in them are not taken for scripts", async () => {
    const site = emptySite([listedAsset(ASSET)]);
    const attributes = { "data-picture": urlOf(ASSET) };
    const { reading, asked } = await read(site, {
      getScripts: async () => ({
        registeredScripts: [{ hostedLocation: SCRIPT }],
        scripts: [{ attributes }],
      }),
    });
    expect(reading.usesOf(ASSET).uses).toHaveLength(1);
    expect(asked.filter((url) => !url.includes(HOST))).toEqual([SCRIPT]);
  });
});
