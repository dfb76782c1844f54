import { afterEach, describe, expect, it } from "vitest";
import type { UpdateAssetsRequest } from "../../src/contract/update-assets.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { startSite, type TestSite } from "../builders/site.js";

const MISSING = "0123456789abcdef01234567";
let site: TestSite;

afterEach(() => site.close());

async function aSite(): Promise<Emulator> {
  site = await startSite();
  return site.emulator;
}

function addImage(emulator: Emulator, fileName = "hero.png", altText: string | null = null): string {
  const { siteId } = emulator;
  return emulator.library.addAsset({ siteId, fileName, contentType: "image/png", bytes: pngBytes(), altText })
    .id;
}

function update(...updates: UpdateAssetsRequest["updates"]) {
  return site.service.updateAssets({ updates }, callContext());
}

describe("updateAssets", () => {
  it("sets what is given and leaves the rest", async () => {
    const emulator = await aSite();
    const first = addImage(emulator, "a.png", "Old");
    const second = addImage(emulator, "b.png", "Kept");
    const result = await update(
      { assetId: first, altText: "New" },
      { assetId: second, displayName: "Renamed.png" },
    );
    expect(result).toEqual({ updated: [first, second], failed: [] });
    expect(emulator.library.assetRecords.get(first)).toMatchObject({ displayName: "a.png", altText: "New" });
    expect(emulator.library.assetRecords.get(second)).toMatchObject({
      displayName: "Renamed.png",
      altText: "Kept",
    });
  });

  it("clears an alt text by an empty one", async () => {
    const emulator = await aSite();
    const assetId = addImage(emulator, "a.png", "Old");
    await update({ assetId, altText: "" });
    expect(emulator.library.assetRecords.get(assetId)?.altText).toBe("");
  });

  it.each([
    ["hero.png", "Team photo", "Team photo.png"],
    ["hero.png", "Team photo.PNG", "Team photo.PNG"],
    ["hero.png", "Team photo.jpg", "Team photo.jpg"],
    ["hero.png", "Release 2.0", "Release 2.0.png"],
    ["film.mp4", "Our film", "Our film.mp4"],
    ["film.mp4", "Our film.mp4", "Our film.mp4"],
    ["no extension", "Team photo", "Team photo"],
  ])("names %s, given %j, %j", async (fileName, displayName, expected) => {
    const emulator = await aSite();
    const assetId = addImage(emulator, fileName);
    await update({ assetId, displayName });
    expect(emulator.library.assetRecords.get(assetId)?.displayName).toBe(expected);
  });

  it("tells of each update that failed and makes the others", async () => {
    const emulator = await aSite();
    const assetId = addImage(emulator);
    const result = await update(
      { assetId: MISSING, altText: "x" },
      { assetId: "../sites", altText: "x" },
      { assetId, altText: "Told" },
      { assetId: MISSING.replace("0", "f"), displayName: " " },
      { assetId: MISSING.replace("0", "e") },
    );
    expect(result.updated).toEqual([assetId]);
    expect(result.failed).toEqual([
      { assetId: MISSING, error: expect.stringMatching(/^\[ASSET_NOT_FOUND\] .* Next: /) },
      { assetId: "../sites", error: expect.stringMatching(/^\[INVALID_INPUT\]/) },
      { assetId: expect.stringMatching(/^f/), error: expect.stringMatching(/^\[NAME_INVALID\]/) },
      { assetId: expect.stringMatching(/^e/), error: expect.stringMatching(/^\[INVALID_INPUT\]/) },
    ]);
  });

  it("changes nothing when an asset is named twice", async () => {
    const emulator = await aSite();
    const assetId = addImage(emulator);
    const twice = update({ assetId, altText: "a" }, { assetId: assetId.toUpperCase(), altText: "b" });
    expect(await codeOf(twice)).toBe("INVALID_INPUT");
    expect(emulator.requests.count()).toBe(0);
  });

  it("sends one request for each of 100 assets and tells how far it is", async () => {
    const emulator = await aSite();
    const ids = Array.from({ length: 100 }, () => addImage(emulator));
    const progress: number[] = [];
    const updates = ids.map((assetId) => ({ assetId, altText: "A hero" }));
    const call = callContext({ progress: (_, done) => progress.push(done ?? 0) });
    expect(await site.service.updateAssets({ updates }, call)).toEqual({ updated: ids, failed: [] });
    expect(emulator.requests.count({ operation: "updateAsset" })).toBe(100);
    expect(progress).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it("fails as a whole when the token may not write", async () => {
    const emulator = await aSite();
    const assetId = addImage(emulator);
    const { value: token } = emulator.library.addToken({ scopes: ["assets:read"] });
    const updates = [{ assetId, altText: "x" }];
    const refused = site.anotherService({ token }).updateAssets({ updates }, callContext());
    expect(await codeOf(refused)).toBe("MISSING_SCOPE");
  });
});
