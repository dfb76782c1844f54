import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type ApiCall, apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;
let siteId: string;
let posts: string;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
  siteId = emulator.siteId;
  posts = emulator.content.addCollection({
    siteId,
    displayName: "Posts",
    fields: [{ slug: "main-image", type: "Image" }],
  }).id;
});
afterEach(() => emulator.close());

const NOBODY = "0123456789abcdef01234567";

async function items(query = "", live = ""): Promise<Record<string, unknown>[]> {
  return (await call(`GET /collections/${posts}/items${live}${query}`)).json?.["items"] as Record<
    string,
    unknown
  >[];
}

async function slugs(query: string): Promise<unknown[]> {
  return (await items(query)).map(({ fieldData }) => (fieldData as { slug: unknown }).slug);
}

function addItem(slug: string, localized: Record<string, { name: string; slug: string }> = {}) {
  return emulator.content.addItem({ collectionId: posts, fieldData: { name: slug, slug }, localized });
}

describe("collections", () => {
  it("are listed without fields, and have them one by one", async () => {
    const { json } = await call(`GET /sites/${siteId}/collections`);

    expect(json).toEqual({
      collections: [
        expect.objectContaining({ id: posts, displayName: "Posts", singularName: "Post", slug: "posts" }),
      ],
    });
    expect((json?.["collections"] as object[])[0]).not.toHaveProperty("fields");
    expect((await call(`GET /collections/${posts}`)).json?.["fields"]).toMatchObject([
      { slug: "name", type: "PlainText", isRequired: true },
      { slug: "slug", type: "PlainText" },
      { slug: "main-image", type: "Image", isRequired: false, validations: null },
    ]);
  });

  it("come in pages of a hundred with collectionPaging", async () => {
    emulator.switches.collectionPaging = "paged";
    for (let index = 0; index < 100; index += 1)
      emulator.content.addCollection({ siteId, displayName: `More ${index}` });

    const first = (await call(`GET /sites/${siteId}/collections`)).json;
    const rest = (await call(`GET /sites/${siteId}/collections?offset=100`)).json;

    expect(first).toMatchObject({ pagination: { limit: 100, offset: 0, total: 101 } });
    expect([first?.["collections"], rest?.["collections"]]).toMatchObject([{ length: 100 }, { length: 1 }]);
  });
});

describe("items", () => {
  it("are staged until they are published, and stay live as they were", async () => {
    const { id } = addItem("vase");
    const path = `/collections/${posts}/items/${id}`;

    expect(await items()).toMatchObject([
      { id, lastPublished: null, isDraft: false, fieldData: { slug: "vase" } },
    ]);
    expect(await items("", "/live")).toEqual([]);
    expect((await call(`GET ${path}/live`)).status).toBe(404);
    emulator.content.publishItem(id);
    expect(await items("", "/live")).toMatchObject([{ id, lastPublished: expect.any(String) }]);
    expect((await call(`GET ${path}/live`)).json).toEqual((await call(`GET ${path}`)).json);
  });

  it("are published with the site, except drafts; archived ones are taken down", async () => {
    const [live, draft, archived] = ["live", "draft", "archived"].map((slug) => addItem(slug));
    if (!live || !draft || !archived) throw new Error("three items were added");
    draft.isDraft = true;
    emulator.content.publishItem(archived.id);
    archived.isArchived = true;

    emulator.content.publishSite(siteId);

    expect(await items("", "/live")).toMatchObject([{ id: live.id }]);
  });

  it("are found by name, slug and dates, and sorted", async () => {
    for (const slug of ["b", "a", "c"]) addItem(slug);
    emulator.content.addItem({
      collectionId: posts,
      createdOn: "2020-01-01T00:00:00.000Z",
      fieldData: { name: "Old", slug: "old" },
    });

    expect(await slugs("?slug=a")).toEqual(["a"]);
    expect(await slugs("?name=Old")).toEqual(["old"]);
    expect(await slugs("?createdOn[lte]=2021-01-01T00:00:00.000Z")).toEqual(["old"]);
    expect(await slugs("?createdOn[gte]=2021-01-01T00:00:00.000Z")).toEqual(["b", "a", "c"]);
    expect(await slugs("?sortBy=slug&sortOrder=desc")).toEqual(["old", "c", "b", "a"]);
    expect(await slugs("?sortBy=slug&limit=2&offset=1")).toEqual(["b", "c"]);
    expect((await call(`GET /collections/${posts}/items?sortBy=size`)).status).toBe(400);
  });

  it("items that are unknown, or of another collection, are 404", async () => {
    const other = emulator.content.addCollection({ siteId, displayName: "Other" });
    const { id } = addItem("vase");

    expect((await call(`GET /collections/${posts}/items/${NOBODY}`)).status).toBe(404);
    expect((await call(`GET /collections/${other.id}/items/${id}`)).status).toBe(404);
    expect((await call(`GET /collections/${posts}/items/vase`)).status).toBe(400);
  });
});

