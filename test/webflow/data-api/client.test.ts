import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/emulator.js";
import { createWebflowClient, type WebflowClient } from "../../../src/webflow/data-api/client.js";
import { createPacer } from "../../../src/webflow/rate-limit/pacing.js";
import { callContext } from "../../builders/call.js";
import { patient } from "../../slowness.js";

let emulator: Emulator;
let webflow: WebflowClient;

beforeEach(async () => {
  emulator = await startEmulator();
  webflow = createWebflowClient({
    token: emulator.token,
    apiBaseUrl: emulator.apiBaseUrl,
    pacer: createPacer(),
    retryPolicy: { attempts: 3, baseMs: 1, capMs: 2 },
    requestTimeoutMs: patient(500),
  });
});

afterEach(() => emulator.close());

const NEW_ASSET = { fileName: "a.png", fileHash: "0".repeat(32) };

describe("the Webflow client", () => {
  it("asks for the assets of one folder, which the SDK would forget to", async () => {
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "A" });
    await webflow.listAssets(emulator.siteId, { offset: 0, limit: 10, folderId: folder.id }, callContext());
    const [request] = emulator.requests.entries({ operation: "listAssets" });
    expect(request?.query.get("folderId")).toBe(folder.id);
    expect(request?.query.get("limit")).toBe("10");
  });

  it("sends no header but those of the SDK and its own name", async () => {
    await Promise.all([webflow.listSites(callContext()), webflow.listScopes(callContext())]);
    const names = emulator.requests.entries({ service: "api" }).map(({ headers }) => Object.keys(headers));
    expect(names).toHaveLength(2);
    expect(names.flat().filter((name) => name.startsWith("x-webflow-assets"))).toEqual([]);
  });

  it("leaves other requests to the original fetch", async () => {
    await webflow.listSites(callContext());
    const response = await fetch(`${emulator.apiBaseUrl}/sites`, {
      headers: { authorization: `Bearer ${emulator.token}` },
    });
    expect(await response.json()).toHaveProperty("sites");
  });

  it("sends an empty alt text, which clears it", async () => {
    const { id } = emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "a.png",
      contentType: "image/png",
      altText: "Old",
    });
    await webflow.updateAsset(id, { altText: "" }, callContext());
    expect(emulator.library.assetRecords.get(id)?.altText).toBe("");
  });

  it("repeats reads after a failure, but not a new folder", async () => {
    emulator.faults.add({ on: "listSites", kind: "status", status: 500, when: "before", times: 2 });
    emulator.faults.add({ on: "createFolder", kind: "status", status: 500, when: "before" });
    expect(await webflow.listSites(callContext())).toHaveLength(1);
    await expect(
      webflow.createFolder(emulator.siteId, { displayName: "A" }, callContext()),
    ).rejects.toMatchObject({
      code: "WEBFLOW_UNAVAILABLE",
    });
    expect(emulator.requests.count({ operation: "createFolder" })).toBe(1);
  });

  it("repeats a new asset, and reports each attempt that may have created one", async () => {
    emulator.faults.add({ on: "createAsset", kind: "reset", when: "after", times: 2 });
    let uncertain = 0;
    const created = await webflow.createAsset(emulator.siteId, NEW_ASSET, callContext(), () => {
      uncertain += 1;
    });
    expect(uncertain).toBe(2);
    expect(emulator.library.assets(emulator.siteId).map(({ id }) => id)).toEqual([created.id]);
  });

  it("takes a 404 for a repeated deletion as done, and for a first one as an error", async () => {
    const { id } = emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "a.png",
      contentType: "image/png",
    });
    emulator.faults.add({ on: "deleteAsset", kind: "status", status: 500, when: "after", times: 1 });
    await webflow.deleteAsset(id, callContext());
    await expect(webflow.deleteAsset(id, callContext())).rejects.toMatchObject({ code: "ASSET_NOT_FOUND" });
  });

  it.each([
    { status: 202, body: {} },
    { status: 200, body: { deleted: false } },
  ] as const)("looks whether a deletion is done that is answered with a body: %o", async (answer) => {
    const { id } = emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "old.png",
      contentType: "image/png",
    });
    emulator.faults.add({ on: "deleteAsset", kind: "only-accepted", ...answer, times: 2 });
    await expect(webflow.deleteAsset(id, callContext())).rejects.toMatchObject({
      code: "WEBFLOW_REJECTED",
      message: expect.stringContaining("still has the asset"),
    });
    emulator.library.deleteAsset(id);
    await webflow.deleteAsset(id, callContext());
  });

  it.each([400, 401, 403, 404, 409])("does not repeat a request that was answered %i", async (status) => {
    emulator.faults.add({ on: "listSites", kind: "status", status, when: "before" });
    await expect(webflow.listSites(callContext())).rejects.toThrow();
    expect(emulator.requests.count()).toBe(1);
  });

  it.each([
    ["a page of HTML", { kind: "html", status: 200 } as const, /a page titled "/],
    ["an empty body", { kind: "empty" } as const, /empty body/],
    ["half a JSON", { kind: "truncated-json" } as const, /something unexpected/],
  ])("takes 200 with %s for a failure, and tells what came in 200 characters", async (_, fault, message) => {
    emulator.faults.add({ on: "listSites", ...fault });
    const error = await webflow.listSites(callContext()).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "WEBFLOW_UNAVAILABLE", message: expect.stringMatching(message) });
    expect(error.message.length).toBeLessThan(300);
  });

  it("distinguishes an unknown route from an unknown site", async () => {
    const wrong = createWebflowClient({
      token: emulator.token,
      apiBaseUrl: emulator.apiBaseUrl.replace("/v2", "/v2/beta"),
      pacer: createPacer(),
    });
    await expect(wrong.listSites(callContext())).rejects.toMatchObject({
      code: "WEBFLOW_REJECTED",
      next: expect.stringContaining("WEBFLOW_API_BASE_URL"),
    });
  });

  it("gives up a request that is not answered in time", async () => {
    emulator.faults.add({ on: "listSites", kind: "hang" });
    await expect(webflow.listSites(callContext())).rejects.toMatchObject({
      code: "WEBFLOW_UNAVAILABLE",
      message: expect.stringContaining("in time"),
    });
  });

  it("lets a new asset in flight report its id although the call was cancelled", async () => {
    emulator.switches.latencyMs.api = 100;
    const cancel = new AbortController();
    const created = webflow.createAsset(
      emulator.siteId,
      NEW_ASSET,
      callContext({ signal: cancel.signal }),
      () => {},
    );
    await expect.poll(() => emulator.requests.count()).toBe(1);
    cancel.abort();
    expect((await created).id).toBe(emulator.library.assets(emulator.siteId)[0]?.id);
  });

  it("sends nothing without a token, and nothing for a call that is cancelled", async () => {
    const withoutToken = createWebflowClient({
      token: undefined,
      apiBaseUrl: emulator.apiBaseUrl,
      pacer: createPacer(),
    });
    await expect(withoutToken.listSites(callContext())).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(webflow.listSites(callContext({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(emulator.requests.count()).toBe(0);
  });

  it("reads a list record by record: odd ones are left out, odd fields count as absent", async () => {
    const { siteId } = emulator;
    const { id } = emulator.library.addAsset({ siteId, fileName: "a.png", contentType: "image/png" });
    emulator.library.addFolder({ siteId, displayName: "A" });
    emulator.faults.add({ on: "listAssets", kind: "odd-records", records: [null, [], { id: 5 }], times: 1 });
    const page = { offset: 0, limit: 10 };
    expect((await webflow.listAssets(siteId, page, callContext())).entries.map((asset) => asset.id)).toEqual([
      id,
    ]);
    emulator.faults.add({
      on: "listAssets",
      kind: "odd-fields",
      fields: { size: "12", altText: [], variants: {} },
    });
    expect((await webflow.listAssets(siteId, page, callContext())).entries).toMatchObject([
      { id, size: 12, variants: [] },
    ]);
    emulator.faults.add({ on: "listFolders", kind: "odd-fields", fields: { displayName: null, assets: {} } });
    expect((await webflow.listFolders(siteId, page, callContext())).entries).toMatchObject([
      { displayName: "(no name)", assets: [] },
    ]);
    expect(emulator.requests.count()).toBe(3);
  });

  it("takes 204 for a changed asset as done", async () => {
    const { siteId } = emulator;
    emulator.switches.updateStatus = 204;
    const { id } = emulator.library.addAsset({ siteId, fileName: "a.png", contentType: "image/png" });
    expect(await webflow.updateAsset(id, { altText: "New" }, callContext())).toMatchObject({
      id,
      altText: "New",
    });
  });

  it.each([
    [401, "text", "UNAUTHORIZED"],
    [404, "html", "WEBFLOW_REJECTED"],
    [500, "json-string", "WEBFLOW_UNAVAILABLE"],
    [500, "json-array", "WEBFLOW_UNAVAILABLE"],
    [403, "html", "WEBFLOW_UNAVAILABLE"],
    [402, "empty", "WEBFLOW_REJECTED"],
  ] as const)("counts the status %i of an error whose body is %s", async (status, body, code) => {
    emulator.faults.add({ on: "listSites", kind: "error-body", status, body });
    await expect(webflow.listSites(callContext())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(String(status)),
    });
  });

  it("passes over 100 Continue that it did not ask for", async () => {
    emulator.faults.add({ on: "listSites", kind: "unasked-continue" });
    expect(await webflow.listSites(callContext())).toHaveLength(1);
    expect(emulator.requests.count()).toBe(1);
  });
});
