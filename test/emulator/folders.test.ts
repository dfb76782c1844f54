import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { type ApiCall, apiOf, uploadFile } from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
});
afterEach(() => emulator.close());

const NOBODY = "0123456789abcdef01234567";

function create(displayName: unknown, parentFolder?: unknown) {
  return call(`POST /sites/${emulator.siteId}/asset_folders`, { displayName, parentFolder });
}

interface Listed {
  readonly assetFolders: readonly Record<string, unknown>[];
  readonly pagination: { readonly limit: number; readonly offset: number; readonly total: number };
}

async function list(query = ""): Promise<Listed> {
  const { json } = await call(`GET /sites/${emulator.siteId}/asset_folders${query}`);
  return json as unknown as Listed;
}

function addFolders(count: number): void {
  for (let index = 0; index < count; index += 1) {
    emulator.database.addFolder({ siteId: emulator.siteId, displayName: `Folder ${index}` });
  }
}

describe("a new folder", () => {
  it("is answered empty, in the root when no parent is named", async () => {
    const { status, json } = await create("Campaigns");

    expect(status).toBe(200);
    expect(json).toMatchObject({
      displayName: "Campaigns",
      parentFolder: null,
      assets: [],
      siteId: emulator.siteId,
    });
    expect(await call(`GET /asset_folders/${json?.["id"]}`)).toMatchObject({ status: 200, json });
  });

  it("can lie in another", async () => {
    const { json: outer } = await create("Campaigns");

    expect((await create("Spring", outer?.["id"])).json).toMatchObject({ parentFolder: outer?.["id"] });
  });

  it("cannot have the name of an existing one: 409 conflict", async () => {
    await create("Campaigns");

    expect(await create("Campaigns")).toMatchObject({
      status: 409,
      json: { code: "conflict", message: "Conflict: Resource already exists", details: [] },
    });
    expect(emulator.database.folders(emulator.siteId)).toHaveLength(1);
  });

  it.each(["", undefined, 7])("cannot be called %j: 400", async (displayName) => {
    expect((await create(displayName)).status).toBe(400);
  });

  it("cannot be in a folder that the site does not have: 404", async () => {
    const { id: siteId } = emulator.database.addSite("Another Site");
    const foreign = emulator.database.addFolder({ siteId, displayName: "Theirs" });

    expect((await create("Spring", NOBODY)).status).toBe(404);
    expect((await create("Spring", foreign.id)).status).toBe(404);
    expect((await create("Spring", "root")).status).toBe(400);
  });
});

describe("the listing of folders", () => {
  it("has 100 a page, and honours offset and limit", async () => {
    addFolders(230);

    expect((await list()).pagination).toEqual({ limit: 100, offset: 0, total: 230 });
    const last = await list("?limit=100&offset=200");
    expect(last.assetFolders.map(({ displayName }) => displayName)).toContain("Folder 229");
    expect(last.assetFolders).toHaveLength(30);
  });

  it("names the assets that lie in each", async () => {
    const { json: folder } = await create("Campaigns");
    const { id } = await uploadFile(emulator, pngBytes(), { parentFolder: String(folder?.["id"]) });

    expect((await list()).assetFolders).toMatchObject([{ assets: [id] }]);
  });
});
