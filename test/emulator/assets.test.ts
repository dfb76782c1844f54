import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { type ApiCall, apiOf, createAsset, uploadFile } from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
});
afterEach(() => emulator.close());

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const NOBODY = "0123456789abcdef01234567";

function create(body: unknown) {
  return call(`POST /sites/${emulator.siteId}/assets`, body);
}

interface Listed {
  readonly assets: readonly Record<string, unknown>[];
  readonly pagination: { readonly limit: number; readonly offset: number; readonly total: number };
}

async function list(query = ""): Promise<Listed> {
  const { json } = await call(`GET /sites/${emulator.siteId}/assets${query}`);
  return json as unknown as Listed;
}

function addAssets(count: number, parentFolder: string | null = null): void {
  for (let index = 0; index < count; index += 1) {
    const fileName = `picture-${String(index).padStart(3, "0")}.png`;
    emulator.database.addAsset({
      siteId: emulator.siteId,
      fileName,
      contentType: "image/png",
      parentFolder,
      bytes: Buffer.from(fileName),
    });
  }
}

describe("stage 1", () => {
  it("answers with Webflow's keys in Webflow's order", async () => {
    const { status, json } = await create({ fileName: "My picture (4).png", fileHash: MD5 });

    expect(status).toBe(200);
    expect(Object.keys(json ?? {})).toEqual([
      "uploadDetails",
      "contentType",
      "id",
      "parentFolder",
      "uploadUrl",
      "assetUrl",
      "hostedUrl",
      "originalFileName",
      "createdOn",
      "lastUpdated",
    ]);
    expect(Object.keys(json?.["uploadDetails"] ?? {})).toEqual([
      "acl",
      "bucket",
      "X-Amz-Algorithm",
      "X-Amz-Credential",
      "X-Amz-Date",
      "key",
      "Policy",
      "X-Amz-Signature",
      "success_action_status",
      "content-type",
      "Cache-Control",
    ]);
  });

  it("keeps the name as it is in the key, and percent-encodes it in the URLs", async () => {
    const { json } = await create({ fileName: "My picture (4).png", fileHash: MD5 });

    const name = `${emulator.siteId}/${json?.["id"]}_`;
    const encoded = `${name}My%20picture%20(4).png`;
    const origin = `http://${emulator.uploadHost}`;
    expect(json).toMatchObject({
      uploadDetails: { key: `${name}My picture (4).png` },
      uploadUrl: `${origin}/`,
      assetUrl: `${origin}/${emulator.s3Credentials.bucket}/${encoded}`,
      hostedUrl: `${emulator.cdnBaseUrl}/${encoded}`,
      parentFolder: null,
    });
  });

  it("gives an id that begins with the second of its creation", async () => {
    const { id } = await createAsset(emulator, pngBytes());

    const [asset] = emulator.database.assets(emulator.siteId);
    const second = Math.floor(Date.parse(asset?.createdOn ?? "") / 1000);
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    expect(Number.parseInt(id.slice(0, 8), 16)).toBe(second);
  });

  it.each([
    ["picture.PNG", "image/png"],
    ["picture.jpeg", "image/jpeg"],
    ["picture.svg", "image/svg+xml"],
    ["picture.avif", "image/avif"],
    ["animation.json", "application/json"],
    ["style.css", "text/css"],
    ["script.js", "application/javascript"],
    ["without-extension", "application/octet-stream"],
  ])("takes the type of %s from its extension: %s", async (fileName, contentType) => {
    const { json } = await create({ fileName, fileHash: MD5 });

    expect(json).toMatchObject({ contentType, uploadDetails: { "content-type": contentType } });
  });

  it.each([
    [{ fileHash: MD5 }, "bad_request"],
    [{ fileName: "", fileHash: MD5 }, "bad_request"],
    [{ fileName: 1, fileHash: MD5 }, "bad_request"],
    [{ fileName: "a.png" }, "bad_request"],
    [{ fileName: `${"x".repeat(96)}.png`, fileHash: MD5 }, "validation_error"],
    [{ fileName: "a.png", fileHash: MD5, parentFolder: "root" }, "validation_error"],
  ])("refuses %j: 400 %s", async (body, code) => {
    expect(await create(body)).toMatchObject({ status: 400, json: { code } });
    expect(emulator.database.assets(emulator.siteId)).toEqual([]);
  });

  it("takes a name of 99 characters", async () => {
    expect((await create({ fileName: `${"x".repeat(95)}.png`, fileHash: MD5 })).status).toBe(200);
  });

  it("refuses a folder that the site does not have", async () => {
    expect(await create({ fileName: "a.png", fileHash: MD5, parentFolder: NOBODY })).toMatchObject({
      status: 404,
      json: { code: "resource_not_found" },
    });
  });
});

describe("an MD5 that the site has", () => {
  it("gives the older asset with its own name and folder, and a form for its key", async () => {
    const folder = emulator.database.addFolder({ siteId: emulator.siteId, displayName: "Elsewhere" });
    const first = await uploadFile(emulator, pngBytes(), { fileName: "first.png" });

    const second = await createAsset(emulator, pngBytes(), {
      fileName: "second.png",
      parentFolder: folder.id,
    });

    expect(second).toMatchObject({ id: first.id, originalFileName: "first.png", parentFolder: null });
    expect(second.uploadDetails["key"]).toBe(first.uploadDetails["key"]);
    expect(emulator.database.assets(emulator.siteId)).toHaveLength(1);
  });

  it("does not matter on another site", async () => {
    await uploadFile(emulator, pngBytes());
    const { id: siteId } = emulator.database.addSite("Another Site");
    const { value } = emulator.database.addToken({ siteIds: [siteId] });
    const [known] = emulator.database.assets(emulator.siteId);

    const { json } = await apiOf(emulator, value)(`POST /sites/${siteId}/assets`, {
      fileName: "mine.png",
      fileHash: known?.fileHash,
    });

    expect(json).toMatchObject({ originalFileName: "mine.png" });
  });

  it("is forgotten with its asset", async () => {
    const first = await uploadFile(emulator, pngBytes());
    await call(`DELETE /assets/${first.id}`);

    expect((await createAsset(emulator, pngBytes())).id).not.toBe(first.id);
  });
});

