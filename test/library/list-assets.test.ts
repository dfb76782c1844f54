import { afterEach, describe, expect, it, vi } from "vitest";
import type { ListAssetsRequest, ListAssetsResult } from "../../src/contract/list-assets.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import type { AssetService } from "../../src/service/asset-service.js";
import { numberedPng, pdfBytes, pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { apiOf } from "../builders/emulator-client.js";
import { codeOf } from "../builders/outcome.js";
import { dataUri, startSite, type TestSite, type TestSiteOptions } from "../builders/site.js";
import { patient } from "../slowness.js";

let site: TestSite;

afterEach(() => site.close());

async function aSite(options?: TestSiteOptions): Promise<{ service: AssetService; emulator: Emulator }> {
  site = await startSite(options);
  return site;
}

/** An image in the root unless said otherwise. */
function addImage(
  emulator: Emulator,
  fileName: string,
  more: Partial<Parameters<Emulator["library"]["addAsset"]>[0]> = {},
): string {
  const { siteId } = emulator;
  return emulator.library.addAsset({ siteId, fileName, contentType: "image/png", bytes: pngBytes(), ...more })
    .id;
}

function addImages(emulator: Emulator, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addImage(emulator, `picture-${index}.png`));
}

function list(service: AssetService, request: Partial<ListAssetsRequest> = {}): Promise<ListAssetsResult> {
  return service.listAssets({ limit: 50, ...request }, callContext());
}

async function names(service: AssetService, request: Partial<ListAssetsRequest>): Promise<string[]> {
  return (await list(service, request)).assets.map(({ name }) => name).sort();
}

/** The ids of all pages from `cursor` on; `betweenPages` runs after each page. */
async function walk(
  service: AssetService,
  request: Partial<ListAssetsRequest>,
  betweenPages: (page: ListAssetsResult) => void | Promise<void> = () => {},
): Promise<string[]> {
  const ids: string[] = [];
  let cursor = request.cursor;
  do {
    const page = await list(service, { ...request, cursor });
    ids.push(...page.assets.map(({ id }) => id));
    cursor = page.nextCursor;
    await betweenPages(page);
  } while (cursor !== undefined);
  return ids;
}

function listCalls(emulator: Emulator): number {
  return emulator.requests.count({ operation: "listAssets" });
}

describe("a listing of 5,000 assets in 200 folders", () => {
  it("reads one page of Webflow's for the first page without a filter", async () => {
    const { service, emulator } = await aSite();
    emulator.seedLibrary({ folders: 200, assets: 5000 });
    const page = await list(service);
    expect(page.assets).toHaveLength(50);
    expect(page.total).toBe(5000);
    expect(listCalls(emulator)).toBe(1);
    await list(service, { cursor: page.nextCursor });
    expect(listCalls(emulator)).toBe(1);
  });

  it("costs 20 calls once for a filtered walk from end to end, and nothing for the next one", async () => {
    const { service, emulator } = await aSite();
    emulator.seedLibrary({ folders: 200, assets: 2000, altTextShare: 0.5 });
    const wanted = emulator.library.assets(emulator.siteId).filter(({ altText }) => altText === null);
    const found = await walk(service, { missingAltText: true });
    expect(new Set(found)).toEqual(new Set(wanted.map(({ id }) => id)));
    expect(found).toHaveLength(wanted.length);
    await walk(service, { type: "document", limit: 200 });
    expect(listCalls(emulator)).toBe(20);
  });

  it("is read once by calls that need it at the same time", async () => {
    const { service, emulator } = await aSite();
    emulator.seedLibrary({ folders: 0, assets: 1000 });
    const pages = await Promise.all(Array.from({ length: 10 }, () => list(service, { query: "harbour" })));
    expect(new Set(pages.map(({ total }) => total)).size).toBe(1);
    expect(listCalls(emulator)).toBe(10);
  });

  it("is read for the others when the call that began reading is cancelled", async () => {
    const { service, emulator } = await aSite({ switches: { latencyMs: { api: 20, s3: 0, cdn: 0 } } });
    emulator.seedLibrary({ folders: 0, assets: 300 });
    const controller = new AbortController();
    const request = { siteId: emulator.siteId, minSize: 1, limit: 5 };
    const cancelled = service.listAssets(request, callContext({ signal: controller.signal }));
    const other = service.listAssets(request, callContext());
    const outcome = codeOf(cancelled);
    await vi.waitUntil(() => listCalls(emulator) > 0, { timeout: patient(5_000) });
    controller.abort();
    expect(await outcome).toBe("CANCELLED");
    expect((await other).total).toBe(300);
  });

  it("costs one call for a folder, however large the site", async () => {
    const { service, emulator } = await aSite();
    emulator.seedLibrary({ folders: 200, assets: 5000 });
    const [folder] = emulator.library.folders(emulator.siteId).slice(-1);
    const own = emulator.library.assets(emulator.siteId).filter((asset) => asset.parentFolder === folder?.id);
    const page = await list(service, { folderId: folder?.id, limit: 200 });
    expect(page.assets.map(({ id }) => id).sort()).toEqual(own.map(({ id }) => id).sort());
    expect(listCalls(emulator)).toBe(1);
  });
});

