import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import {
  type ApiCall,
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

const MD5 = "d41d8cd98f00b204e9800998ecf8427e";
const NOBODY = "0123456789abcdef01234567";

function create(body: Record<string, unknown> = {}) {
  return call(`POST /sites/${emulator.siteId}/assets`, { fileName: "a.png", fileHash: MD5, ...body });
}

function createFolder(displayName: string, parentFolder: string | null = null) {
  return call(`POST /sites/${emulator.siteId}/asset_folders`, { displayName, parentFolder });
}

async function listedNames(query = ""): Promise<unknown[]> {
  const { json } = await call(`GET /sites/${emulator.siteId}/assets${query}`);
  return (json?.["assets"] as { displayName: unknown }[]).map(({ displayName }) => displayName);
}

function addAsset(fileName: string): void {
  emulator.database.addAsset({
    siteId: emulator.siteId,
    fileName,
    contentType: "image/png",
    bytes: pngBytes(),
  });
}

function addFolders(count: number): void {
  for (let index = 0; index < count; index += 1) {
    emulator.database.addFolder({ siteId: emulator.siteId, displayName: `Folder ${index}` });
  }
}

async function foldersOf(query: string): Promise<{ names: unknown[]; pagination: unknown }> {
  const { json } = await call(`GET /sites/${emulator.siteId}/asset_folders${query}`);
  const folders = json?.["assetFolders"] as { displayName: unknown }[];
  return { names: folders.map(({ displayName }) => displayName), pagination: json?.["pagination"] };
}

it("switches can be set when the emulator starts", async () => {
  const other = await startEmulator({ switches: { createStatus: 202 } });

  const { status } = await apiOf(other)(`POST /sites/${other.siteId}/assets`, {
    fileName: "a.png",
    fileHash: MD5,
  });

  await other.close();
  expect(status).toBe(202);
});

describe("stage 1", () => {
  it("answers 202 with createStatus", async () => {
    emulator.switches.createStatus = 202;

    expect((await create()).status).toBe(202);
  });

  it("wants an MD5 in lower-case hex with strictFileHash", async () => {
    expect((await create({ fileHash: "a".repeat(64) })).status).toBe(200);
    emulator.switches.strictFileHash = true;

    expect((await create({ fileHash: "a".repeat(64) })).status).toBe(400);
    expect((await create({ fileHash: MD5.toUpperCase() })).status).toBe(400);
    expect((await create()).status).toBe(200);
  });

  it("refuses extensions that Webflow does not list with refusesUnknownExtensions", async () => {
    expect((await create({ fileName: "virus.exe" })).status).toBe(200);
    emulator.switches.refusesUnknownExtensions = true;

    expect((await create({ fileName: "virus.exe", fileHash: NOBODY })).status).toBe(400);
    expect((await create({ fileName: "picture.PNG", fileHash: NOBODY })).status).toBe(200);
  });

  it("calls an unknown folder a mistake of the request with invalidParentStatus", async () => {
    emulator.switches.invalidParentStatus = 400;

    expect((await create({ parentFolder: NOBODY })).status).toBe(400);
    expect((await createFolder("Spring", NOBODY)).status).toBe(400);
  });

  it("has a null field with nullSecurityToken", async () => {
    emulator.switches.nullSecurityToken = true;

    expect((await create()).json?.["uploadDetails"]).toHaveProperty("X-Amz-Security-Token", null);
  });

  it("leaves out what no client should rely on with omitsOptionalFields", async () => {
    emulator.switches.omitsOptionalFields = true;

    const { json } = await create();

    expect(Object.keys(json ?? {})).toEqual(["uploadDetails", "id", "uploadUrl", "hostedUrl"]);
    expect(Object.keys((await createFolder("Spring")).json ?? {})).toEqual(["id"]);
  });
});

describe("a duplicate", () => {
  it("is a new asset each time when duplicates are allowed", async () => {
    emulator.switches.duplicates = "allow";
    const first = await uploadFile(emulator, pngBytes());

    expect((await createAsset(emulator, pngBytes())).id).not.toBe(first.id);
  });

  it("counts only after it was uploaded, with reuse-uploaded-only", async () => {
    emulator.switches.duplicates = "reuse-uploaded-only";
    const unfinished = await createAsset(emulator, pngBytes());
    const finished = await uploadFile(emulator, pngBytes());

    expect(finished.id).not.toBe(unfinished.id);
    expect((await createAsset(emulator, pngBytes())).id).toBe(finished.id);
  });

  it("counts from its creation otherwise", async () => {
    const unfinished = await createAsset(emulator, pngBytes());

    expect((await createAsset(emulator, pngBytes())).id).toBe(unfinished.id);
  });

  it("is answered without a form, and with a status of its own, where they say so", async () => {
    await create();
    Object.assign(emulator.switches, { detailsOnDuplicate: false, duplicateStatus: 201 });

    const { status, json } = await create();

    expect(status).toBe(201);
    expect(json).not.toHaveProperty("uploadDetails");
    expect(json).toHaveProperty("uploadUrl");
    expect((await create({ fileHash: "another" })).status).toBe(200);
  });
});

describe("folder names", () => {
  async function statusOf(displayName: string, parentFolder: string | null): Promise<number> {
    return (await createFolder(displayName, parentFolder)).status;
  }

  it.each([
    ["site", 409],
    ["parent", 200],
  ] as const)("are unique per %s: the same name elsewhere is answered %i", async (scope, expected) => {
    emulator.switches.folderNamesUniquePer = scope;
    const outer = emulator.database.addFolder({ siteId: emulator.siteId, displayName: "Outer" });
    await createFolder("Spring");

    expect(await statusOf("Spring", outer.id)).toBe(expected);
    expect(await statusOf("Spring", null)).toBe(409);
  });

  it.each([
    [false, 200],
    [true, 409],
  ])("ignore case or do not (%s): answered %i", async (ignoreCase, expected) => {
    emulator.switches.folderNamesIgnoreCase = ignoreCase;
    await createFolder("Spring");

    expect(await statusOf("SPRING", null)).toBe(expected);
  });

  it("folder names that are taken get the status and code that the switches say", async () => {
    Object.assign(emulator.switches, { conflictStatus: 400, conflictCode: "validation_error" });
    await createFolder("Spring");

    expect(await createFolder("Spring")).toMatchObject({ status: 400, json: { code: "validation_error" } });
  });

  it("folder names that are free are answered 201 with createFolderStatus", async () => {
    emulator.switches.createFolderStatus = 201;

    expect(await statusOf("Spring", null)).toBe(201);
  });
});

describe("the folder listing", () => {
  it("has pages of folderPageSize when no limit is asked for", async () => {
    emulator.switches.folderPageSize = 2;
    addFolders(3);

    expect(await foldersOf("")).toEqual({
      names: ["Folder 0", "Folder 1"],
      pagination: { limit: 2, offset: 0, total: 3 },
    });
  });

  it("has all folders at once when paging is ignored", async () => {
    emulator.switches.folderPaging = "ignored";
    addFolders(130);

    const { names, pagination } = await foldersOf("?offset=100&limit=100");

    expect(names).toHaveLength(130);
    expect(pagination).toEqual({ limit: 130, offset: 0, total: 130 });
  });

  it("is always the first page with first-page-only", async () => {
    emulator.switches.folderPaging = "first-page-only";
    addFolders(5);

    expect(await foldersOf("?offset=2&limit=2")).toEqual({
      names: ["Folder 0", "Folder 1"],
      pagination: { limit: 2, offset: 0, total: 5 },
    });
  });
});

describe("the asset listing", () => {
  it.each([
    ["newest-first", ["c.png", "a.png", "b.png"]],
    ["oldest-first", ["b.png", "a.png", "c.png"]],
    ["name", ["a.png", "b.png", "c.png"]],
  ] as const)("comes %s", async (order, names) => {
    emulator.switches.assetOrder = order;
    for (const name of ["b.png", "a.png", "c.png"]) addAsset(name);

    expect(await listedNames()).toEqual(names);
  });

  it("refuses a limit above 100, or takes it for 100", async () => {
    expect((await call(`GET /sites/${emulator.siteId}/assets?limit=101`)).status).toBe(400);
    emulator.switches.largeLimit = "clamp";

    expect((await call(`GET /sites/${emulator.siteId}/assets?limit=101`)).json).toMatchObject({
      pagination: { limit: 100 },
    });
  });

  it("has pages of assetPageSize when no limit is asked for", async () => {
    emulator.switches.assetPageSize = 2;
    for (const name of ["a.png", "b.png", "c.png"]) addAsset(name);

    expect(await listedNames()).toHaveLength(2);
  });

  it("shows records without bytes, or does not, also in their folder", async () => {
    const folder = emulator.database.addFolder({ siteId: emulator.siteId, displayName: "Folder" });
    await createAsset(emulator, pngBytes(), { parentFolder: folder.id });
    expect(await listedNames()).toHaveLength(1);
    emulator.switches.listsUnfinished = false;

    expect(await listedNames()).toEqual([]);
    expect((await call(`GET /asset_folders/${folder.id}`)).json).toMatchObject({ assets: [] });
  });
});

describe("variants", () => {
  it("appear some time after the upload, and are hosted", async () => {
    Object.assign(emulator.switches, { variantWidths: [500, 800], variantDelayMs: 60_000 });
    const { id } = await uploadFile(emulator, pngBytes());
    expect((await call(`GET /assets/${id}`)).json).toMatchObject({ variants: [] });
    emulator.switches.clockOffsetMs = 61_000;

    const { json } = await call(`GET /assets/${id}`);

    expect(json).toMatchObject({
      variants: [
        { displayName: "picture-p-500.png", format: "png", width: 500, height: null, error: null },
        { displayName: "picture-p-800.png", width: 800 },
      ],
    });
    const [variant] = json?.["variants"] as { hostedUrl: string }[];
    expect((await fetch(variant?.hostedUrl ?? "")).status).toBe(200);
  });

  it("are made of raster images alone", async () => {
    emulator.switches.variantWidths = [500];
    const { id } = await uploadFile(emulator, Buffer.from("<svg/>"), { fileName: "a.svg" });

    expect((await call(`GET /assets/${id}`)).json).toMatchObject({ variants: [] });
  });
});

describe("alt text", () => {
  it("can be null, or cannot", async () => {
    const { id } = await uploadFile(emulator, pngBytes());
    expect(await call(`PATCH /assets/${id}`, { altText: null })).toMatchObject({
      status: 200,
      json: { altText: null },
    });
    emulator.switches.takesNullAltText = false;

    expect((await call(`PATCH /assets/${id}`, { altText: null })).status).toBe(400);
  });
});

describe("sizes", () => {
  it.each([
    ["picture.png", 4],
    ["document.pdf", 10],
  ])("sizes of %s are enforced after the upload with enforcesSizes: %i MiB", async (fileName, mebibytes) => {
    emulator.switches.enforcesSizes = true;
    const limit = mebibytes * 1024 * 1024;

    const tooLarge = await uploadFile(emulator, Buffer.alloc(limit + 1), { fileName });
    const fitting = await uploadFile(emulator, Buffer.alloc(limit), { fileName });

    expect((await fetch(tooLarge.hostedUrl)).status).toBe(403);
    expect((await fetch(fitting.hostedUrl, { method: "HEAD" })).status).toBe(200);
  });
});

describe("the clock", () => {
  const tenMinutesMs = 600_000;

  it("sets ids, dates, forms and the Date header together", async () => {
    emulator.switches.clockOffsetMs = tenMinutesMs;
    const before = Math.floor((Date.now() + tenMinutesMs) / 1000);

    const { json, headers } = await create();

    const signedAt = (json?.["uploadDetails"] as Record<string, string>)["X-Amz-Date"] ?? "";
    const seconds = [
      Number.parseInt(String(json?.["id"]).slice(0, 8), 16),
      Math.floor(Date.parse(String(json?.["createdOn"])) / 1000),
      Date.parse(signedAt.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z")) / 1000,
      Date.parse(headers.get("date") ?? "") / 1000,
    ];
    for (const second of seconds) expect(second - before).toBeGreaterThanOrEqual(0);
    for (const second of seconds) expect(second - before).toBeLessThan(60);
  });

  it("leaves the Date header alone without dateFollowsClock", async () => {
    Object.assign(emulator.switches, { clockOffsetMs: tenMinutesMs, dateFollowsClock: false });

    const { headers } = await create();

    expect(Date.parse(headers.get("date") ?? "")).toBeLessThan(Date.now() + tenMinutesMs / 2);
  });
});

describe("answers", () => {
  it("carry Retry-After although they succeeded with retryAfterOnSuccess", async () => {
    emulator.switches.retryAfterOnSuccess = true;

    expect((await call("GET /sites")).headers.get("retry-after")).toBe("60");
  });

  it.each([
    "api",
    "s3",
    "cdn",
  ] as const)("answers of the %s wait for its latency, and no other does", async (service) => {
    const asset = await uploadFile(emulator, pngBytes());
    const request = {
      api: () => call("GET /sites"),
      s3: () => fetch(asset.assetUrl),
      cdn: () => fetch(asset.hostedUrl),
    };
    emulator.switches.latencyMs[service] = 3_600_000;
    const waiting = expect(request[service]()).rejects.toThrow("fetch failed");

    expect((await request[service === "api" ? "cdn" : "api"]()).status).toBe(200);
    await expect.poll(() => emulator.requests.entries({ service }).at(-1)?.status).toBe("none");

    await emulator.close();
    await waiting;
  });

  it("still come after their latency", async () => {
    emulator.switches.latencyMs.api = 5;

    expect((await call("GET /sites")).status).toBe(200);
  });

  it.each([
    [true, (key: string) => key.replace("/", "%2F")],
    [false, (key: string) => key],
  ])("answers of S3 have the slash of the key encoded in Location, or as it is (%s)", async (encodes, shown) => {
    emulator.switches.encodesSlashInLocation = encodes;
    const asset = await createAsset(emulator, pngBytes());

    const { text } = await postForm(asset.uploadUrl, formOf(asset.uploadDetails, pngBytes()));

    const location = element(text, "Location") ?? "";
    expect(location).toBe(
      `http://${emulator.uploadHost}/${emulator.s3Credentials.bucket}/${shown(asset.uploadDetails["key"] ?? "")}`,
    );
    expect((await fetch(location)).status).toBe(200);
  });
});