describe("items in other locales", () => {
  let german: string;
  let primary: string;
  beforeEach(() => {
    const locale = emulator.database.addLocale(siteId, { tag: "de" });
    german = locale.cmsLocaleId;
    primary = emulator.database.sites.get(siteId)?.locales.primary.cmsLocaleId ?? "";
    addItem("vase", { [german]: { name: "Vase", slug: "vase-de" } });
    addItem("only-english");
  });

  it("are those that have a variant there", async () => {
    expect(await slugs(`?cmsLocaleId=${german}`)).toEqual(["vase-de"]);
    expect(await slugs(`?cmsLocaleId=${primary},${german}`)).toEqual(["vase", "vase-de", "only-english"]);
  });

  it("are the primary's where they have none, with missingItemVariant", async () => {
    emulator.switches.missingItemVariant = "primary";

    expect(await items(`?cmsLocaleId=${german}`)).toMatchObject([
      { cmsLocaleId: german },
      { cmsLocaleId: primary, fieldData: { slug: "only-english" } },
    ]);
  });

  it("come only in the primary one, or in all, when none is asked for", async () => {
    expect(await slugs("")).toEqual(["vase", "only-english"]);
    emulator.switches.cmsLocaleWhenOmitted = "all";
    expect(await slugs("")).toEqual(["vase", "vase-de", "only-english"]);
  });

  it("cannot be asked for by the locale's other id, or are none, or the primary's", async () => {
    const { id } = emulator.database.sites.get(siteId)?.locales.secondary[0] ?? { id: "" };
    const query = `?cmsLocaleId=${id}`;

    expect((await call(`GET /collections/${posts}/items${query}`)).status).toBe(400);
    emulator.switches.unknownCmsLocale = "empty";
    expect(await items(query)).toEqual([]);
    emulator.switches.unknownCmsLocale = "primary";
    expect(await slugs(query)).toEqual(["vase", "only-english"]);
  });
});

describe("a file of a CMS field", () => {
  const ASSET = "65f0aa00bb11cc22dd33ee44";

  async function urlOf(fileId: string): Promise<string> {
    const { id } = emulator.content.addItem({
      collectionId: posts,
      fieldData: {
        name: "Vase",
        slug: "vase",
        "main-image": (urls) => ({
          fileId,
          url: urls.cmsFile(fileId),
          alt: null,
        }),
      },
    });
    const { json } = await call(`GET /collections/${posts}/items/${id}`);
    return (json?.["fieldData"] as { "main-image": { url: string } })["main-image"].url;
  }

  it("is a copy in a bucket of its own, named after its asset, that the CDN serves", async () => {
    const file = emulator.content.addCmsFile({ siteId, fileName: "vase.jpg", copyOf: ASSET });

    const url = await urlOf(file.id);

    const bucket = emulator.database.sites.get(siteId)?.cmsBucketId;
    expect(url).toBe(`${emulator.cdnBaseUrl}/${bucket}/${file.id}_${ASSET}_vase.jpg`);
    expect((await fetch(url)).status).toBe(200);
  });

  it("has the site's id in its URL, another extension and no asset's name by switches", async () => {
    Object.assign(emulator.switches, {
      cmsBucket: "site",
      cmsFileNames: "jpg-to-jpeg",
      cmsCopiesNameTheirAsset: false,
    });
    const file = emulator.content.addCmsFile({ siteId, fileName: "vase.jpg", copyOf: ASSET });

    const url = await urlOf(file.id);

    expect(url).toBe(`${emulator.cdnBaseUrl}/${siteId}/${file.id}_vase.jpeg`);
    expect((await fetch(url)).status).toBe(200);
  });

  it("is no asset, unless the switch says so", async () => {
    const { id } = emulator.content.addCmsFile({ siteId, fileName: "vase.jpg" });

    expect((await call(`GET /assets/${id}`)).status).toBe(404);
    emulator.switches.cmsFileAsAsset = 200;
    expect((await call(`GET /assets/${id}`)).json).toMatchObject({ id, siteId });
    expect((await call(`GET /sites/${siteId}/assets`)).json).toMatchObject({ assets: [] });
  });
});