describe("a walk from page to page", () => {
  it.each([
    "newest-first",
    "oldest-first",
    "name",
  ] as const)("shows each asset once when Webflow lists %s", async (assetOrder) => {
    const { service, emulator } = await aSite({ switches: { assetOrder } });
    const ids = addImages(emulator, 230);
    expect((await walk(service, { limit: 30 })).sort()).toEqual(ids.sort());
  });

  it.each([
    "newest-first",
    "oldest-first",
  ] as const)("shows what stays exactly once while others come and go, %s", async (assetOrder) => {
    const { service, emulator } = await aSite({ switches: { assetOrder } });
    const before = addImages(emulator, 350);
    const gone = new Set<string>();
    const seen = await walk(service, { limit: 60 }, ({ assets }) => {
      for (const { id } of [assets[0], assets[1]].filter((asset) => asset !== undefined)) {
        gone.add(id);
        emulator.library.assetRecords.delete(id);
      }
      addImage(emulator, "late.png");
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before));
    expect(gone.size).toBeGreaterThan(0);
  });

  it("goes on where it was when each page's assets lose what was asked for", async () => {
    const { service, emulator } = await aSite();
    const ids = addImages(emulator, 120);
    const seen = await walk(service, { missingAltText: true, limit: 50 }, async ({ assets }) => {
      const updates = assets.map(({ id }) => ({ assetId: id, altText: "A picture" }));
      await service.updateAssets({ updates }, callContext());
    });
    expect(seen.sort()).toEqual(ids.sort());
    expect((await list(service, { missingAltText: true })).total).toBe(0);
  });

  it("goes on where it was when each page's assets are deleted", async () => {
    const { service, emulator } = await aSite();
    const ids = addImages(emulator, 250);
    const seen = await walk(service, { limit: 60 }, async ({ assets }) => {
      const deletion = { assetIds: assets.map(({ id }) => id), confirm: true };
      await service.deleteAssets(deletion, callContext());
    });
    expect(seen.sort()).toEqual(ids.sort());
    expect(listCalls(emulator)).toBe(3);
  });

  it("goes on in a server that was started anew", async () => {
    const { service, emulator } = await aSite();
    const ids = addImages(emulator, 150);
    const first = await list(service, { limit: 40 });
    addImage(emulator, "newer.png");
    const rest = await walk(site.anotherService(), { limit: 40, cursor: first.nextCursor });
    expect([...first.assets.map(({ id }) => id), ...rest].sort()).toEqual(ids.sort());
  });

  it("says that the listing changed when it cannot know where to go on", async () => {
    const { service, emulator } = await aSite();
    addImages(emulator, 20);
    const { assets, nextCursor } = await list(service, { limit: 10 });
    emulator.library.assetRecords.delete(assets.at(-1)?.id ?? "");
    const goingOn = list(site.anotherService(), { limit: 10, cursor: nextCursor });
    await expect(goingOn).rejects.toThrow(/listing changed/);
    expect(await codeOf(goingOn)).toBe("INVALID_INPUT");
  });

  it("takes no cursor that was made up, changed, or given for other arguments", async () => {
    const { service, emulator } = await aSite();
    addImages(emulator, 20);
    const { nextCursor = "" } = await list(service, { limit: 10 });
    const changed = Buffer.from(nextCursor, "base64url").toString().replace(/10/, "15");
    const cursors = ["", "x", "WzEsMl0", `${nextCursor}x`, Buffer.from(changed).toString("base64url")];
    for (const cursor of cursors) expect(await codeOf(list(service, { cursor }))).toBe("INVALID_INPUT");
    expect(await codeOf(list(service, { cursor: nextCursor, type: "image" }))).toBe("INVALID_INPUT");
    expect(await codeOf(list(service, { cursor: nextCursor, limit: 3 }))).toBe("no error");
  });
});

