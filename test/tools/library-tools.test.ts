import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterEach, describe, expect, it } from "vitest";
import type { ListAssetsResult } from "../../src/contract/list-assets.js";
import { TOOLS } from "../../src/tools/catalog.js";
import type { Tool, ToolContext } from "../../src/tools/definition/tool.js";
import { wholePng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite | undefined;

afterEach(async () => {
  await site?.close();
  site = undefined;
});

function toolNamed(name: string): Tool {
  const tool = TOOLS.find((one) => one.name === name);
  if (!tool) throw new Error(`there is no ${name}`);
  return tool;
}

/** Runs a tool as the server does: arguments and result go through the schemas, which let no unknown key by. */
async function run(name: string, args: Record<string, unknown> = {}): Promise<unknown> {
  site ??= await startSite();
  const tool = toolNamed(name);
  const context: ToolContext = callContext({ ask: async () => "accepted" });
  const result = await tool.run(site.service, tool.input.parse(args), context);
  if (tool.output) expect(tool.output.parse(result)).toEqual(result);
  return result;
}

/** Fifty photos as a site has them, in a folder below a folder. */
async function aSiteOfPhotos(altText?: string): Promise<TestSite> {
  const photos = await startSite();
  site = photos;
  const { siteId, library } = photos.emulator;
  const outer = library.addFolder({ siteId, displayName: "Campaigns" });
  const inner = library.addFolder({ siteId, displayName: "Spring 2026", parentFolder: outer.id });
  for (let index = 1; index <= 50; index += 1) {
    library.addAsset({
      siteId,
      fileName: `team-photo-${index}.jpg`,
      contentType: "image/jpeg",
      parentFolder: inner.id,
      bytes: wholePng(640, 480, 200_000 + index),
      altText: altText ?? null,
    });
  }
  return photos;
}

describe("the tools of the library", () => {
  it("answer as their schemas say", async () => {
    const { emulator } = await aSiteOfPhotos("Two colleagues laughing in front of a green wall");
    const { assets } = (await run("listAssets", { limit: 2 })) as ListAssetsResult;
    const [first, second] = assets.map(({ id }) => id);
    await run("listSites");
    await run("getAsset", { assetId: first });
    expect(await run("showGallery", { limit: 2 })).toEqual(await run("listAssets", { limit: 2 }));
    expect(await run("viewAsset", { assetId: first })).toMatchObject([
      { type: "image", mimeType: "image/png", data: expect.stringMatching(/^iVBOR/) },
      { type: "text" },
    ]);
    expect(await run("updateAssets", { updates: [{ assetId: first, altText: "" }] })).toMatchObject({
      updated: [first],
      failed: [],
    });
    expect(await run("deleteAssets", { assetIds: [second] })).toMatchObject({
      deleted: [second],
      failed: [],
    });
    expect(emulator.library.assets(emulator.siteId)).toHaveLength(49);
  });

  it("cost at most 100 tokens an asset in a listing: id, name, type, size, URL and folder", async () => {
    await aSiteOfPhotos();
    const result = (await run("listAssets")) as ListAssetsResult;
    expect(result.assets).toHaveLength(50);
    // Ids are random, and cost 9 to 20 tokens: one of 15, of Webflow's own examples, stands for each.
    const text = JSON.stringify(result)
      .replaceAll(/http:[^"]*-assets/g, "https://cdn.prod.website-files.com")
      .replaceAll(/[0-9a-f]{24}/g, "580e63e98c9a982ac9b8b741");
    expect(text).toContain(
      '"https://cdn.prod.website-files.com/580e63e98c9a982ac9b8b741/580e63e98c9a982ac9b8b741_',
    );
    expect(countTokens(text) / 50).toBeLessThanOrEqual(100);
  });

  it("read only where they say so", () => {
    const readers = TOOLS.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name);
    expect(readers.sort()).toEqual(
      [
        "auditAssets",
        "findUses",
        "getAsset",
        "listAssets",
        "listFolders",
        "listSites",
        "showGallery",
        "viewAsset",
      ].sort(),
    );
  });

  it.each([
    ["listAssets", { limit: 201 }],
    ["listAssets", { limit: 0 }],
    ["listAssets", { type: "audio" }],
    ["listAssets", { folderPath: "A" }],
    ["updateAssets", { updates: [] }],
    ["updateAssets", { updates: [{ assetId: "a", altText: "x".repeat(501) }] }],
    ["updateAssets", { updates: Array.from({ length: 101 }, () => ({ assetId: "a", altText: "x" })) }],
    ["updateAssets", { updates: [{ assetId: "a", alt: "x" }] }],
    ["deleteAssets", { assetIds: [] }],
    ["deleteAssets", { assetIds: Array.from({ length: 101 }, () => "a") }],
  ])("refuse arguments beyond their limits: %s", (name, args) => {
    expect(toolNamed(name).input.safeParse(args).success).toBe(false);
  });
});
