import { afterEach, describe, expect, it } from "vitest";
import type { UpdateAssetsRequest } from "../../src/contract/update-assets.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { answeringCall, callContext } from "../builders/call.js";
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
  it("sets the texts that are given and leaves the others", async () => {
    const emulator = await aSite();
    const first = addImage(emulator, "a.png", "Old");
    const second = addImage(emulator, "b.png", "Kept");
    const result = await update(
      { assetId: first, altText: "New" },
      { assetId: second, displayName: "Renamed.png" },
    );
    expect(result).toEqual({
      updated: [first, second],
      failed: [],
      before: [
        { assetId: first, altText: "Old" },
        { assetId: second, displayName: "b.png" },
      ],
    });
    expect(emulator.library.assetRecords.get(first)).toMatchObject({ displayName: "a.png", altText: "New" });
    expect(emulator.library.assetRecords.get(second)).toMatchObject({
      displayName: "Renamed.png",
      altText: "Kept",
    });
  });

  it("does not count an alt text as set that Webflow accepts and drops", async () => {
    const emulator = await aSite();
    emulator.switches.storesAltTexts = false;
    const assetId = addImage(emulator, "a.png", "Old");
    const { updated, failed } = await update({ assetId, altText: "New" });
    expect(updated).toEqual([]);
    expect(failed).toEqual([
      {
        assetId,
        error: expect.stringMatching(
          /^\[WEBFLOW_REJECTED\] .*shows the alt text "Old"\. Next: look again with getAsset/,
        ),
      },
    ]);
  });

  it("clears an alt text with an empty one", async () => {
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

  it("returns the old texts in a form that undoes the update", async () => {
    const emulator = await aSite();
    const first = addImage(emulator, "a.png", "Old");
    const second = addImage(emulator, "b.png");
    const { before } = await update(
      { assetId: first, altText: "", displayName: "Other.png" },
      { assetId: second, altText: "New" },
    );
    await update(...before);
    expect(emulator.library.assetRecords.get(first)).toMatchObject({ displayName: "a.png", altText: "Old" });
    expect(emulator.library.assetRecords.get(second)?.altText).toBe("");
  });

  it("asks before it takes away more than ten texts that people wrote", async () => {
    const emulator = await aSite();
    const ids = Array.from({ length: 11 }, (_, index) => addImage(emulator, `${index}.png`, `Old ${index}`));
    const updates = ids.map((assetId) => ({ assetId, altText: "" }));
    const { call, questions } = answeringCall("declined");
    expect(await codeOf(site.service.updateAssets({ updates }, call))).toBe("CANCELLED");
    expect(questions).toMatchObject([{ field: "replace", title: "Replace 11 texts" }]);
    expect(questions[0]?.message.split("\n")).toHaveLength(7);
    expect(emulator.requests.count({ operation: "updateAsset" })).toBe(0);
    // Nor little by little.
    const few = site.service.updateAssets({ updates: updates.slice(0, 2) }, call);
    expect(await codeOf(few)).toBe("CANCELLED");
    const agreed = await site.service.updateAssets({ updates }, answeringCall("accepted").call);
    expect(agreed.updated).toEqual(ids);
  });

  it.each([
    ["ten texts are replaced", 10, "Old"],
    ["there were no texts", 30, null],
  ] as const)("asks nothing when %s", async (_, count, altText) => {
    const emulator = await aSite();
    const ids = Array.from({ length: count }, (_, index) => addImage(emulator, `${index}.png`, altText));
    const updates = ids.map((assetId) => ({ assetId, altText: "New", displayName: "New.png" }));
    const { call, questions } = answeringCall("declined");
    expect((await site.service.updateAssets({ updates }, call)).updated).toEqual(ids);
    expect(questions).toEqual([]);
  });

  it("replaces any number where nobody can be asked", async () => {
    const emulator = await aSite();
    const ids = Array.from({ length: 11 }, (_, index) => addImage(emulator, `${index}.png`, "Old"));
    const updates = ids.map((assetId) => ({ assetId, altText: "New" }));
    expect((await update(...updates)).before).toHaveLength(11);
  });

  it("sends one request for each of 100 assets and tells how far it is", async () => {
    const emulator = await aSite();
    const ids = Array.from({ length: 100 }, () => addImage(emulator));
    const progress: number[] = [];
    const updates = ids.map((assetId) => ({ assetId, altText: "A hero" }));
    const call = callContext({ progress: (_, done) => progress.push(done ?? 0) });
    expect(await site.service.updateAssets({ updates }, call)).toMatchObject({ updated: ids, failed: [] });
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
