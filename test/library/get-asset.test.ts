import { afterEach, describe, expect, it } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.js";
import type { AssetService } from "../../src/service/asset-service.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { startSite, type TestSite, type TestSiteOptions } from "../builders/site.js";

let site: TestSite;

afterEach(() => site.close());

async function aSite(options?: TestSiteOptions): Promise<{ service: AssetService; emulator: Emulator }> {
  site = await startSite(options);
  return site;
}

function addImage(emulator: Emulator, parentFolder?: string, siteId = emulator.siteId): string {
  const image = { fileName: "hero.png", displayName: "Hero", contentType: "image/png", bytes: pngBytes() };
  return emulator.library.addAsset({ siteId, parentFolder: parentFolder ?? null, ...image }).id;
}

describe("getAsset", () => {
  it("tells everything, with the folder and the variants", async () => {
    const { service, emulator } = await aSite({ switches: { variantWidths: [500, 800] } });
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Press" });
    const id = addImage(emulator, folder.id);
    const { siteId, asset } = await service.getAsset({ assetId: id }, callContext());
    expect(siteId).toBe(emulator.siteId);
    expect(asset).toMatchObject({
      id,
      name: "Hero",
      fileName: "hero.png",
      contentType: "image/png",
      size: 64,
      folder: { id: folder.id, path: "Press" },
      createdOn: expect.stringMatching(/^\d{4}-.*Z$/),
      lastUpdated: expect.stringMatching(/^\d{4}-.*Z$/),
      variants: [
        { width: 500, url: expect.stringContaining("hero-p-500.png") },
        { width: 800, url: expect.stringContaining("hero-p-800.png") },
      ],
    });
    expect(asset.altText).toBeUndefined();
  });

  it("reports the folder of an asset in the root as null", async () => {
    const { service, emulator } = await aSite();
    const { asset } = await service.getAsset({ assetId: addImage(emulator) }, callContext());
    expect(asset.folder).toBeNull();
  });

  it("tells the site of the asset, whichever one calls are about by default", async () => {
    const { emulator } = await aSite();
    const other = emulator.library.addSite("Other");
    const assetId = addImage(emulator, undefined, other.id);
    const { value: token } = emulator.library.addToken();
    const service = site.anotherService({ token, siteId: emulator.siteId });
    expect((await service.getAsset({ assetId }, callContext())).siteId).toBe(other.id);
    const elsewhere = service.getAsset({ assetId, siteId: emulator.siteId }, callContext());
    expect(await codeOf(elsewhere)).toBe("ASSET_NOT_FOUND");
  });

  it.each([
    "../sites",
    "6b0510?x=1",
    "",
    "zz0510055f3ba80d70188b41",
  ])("refuses the id %j without asking Webflow", async (assetId) => {
    const { service, emulator } = await aSite();
    expect(await codeOf(service.getAsset({ assetId }, callContext()))).toBe("INVALID_INPUT");
    expect(await codeOf(service.viewAsset({ assetId }, callContext()))).toBe("INVALID_INPUT");
    expect(emulator.requests.count()).toBe(0);
  });

  it("fails with ASSET_NOT_FOUND for an asset that does not exist", async () => {
    const { service } = await aSite();
    const request = { assetId: "0123456789abcdef01234567" };
    expect(await codeOf(service.getAsset(request, callContext()))).toBe("ASSET_NOT_FOUND");
  });
});

describe("listSites", () => {
  it("lists the sites that the token has access to", async () => {
    const { service, emulator } = await aSite();
    expect(await service.listSites(callContext())).toEqual({
      sites: [{ id: emulator.siteId, name: "Emulated Site", shortName: "emulated-site" }],
    });
  });
});
