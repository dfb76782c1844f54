import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { numberedPng } from "../builders/bytes.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

let emulator: Emulator;
let server: ServerProcess;
let uploads = 0;

beforeAll(async () => {
  emulator = await startEmulator();
  server = startServer({ env: emulatorEnvironment(emulator) });
  await server.initialize();
});

beforeEach(() => emulator.faults.clear());

afterAll(async () => {
  await server.close();
  await emulator.close();
});

function upload(): Promise<Record<string, unknown>> {
  uploads += 1;
  return server.call("uploadAsset", { source: dataUri(numberedPng(uploads)), fileName: `${uploads}.png` });
}

function addOld(): string {
  const { siteId, library } = emulator;
  return library.addAsset({ siteId, fileName: "old.png", contentType: "image/png" }).id;
}

function deleteOld(id: string): Promise<Record<string, unknown>> {
  return server.call("deleteAssets", { assetIds: [id], confirm: true, evenIfUsed: true });
}

describe("an answer that says success", () => {
  it("is not believed of an upload when its body is an error: the file is sent again", async () => {
    emulator.faults.add({ on: "postObject", kind: "s3-error", status: 200, code: "InternalError", times: 1 });
    const { status, asset } = (await upload()) as { status: string; asset: { id: string } };
    expect(status).toBe("uploaded");
    const key = emulator.library.assetRecords.get(asset.id)?.key ?? "";
    expect(emulator.library.object(key)?.bytes).toEqual(numberedPng(uploads));
  });

  it("is not believed of a deletion when it is a page of something in between: the deletion is sent again", async () => {
    const id = addOld();
    emulator.faults.add({ on: "deleteAsset", kind: "html", status: 200, times: 1 });
    expect(await deleteOld(id)).toMatchObject({ deleted: [id], failed: [] });
    expect(emulator.library.assetRecords.has(id)).toBe(false);
  });

  it.each([
    ["is an error", { code: "internal_error", message: "An Internal Error occurred" }],
    ["says no more than that it was accepted", {}],
  ])("is not believed of a deletion when its body %s: the asset is reported as failed", async (_, body) => {
    const id = addOld();
    emulator.faults.add({ on: "deleteAsset", kind: "only-accepted", status: 200, body });
    expect(await deleteOld(id)).toMatchObject({ deleted: [], failed: [{ assetId: id }] });
    expect(emulator.library.assetRecords.has(id)).toBe(true);
  });
});

describe("a 404", () => {
  it("does not show that a record is gone when it is the page of something in between", async () => {
    emulator.faults.add({ on: "postObject", kind: "s3-error", status: 403, code: "AccessDenied" });
    emulator.faults.add({ on: "deleteAsset", kind: "html", status: 404 });
    const before = emulator.library.assetRecords.size;
    await expect(upload()).rejects.toThrow(/\[UPLOAD_INCOMPLETE\].*made but holds no file/);
    expect(emulator.library.assetRecords.size).toBe(before + 1);
  });
});
