import { afterEach, expect, test } from "vitest";
import { pngBytes } from "../builders/bytes.js";
import { answeringCall, callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

afterEach(() => site.close());

/** A token that sees two sites; the service has one of them configured, or none. */
async function twoSites(configured: "first" | "none" = "none") {
  site = await startSite();
  const { database, siteId: first } = site.emulator;
  const second = database.addSite("Second").id;
  const addImage = (siteId: string): string =>
    database.addAsset({ siteId, fileName: "hero.png", contentType: "image/png", bytes: pngBytes() }).id;
  return {
    first,
    second,
    onFirst: addImage(first),
    onSecond: addImage(second),
    service: site.anotherService({
      token: database.addToken().value,
      siteId: configured === "first" ? first : undefined,
    }),
  };
}

test("an asset of another site is not deleted, and that of the named site is", async () => {
  const { first, onFirst, onSecond, service } = await twoSites();
  const { call, questions } = answeringCall("unavailable");
  const request = { siteId: first, assetIds: [onSecond, onFirst], confirm: true };
  const { deleted, failed } = await service.deleteAssets(request, call);
  expect(deleted).toEqual([onFirst]);
  expect(failed).toEqual([{ assetId: onSecond, error: expect.stringMatching(/^\[ASSET_NOT_FOUND\]/) }]);
  expect(site.emulator.database.assetRecords.has(onSecond)).toBe(true);
  expect(JSON.stringify(questions)).not.toContain("2 assets");
});

test("an asset of another site is not updated, also when its site was listed a moment ago", async () => {
  const { first, second, onSecond, service } = await twoSites();
  await service.listAssets({ siteId: second, limit: 50 }, callContext());
  const updates = [{ assetId: onSecond, altText: "Taken over" }];
  const { updated, failed } = await service.updateAssets({ siteId: first, updates }, callContext());
  expect(updated).toEqual([]);
  expect(failed).toEqual([{ assetId: onSecond, error: expect.stringMatching(/^\[ASSET_NOT_FOUND\]/) }]);
  expect(site.emulator.database.assetRecords.get(onSecond)?.altText).toBeFalsy();
});

test("an asset of another site than the configured one is not touched", async () => {
  const { onSecond, service } = await twoSites("first");
  const { deleted } = await service.deleteAssets({ assetIds: [onSecond], confirm: true }, callContext());
  expect(deleted).toEqual([]);
  expect(await codeOf(service.viewAsset({ assetId: onSecond }, callContext()))).toBe("ASSET_NOT_FOUND");
});

test("where the token sees several sites, one has to be named", async () => {
  const { onFirst, service } = await twoSites();
  const call = callContext();
  const updates = [{ assetId: onFirst, altText: "x" }];
  expect(await codeOf(service.updateAssets({ updates }, call))).toBe("SITE_REQUIRED");
  expect(await codeOf(service.deleteAssets({ assetIds: [onFirst], confirm: true }, call))).toBe(
    "SITE_REQUIRED",
  );
  expect(await codeOf(service.viewAsset({ assetId: onFirst }, call))).toBe("SITE_REQUIRED");
});

test("an answer that names no site is believed only when the site's listing has the asset", async () => {
  const { first, onFirst, onSecond, service } = await twoSites();
  site.emulator.faults.add({ on: "getAsset", kind: "odd-fields", fields: { siteId: null } });
  const request = { siteId: first, assetIds: [onSecond, onFirst], confirm: true };
  expect((await service.deleteAssets(request, callContext())).deleted).toEqual([onFirst]);
});
