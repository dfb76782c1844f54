import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import {
  type ApiCall,
  answerOf,
  apiOf,
  createAsset,
  element,
  formOf,
  postForm,
  uploadFile,
} from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
});
afterEach(() => emulator.close());

async function list(path = "assets", query = ""): Promise<Record<string, unknown>[]> {
  const { json } = await call(`GET /sites/${emulator.siteId}/${path}${query}`);
  return Object.values(json ?? {})[0] as Record<string, unknown>[];
}

describe("odd records", () => {
  it("stand in a list before its own", async () => {
    emulator.database.addFolder({ siteId: emulator.siteId, displayName: "Spring" });
    emulator.faults.add({ on: "listFolders", kind: "odd-records", records: [null, "text", []] });

    expect(await list("asset_folders")).toEqual([
      null,
      "text",
      [],
      expect.objectContaining({ displayName: "Spring" }),
    ]);
  });

  it("have fields of wrong types, the first of a list", async () => {
    await uploadFile(emulator, pngBytes());
    emulator.faults.add({ on: "listAssets", kind: "odd-fields", fields: { size: "many", altText: [] } });

    expect(await list()).toMatchObject([{ originalFileName: "picture.png", size: "many", altText: [] }]);
  });

  it("are none of an answer that is no JSON", async () => {
    const { assetUrl } = await uploadFile(emulator, pngBytes());
    emulator.faults.add({ on: "s3", kind: "odd-fields", fields: { size: "many" } });

    expect(Buffer.from(await (await fetch(assetUrl)).arrayBuffer())).toEqual(pngBytes());
  });

  it("have fields of wrong types when they are answered alone", async () => {
    emulator.faults.add({ on: "createAsset", kind: "odd-fields", fields: { uploadUrl: "not a URL" } });

    expect(await createAsset(emulator, pngBytes())).toMatchObject({ uploadUrl: "not a URL" });
  });
});

describe("what was just made", () => {
  const LAG_MS = 60_000;
  const later = (): void => {
    emulator.switches.clockOffsetMs = LAG_MS + 1_000;
  };

  it("is not found by its id for a while with readLagMs", async () => {
    emulator.switches.readLagMs = LAG_MS;
    const { id } = await createAsset(emulator, pngBytes());

    expect((await call(`GET /assets/${id}`)).status).toBe(404);
    expect((await call(`PATCH /assets/${id}`, { altText: "A" })).status).toBe(404);
    expect(await list()).toHaveLength(1);
    later();
    expect((await call(`PATCH /assets/${id}`, { altText: "A" })).status).toBe(200);
  });

  it("is missing in the list of assets for a while with assetListLagMs", async () => {
    emulator.switches.assetListLagMs = LAG_MS;
    const { id } = await createAsset(emulator, pngBytes());

    expect(await list()).toEqual([]);
    expect((await call(`GET /assets/${id}`)).status).toBe(200);
    later();
    expect(await list()).toHaveLength(1);
  });

  it("is missing in the list of folders for a while with folderListLagMs, and its name is taken", async () => {
    emulator.switches.folderListLagMs = LAG_MS;
    const create = () => call(`POST /sites/${emulator.siteId}/asset_folders`, { displayName: "Spring" });
    const folderId = (await create()).json?.["id"];

    expect(await list("asset_folders")).toEqual([]);
    expect((await create()).status).toBe(409);
    later();
    expect(await list("asset_folders")).toMatchObject([{ id: folderId }]);
  });

  it("has size 0 for a while with sizeLagMs", async () => {
    emulator.switches.sizeLagMs = LAG_MS;
    await uploadFile(emulator, pngBytes());

    expect(await list()).toMatchObject([{ size: 0 }]);
    later();
    expect(await list()).toMatchObject([{ size: pngBytes().length }]);
  });

  it("is not on the CDN for a while with cdnDelayMs, but in the bucket", async () => {
    emulator.switches.cdnDelayMs = LAG_MS;
    const { hostedUrl, assetUrl } = await uploadFile(emulator, pngBytes());

    expect([(await fetch(hostedUrl)).status, (await fetch(assetUrl)).status]).toEqual([403, 200]);
    later();
    expect((await fetch(hostedUrl)).status).toBe(200);
  });

  it("is a 404 at the CDN's edge that missed it before, for a while with cdnMissCacheMs", async () => {
    emulator.switches.cdnMissCacheMs = LAG_MS;
    const asset = await createAsset(emulator, pngBytes());
    expect((await fetch(asset.hostedUrl)).status).toBe(403);
    await postForm(asset.uploadUrl, formOf(asset.uploadDetails, pngBytes()));

    const missed = await answerOf(fetch(asset.hostedUrl));

    expect([missed.status, element(missed.text, "Code")]).toEqual([404, "NoSuchKey"]);
    later();
    expect((await fetch(asset.hostedUrl)).status).toBe(200);
  });
});

