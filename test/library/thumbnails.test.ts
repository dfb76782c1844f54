import { afterEach, expect, test } from "vitest";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite, type TestSiteOptions } from "../builders/site.js";

const sites: TestSite[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function site(options: TestSiteOptions = {}): Promise<TestSite> {
  const started = await startSite(options);
  sites.push(started);
  return started;
}

function addPhoto({ emulator: { library, siteId } }: TestSite): string {
  const bytes = Buffer.from("photo");
  return library.addAsset({ siteId, fileName: "photo.jpg", contentType: "image/jpeg", bytes }).id;
}

test("pictures come from the hosts that listings have shown", async () => {
  const shown = await site();
  addPhoto(shown);
  await shown.service.listAssets({ limit: 50 }, callContext());
  shown.emulator.requests.clear();

  const origins = await shown.service.pictureOrigins(callContext());

  expect(origins).toEqual([new URL(shown.emulator.apiBaseUrl).origin]);
  expect(shown.emulator.requests.count()).toBe(0);
});

test("the first assets are read when no picture was seen yet", async () => {
  const fresh = await site();
  addPhoto(fresh);

  expect(await fresh.service.pictureOrigins(callContext())).toEqual([
    new URL(fresh.emulator.apiBaseUrl).origin,
  ]);
});

test("a site without assets names no host of pictures", async () => {
  const empty = await site();

  expect(await empty.service.pictureOrigins(callContext())).toEqual([]);
});

test("a site that does not answer is waited for no longer than three seconds", async () => {
  const silent = await site();
  addPhoto(silent);
  silent.emulator.faults.add({ on: "listAssets", kind: "hang" });

  expect(await silent.service.pictureOrigins(callContext())).toEqual([]);
});

test("a token that is refused tells no host, and is no failure", async () => {
  const refused = await site({ service: { token: "not-a-token" } });

  expect(await refused.service.pictureOrigins(callContext())).toEqual([]);
});

test("the thumbnail is the smallest variant that fills a tile", async () => {
  const withVariants = await site({ switches: { variantWidths: [1080, 500, 200, 800] } });
  const id = addPhoto(withVariants);

  await withVariants.service.listAssets({ limit: 50 }, callContext());

  expect(withVariants.service.thumbnails([id])[id]).toContain("-p-500");
});

test("an asset without variants, and one that was never seen, have no thumbnail", async () => {
  const plain = await site();
  const id = addPhoto(plain);
  await plain.service.listAssets({ limit: 50 }, callContext());

  expect(plain.service.thumbnails([id, "65f0aa000000000000000099"])).toEqual({});
});