describe("the listing shows", () => {
  it("the facts of an asset and no nulls, but an empty alt text", async () => {
    const { service, emulator } = await aSite();
    const { siteId, library } = emulator;
    const outer = library.addFolder({ siteId, displayName: "Press/Kit" });
    const inner = library.addFolder({ siteId, displayName: "Logos", parentFolder: outer.id });
    const id = addImage(emulator, "logo.png", {
      parentFolder: inner.id,
      altText: "Our logo",
      displayName: "Logo",
    });
    const rootId = addImage(emulator, "plain.png", { altText: "" });
    const url = (assetId: string, name: string) =>
      `http://${emulator.uploadHost}/webflow-emulated-assets/${siteId}/${assetId}_${name}`;
    const { assets } = await list(service);
    expect(assets).toEqual([
      {
        id: rootId,
        name: "plain.png",
        contentType: "image/png",
        size: 64,
        url: url(rootId, "plain.png"),
        altText: "",
      },
      {
        id,
        name: "Logo",
        contentType: "image/png",
        size: 64,
        url: url(id, "logo.png"),
        folder: "Press\\/Kit/Logos",
        altText: "Our logo",
      },
    ]);
    expect(assets.flatMap((asset) => Object.values(asset))).not.toContain(null);
  });

  it("an asset of a folder that was made after the folders were read", async () => {
    const { service, emulator } = await aSite();
    await service.listFolders({ limit: 10 }, callContext());
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "New" });
    addImage(emulator, "a.png", { parentFolder: folder.id });
    expect((await list(service)).assets).toMatchObject([{ folder: "New" }]);
  });

  it("the folder also of an asset that was put there and described after the folders were read", async () => {
    const { service, emulator } = await aSite();
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Press" });
    await service.listFolders({ limit: 10 }, callContext());
    const assetId = addImage(emulator, "a.png", { parentFolder: folder.id });
    await list(service);
    await service.updateAssets({ updates: [{ assetId, altText: "A" }] }, callContext());
    expect((await list(service)).assets).toMatchObject([{ folder: "Press", altText: "A" }]);
  });

  it("lists what this server uploaded a moment ago", async () => {
    const { service } = await aSite();
    expect((await list(service)).total).toBe(0);
    await service.uploadAsset({ source: dataUri(numberedPng(1)), fileName: "new.png" }, callContext());
    expect((await list(service)).assets).toMatchObject([{ name: "new.png" }]);
  });

  it("lists nothing of an empty site, with one call to the API", async () => {
    const { service, emulator } = await aSite();
    expect(await list(service, { query: "x" })).toEqual({ siteId: emulator.siteId, assets: [], total: 0 });
    expect(listCalls(emulator)).toBe(1);
  });

  it("says that a query has no wildcards where one was meant and nothing is found", async () => {
    const { service } = await aSite();
    const { notes } = await list(service, { query: "*.png" });
    expect(notes).toEqual([expect.stringContaining("without wildcards")]);
  });
});

describe("a folder", () => {
  it("comes with everything below it, by path or by id", async () => {
    const { service, emulator } = await aSite();
    const { siteId, library } = emulator;
    const outer = library.addFolder({ siteId, displayName: "Campaigns" });
    const inner = library.addFolder({ siteId, displayName: "Spring", parentFolder: outer.id });
    addImage(emulator, "outer.png", { parentFolder: outer.id });
    addImage(emulator, "inner.png", { parentFolder: inner.id });
    addImage(emulator, "root.png");
    expect(await names(service, { folder: "Campaigns" })).toEqual(["inner.png", "outer.png"]);
    expect(await names(service, { folder: "Campaigns/Spring" })).toEqual(["inner.png"]);
    expect(await names(service, { folderId: outer.id })).toEqual(["inner.png", "outer.png"]);
    expect(await names(service, { folder: "Campaigns", query: "inn" })).toEqual(["inner.png"]);
  });

  it("refuses a folder that does not exist, or that is named in two ways", async () => {
    const { service, emulator } = await aSite();
    const { id } = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "A" });
    expect(await codeOf(list(service, { folder: "B" }))).toBe("FOLDER_NOT_FOUND");
    expect(await codeOf(list(service, { folder: "A", folderId: id }))).toBe("INVALID_INPUT");
    expect(await codeOf(list(service, { folderId: "../sites" }))).toBe("INVALID_INPUT");
    expect(await codeOf(list(service, { siteId: "a/../b" }))).toBe("INVALID_INPUT");
  });

  it("a folder that was deleted in the Designer meanwhile is told as missing", async () => {
    const { service, emulator } = await aSite();
    const { id } = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "A" });
    await service.listFolders({ limit: 10 }, callContext());
    emulator.library.folderRecords.delete(id);
    expect(await codeOf(list(service, { folder: "A" }))).toBe("FOLDER_NOT_FOUND");
  });
});

