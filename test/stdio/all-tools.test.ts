import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { describeTool } from "../../src/server/describe-tool.js";
import { TOOLS } from "../../src/tools/catalog.js";
import { noteBuiltServerUse } from "../builders/built-server-use.js";
import { numberedPng } from "../builders/bytes.js";
import { makeTree } from "../builders/file-tree.js";
import { emulatorEnvironment, startServer } from "../builders/server-process.js";

const ASSETS = 5_000;
const FOLDERS = 200;

const files = makeTree({
  "photo.png": numberedPng(1),
  "tree/one.png": numberedPng(2),
  "tree/below/two.png": numberedPng(3),
});
let emulator: Emulator;
let client: Client;
const called = new Set<string>();

beforeAll(async () => {
  emulator = await startEmulator({
    switches: { rateLimit: { limit: 1_000_000, windowMs: 60_000, sliding: false } },
  });
  emulator.seedLibrary({ folders: FOLDERS, assets: ASSETS });
  client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ["dist/main.js", files.root],
      env: { PATH: process.env["PATH"] ?? "", XDG_CACHE_HOME: files.root, ...emulatorEnvironment(emulator) },
    }),
  );
  // With the list at hand, the client checks every result against its output schema.
  await client.listTools();
});

afterAll(async () => {
  await client.close();
  await emulator.close();
  files.remove();
});

// biome-ignore lint/suspicious/noExplicitAny: results of any tool, whose form the client has checked
async function call(name: string, args: Record<string, unknown> = {}): Promise<any> {
  noteBuiltServerUse();
  called.add(name);
  const { structuredContent, content, isError } = await client.callTool({ name, arguments: args });
  if (isError) throw new Error(JSON.stringify(content));
  if (structuredContent)
    expect(JSON.parse((content as { text: string }[])[0]?.text ?? "")).toEqual(structuredContent);
  return structuredContent ?? content;
}

function callsOf(operation: "listAssets" | "listFolders"): number {
  return emulator.requests.count({ operation });
}

describe("the built server on a site of 5,000 assets in 200 folders", () => {
  it("lists the site and all of its folders", async () => {
    expect(await call("listSites")).toMatchObject({ sites: [{ id: emulator.siteId }] });
    const first = await call("listFolders");
    const rest = await call("listFolders", { cursor: first.nextCursor });
    expect([first.folders.length + rest.folders.length, first.total]).toEqual([FOLDERS, FOLDERS]);
  });

  it("walks the assets that lack alt text, and reads the listing once for it", async () => {
    const ids = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await call("listAssets", { missingAltText: true, limit: 200, ...(cursor && { cursor }) });
      for (const { id } of page.assets) ids.add(id);
      cursor = page.nextCursor;
    } while (cursor);
    const lacking = emulator.library.assets(emulator.siteId).filter(({ altText }) => !altText);
    expect(ids.size).toBe(lacking.length);
    expect(callsOf("listAssets")).toBe(ASSETS / 100);
  });

  it("shows one asset: its facts, its picture, and in a gallery", async () => {
    const [asset] = (await call("listAssets", { type: "image", limit: 1 })).assets;
    expect((await call("getAsset", { assetId: asset.id })).asset).toMatchObject({
      id: asset.id,
      url: asset.url,
    });
    const [picture] = await call("viewAsset", { assetId: asset.id });
    expect(["image", "text"]).toContain(picture.type);
    expect(
      (await call("showGallery", { query: asset.name })).assets.map(({ id }: { id: string }) => id),
    ).toContain(asset.id);
  });

  it("uploads into a folder deep down, and finds, describes and deletes what it uploaded", async () => {
    expect(await call("ensureFolder", { path: "Campaigns/Spring/2027" })).toMatchObject({
      created: ["Campaigns", "Campaigns/Spring", "Campaigns/Spring/2027"],
    });
    const { asset, status } = await call("uploadAsset", {
      source: "photo.png",
      folder: "Campaigns/Spring/2027",
    });
    expect(status).toBe("uploaded");
    const update = { assetId: asset.id, altText: "A meadow", displayName: "Meadow" };
    expect(await call("updateAssets", { updates: [update] })).toMatchObject({ updated: [asset.id] });
    const found = await call("listAssets", { folder: "Campaigns", query: "meadow" });
    expect(found.assets).toMatchObject([
      { id: asset.id, altText: "A meadow", folder: "Campaigns/Spring/2027" },
    ]);
    const uses = await call("findUses", { assetIds: [asset.id] });
    expect(uses).toMatchObject({
      status: "complete",
      assets: [{ id: asset.id, verdict: "noReferenceFound" }],
    });
    const deletion = await call("deleteAssets", { assetIds: [asset.id], confirm: true });
    expect(deletion).toMatchObject({ deleted: [asset.id], failed: [] });
    expect((await call("listAssets", { folder: "Campaigns" })).total).toBe(0);
  });

  it("uploads many, reports their progress, and keeps a directory in sync", async () => {
    const batch = await call("uploadAssets", { items: [{ source: "photo.png" }, { source: "gone.png" }] });
    expect(batch).toMatchObject({ status: "done", uploaded: 1, failed: 1 });
    expect(await call("uploadStatus", { job: batch.job })).toEqual({ ...batch, job: expect.any(String) });
    const applied = await call("syncFolder", { directory: "tree", folder: "Mirror", apply: true });
    expect(applied).toMatchObject({ plan: { new: 2, same: 0 }, status: "done", uploaded: 2 });
    expect(await call("syncFolder", { directory: "tree", folder: "Mirror" })).toMatchObject({
      plan: { new: 0, same: 2 },
      files: [],
    });
  });

  it("reports where assets are used, and in what state they are", async () => {
    const { assets, total } = await call("findUses", { limit: 2 });
    expect(assets).toHaveLength(2);
    expect(Number(total)).toBeGreaterThan(2);
    expect(await call("auditAssets", {})).toHaveProperty("siteId");
  });

  it("was asked for every tool that there is", () => {
    expect([...called].sort()).toEqual(TOOLS.map(({ name }) => name).sort());
  });
});

describe("the built server without a token", () => {
  it("answers initialize and tools/list without the network, and its tools say what to do", async () => {
    const server = startServer({ env: { WEBFLOW_API_BASE_URL: "http://127.0.0.1:1" } });
    expect((await server.initialize()).result.serverInfo.name).toBe("webflow-assets-mcp");
    expect((await server.request("tools/list")).result.tools).toEqual(TOOLS.map(describeTool));
    await expect(server.call("listFolders", {})).rejects.toThrow(
      /^\[UNAUTHORIZED\] No Webflow token is set\. Next: create a token/,
    );
    expect(server.noise).toEqual([]);
    expect(await server.close()).toBe(0);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends at once at %s", async (signal) => {
    const server = startServer();
    await server.initialize();
    server.child.kill(signal);
    expect(await server.exited).toBe(0);
  });
});