describe("an answer that misleads", () => {
  it("has a total that is too high with totalsTooHigh", async () => {
    emulator.switches.totalsTooHigh = 1;
    const { json } = await call(`GET /sites/${emulator.siteId}/asset_folders`);

    expect(json?.["pagination"]).toEqual({ limit: 100, offset: 0, total: 1 });
  });

  it("has a total that counts the page alone with totalsCount", async () => {
    emulator.switches.totalsCount = "page";
    for (const displayName of ["A", "B", "C"]) {
      emulator.database.addFolder({ siteId: emulator.siteId, displayName });
    }
    const { json } = await call(`GET /sites/${emulator.siteId}/asset_folders?offset=1&limit=5`);

    expect(json?.["pagination"]).toEqual({ limit: 5, offset: 1, total: 2 });
  });

  it("leaves alt texts as they are with storesAltTexts false", async () => {
    emulator.switches.storesAltTexts = false;
    const { id } = await createAsset(emulator, pngBytes());

    expect((await call(`PATCH /assets/${id}`, { altText: "A" })).status).toBe(200);
    expect((await call(`GET /assets/${id}`)).json).toMatchObject({ altText: null });
  });

  it("lists the whole site whatever folder was asked for with ignoresFolderId", async () => {
    emulator.switches.ignoresFolderId = true;
    const folder = emulator.database.addFolder({ siteId: emulator.siteId, displayName: "Empty" });
    await uploadFile(emulator, pngBytes());

    expect(await list("assets", `?folderId=${folder.id}`)).toMatchObject([{ folderId: null }]);
  });

  it.each([
    ["lowercase", "Café Terrace.JPEG", "café terrace.jpeg"],
    ["nfd", "Café.png", "Cafe\u0301.png"],
    ["sanitised", "A (1) é.png", "A_1_.png"],
    ["jpeg-to-jpg", "a.jpeg", "a.jpg"],
  ] as const)("has another file name than was sent with fileNames %s", async (how, sent, stored) => {
    emulator.switches.fileNames = how;

    const asset = await createAsset(emulator, pngBytes(), { fileName: sent });

    expect(asset.originalFileName).toBe(stored);
    expect(asset.uploadDetails["key"]).toBe(`${emulator.siteId}/${asset.id}_${stored}`);
  });

  it("is 204 without a body after a PATCH that was done with updateStatus", async () => {
    emulator.switches.updateStatus = 204;
    const { id } = await createAsset(emulator, pngBytes());

    expect(await call(`PATCH /assets/${id}`, { altText: "A" })).toMatchObject({ status: 204, text: "" });
    expect((await call(`GET /assets/${id}`)).json).toMatchObject({ altText: "A" });
  });

  it.each(["weak", "kms"] as const)("has an ETag that is no plain MD5 with s3Etags %s", async (how) => {
    emulator.switches.s3Etags = how;
    const asset = await createAsset(emulator, pngBytes());
    const md5 = emulator.database.assets(emulator.siteId)[0]?.fileHash;

    const { headers } = await postForm(asset.uploadUrl, formOf(asset.uploadDetails, pngBytes()));

    expect(headers.get("etag")).toMatch(how === "weak" ? `W/"${md5}"` : /^"[0-9a-f]{32}"$/);
    expect(headers.get("etag")).not.toBe(`"${md5}"`);
    expect((await fetch(asset.hostedUrl)).headers.get("etag")).toBe(headers.get("etag"));
  });

  it("names an asset that was deleted, for bytes that were uploaded before, with reuse-deleted", async () => {
    emulator.switches.duplicates = "reuse-deleted";
    const { id } = await uploadFile(emulator, pngBytes());
    await call(`DELETE /assets/${id}`);

    expect((await createAsset(emulator, pngBytes())).id).toBe(id);
    expect((await call(`GET /assets/${id}`)).status).toBe(404);
  });

  it("has a URL with a raw + in it, under which S3 finds nothing, with rawPlusInUrls", async () => {
    emulator.switches.rawPlusInUrls = true;
    const { hostedUrl, assetUrl } = await uploadFile(emulator, pngBytes(), { fileName: "a+b.png" });

    expect(hostedUrl).toMatch(/a\+b\.png$/);
    expect((await fetch(hostedUrl)).status).toBe(403);
    expect((await fetch(assetUrl.replace("+", "%2B"))).status).toBe(200);
  });

  it("comes after a 100 Continue that nobody asked for", async () => {
    emulator.faults.add({ on: "listSites", kind: "unasked-continue" });
    const continued = new Promise((resolve) => {
      const sent = request(`${emulator.apiBaseUrl}/sites`, {
        headers: { authorization: `Bearer ${emulator.token}` },
      });
      let isContinued = false;
      sent.on("information", ({ statusCode }) => {
        isContinued = statusCode === 100;
      });
      sent.on("continue", () => {
        isContinued = true;
      });
      sent.on("response", (response) => resolve([isContinued, response.resume().statusCode]));
      sent.end();
    });

    expect(await continued).toEqual([true, 200]);
  });
});

describe("other people on the site", () => {
  it("make a record of the same name at each stage 1 with colleagueUploads", async () => {
    emulator.switches.colleagueUploads = true;

    const { id } = await createAsset(emulator, pngBytes());

    expect(emulator.database.assets(emulator.siteId)).toMatchObject([
      { originalFileName: "picture.png", size: 0, madeBy: "somebody else" },
      { originalFileName: "picture.png", size: 0, madeBy: "api", id },
    ]);
  });

  it("make records that can be told from those of requests, even after deletion", async () => {
    const { id } = emulator.database.addAsset({
      siteId: emulator.siteId,
      fileName: "theirs.png",
      contentType: "image/png",
    });

    await call(`DELETE /assets/${id}`);

    expect(emulator.database.deletedAssets).toMatchObject([{ id, madeBy: "somebody else" }]);
  });
});