describe("filters", () => {
  it("find text in display name, file name and alt text, without regard to case and accents", async () => {
    const { service, emulator } = await aSite();
    addImage(emulator, "a.png", { displayName: "Café.png" });
    addImage(emulator, "CAFE-terrace.png", { displayName: "b.png" });
    addImage(emulator, "c.png", { altText: "A cafe\u0301 by night" });
    addImage(emulator, "d.png");
    expect(await names(service, { query: "cafe" })).toEqual(["Café.png", "b.png", "c.png"]);
    expect(await names(service, { query: "CAFÉ" })).toEqual(["Café.png", "b.png", "c.png"]);
    expect(await names(service, { query: "" })).toHaveLength(4);
  });

  it("tell types apart by media type, or by extension where that says little", async () => {
    const { service, emulator } = await aSite();
    addImage(emulator, "picture.svg", { contentType: "image/svg+xml" });
    addImage(emulator, "paper.pdf", { contentType: "application/pdf", bytes: pdfBytes() });
    addImage(emulator, "film.mp4", { contentType: "video/mp4" });
    addImage(emulator, "spin.json", { contentType: "application/json" });
    addImage(emulator, "spin.lottie", { contentType: "application/octet-stream" });
    addImage(emulator, "code.css", { contentType: "text/css" });
    expect(await names(service, { type: "image" })).toEqual(["picture.svg"]);
    expect(await names(service, { type: "document" })).toEqual(["paper.pdf"]);
    expect(await names(service, { type: "video" })).toEqual(["film.mp4"]);
    expect(await names(service, { type: "lottie" })).toEqual(["spin.json", "spin.lottie"]);
    expect(await names(service, { type: "other" })).toEqual(["code.css"]);
  });

  it("keep what lacks alt text and what is large, together", async () => {
    const { service, emulator } = await aSite();
    addImage(emulator, "large.png", { bytes: pngBytes(5000) });
    addImage(emulator, "large-told.png", { bytes: pngBytes(5000), altText: "Told" });
    addImage(emulator, "blank.png", { altText: " " });
    expect(await names(service, { missingAltText: true })).toEqual(["blank.png", "large.png"]);
    expect(await names(service, { minSize: 5000 })).toEqual(["large-told.png", "large.png"]);
    expect(await names(service, { minSize: 5000, missingAltText: true })).toEqual(["large.png"]);
    expect(await names(service, { missingAltText: false })).toHaveLength(3);
  });
});

describe("a display name that begins with the asset's own id", () => {
  it("shows a display name without the id in front, and finds the asset by that name", async () => {
    const { service, emulator } = await aSite();
    const id = addImage(emulator, "candy.png");
    const other = "63e5889e7fe4eafa7384cea4_other.png";
    addImage(emulator, other);
    await apiOf(emulator)(`PATCH /assets/${id}`, { displayName: `${id}_Candy-Wrapper.png` });
    expect(await names(service, {})).toEqual([other, "Candy-Wrapper.png"]);
    expect(await names(service, { query: id })).toEqual(["Candy-Wrapper.png"]);
    expect(await names(service, { query: "wrapper" })).toEqual(["Candy-Wrapper.png"]);
  });

  it("shows the id as the name where the name is nothing else", async () => {
    const { service, emulator } = await aSite();
    const id = addImage(emulator, "candy.png");
    await apiOf(emulator)(`PATCH /assets/${id}`, { displayName: `${id}_` });
    expect(await names(service, {})).toEqual([id]);
  });
});