describe("an asset", () => {
  it("is shown without its hash and folder, with size 0 until its bytes are there", async () => {
    const { id } = await createAsset(emulator, pngBytes());

    const { status, json } = await call(`GET /assets/${id}`);

    expect(status).toBe(200);
    expect(Object.keys(json ?? {})).toEqual([
      "id",
      "originalFileName",
      "displayName",
      "contentType",
      "size",
      "siteId",
      "createdOn",
      "lastUpdated",
      "hostedUrl",
      "variants",
      "altText",
    ]);
    expect(json).toMatchObject({ size: 0, variants: [], altText: null });
  });

  it("is shown with the size of its bytes once they are there, and its URL on S3", async () => {
    const { id, assetUrl } = await uploadFile(emulator, pngBytes());

    expect((await call(`GET /assets/${id}`)).json).toMatchObject({
      size: pngBytes().length,
      hostedUrl: assetUrl,
    });
  });

  it("has its id before its display name where the switch says so", async () => {
    emulator.switches.displayNameHasId = true;
    const { id } = await createAsset(emulator, pngBytes(), { fileName: "a.png" });

    const { json } = await call(`GET /assets/${id}`);

    expect(json).toMatchObject({ displayName: `${id}_a.png`, originalFileName: "a.png" });
  });

  it("takes a new display name and alt text, keeps its file name, and ignores anything else", async () => {
    const { id } = await uploadFile(emulator, pngBytes());
    emulator.switches.clockOffsetMs = 5_000;

    const { status, json } = await call(`PATCH /assets/${id}`, {
      displayName: "Harbour",
      altText: "",
      originalFileName: "other.png",
    });

    expect(status).toBe(200);
    expect(json).toMatchObject({ displayName: "Harbour", altText: "", originalFileName: "picture.png" });
    expect(String(json?.["lastUpdated"]) > String(json?.["createdOn"])).toBe(true);
    expect((await call(`GET /assets/${id}`)).json).toEqual(json);
  });

  it.each([{ displayName: null }, { displayName: 1 }, { altText: 1 }])("refuses %j: 400", async (body) => {
    const { id } = await uploadFile(emulator, pngBytes());

    expect((await call(`PATCH /assets/${id}`, body)).status).toBe(400);
  });

  it("is deleted with its bytes, which the CDN has for longer: 204, then 404", async () => {
    const { id, hostedUrl, assetUrl } = await uploadFile(emulator, pngBytes());

    const { status, text, headers } = await call(`DELETE /assets/${id}`);

    expect([status, text]).toEqual([204, ""]);
    expect(headers.has("content-length")).toBe(false);
    expect((await call(`DELETE /assets/${id}`)).status).toBe(404);
    expect((await call(`GET /assets/${id}`)).status).toBe(404);
    expect((await fetch(assetUrl)).status).toBe(403);
    expect((await fetch(hostedUrl)).status).toBe(200);
  });
});

describe("the listing of assets", () => {
  it("has 100 a page when no limit is asked for, and says how many there are", async () => {
    addAssets(130);

    const { assets, pagination } = await list();

    expect(assets).toHaveLength(100);
    expect(pagination).toEqual({ limit: 100, offset: 0, total: 130 });
  });

  it("shows every asset once over its pages", async () => {
    addAssets(25);

    const pages = await Promise.all([0, 10, 20, 30].map((offset) => list(`?limit=10&offset=${offset}`)));

    expect(pages.map(({ assets }) => assets.length)).toEqual([10, 10, 5, 0]);
    expect(new Set(pages.flatMap(({ assets }) => assets.map(({ id }) => id))).size).toBe(25);
  });

  it.each(["limit=-1", "limit=ten", "offset=-5", "offset=1.5"])("refuses %s: 400", async (query) => {
    expect((await call(`GET /sites/${emulator.siteId}/assets?${query}`)).status).toBe(400);
  });

  it("the listing of assets of a folder has the assets of all folders below it, with their own folder", async () => {
    const { siteId } = emulator;
    const outer = emulator.database.addFolder({ siteId, displayName: "Outer" });
    const inner = emulator.database.addFolder({ siteId, displayName: "Inner", parentFolder: outer.id });
    addAssets(1);
    addAssets(1, outer.id);
    addAssets(2, inner.id);

    const { assets, pagination } = await list(`?folderId=${outer.id}&limit=2`);

    expect(pagination.total).toBe(3);
    expect(assets.map(({ folderId }) => folderId)).toEqual([inner.id, inner.id]);
    expect((await list()).assets.at(-1)).toMatchObject({ folderId: null });
  });

  it("the listing of assets of a folder that does not exist is not found: 404; with an id that is none: 400", async () => {
    expect((await call(`GET /sites/${emulator.siteId}/assets?folderId=${NOBODY}`)).status).toBe(404);
    expect((await call(`GET /sites/${emulator.siteId}/assets?folderId=x`)).status).toBe(400);
  });
});
