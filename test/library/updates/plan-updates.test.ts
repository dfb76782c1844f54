import { describe, expect, it } from "vitest";
import type { UpdateAssetsRequest } from "../../../src/contract/update-assets.js";
import { AssetError, isAssetError } from "../../../src/core/errors.js";
import { extensionToKeep, hasKnownExtension, shownName } from "../../../src/library/updates/display-name.js";
import { assertEachOnce, createUpdatePlanner } from "../../../src/library/updates/plan-updates.js";
import { callContext } from "../../builders/call.js";

const ID = "65f0aa00000000000000001f";
const OTHER = "65f0aa000000000000000020";
const ASSET = { id: ID, originalFileName: "hero.png", displayName: "hero.png", altText: "Primary" };

/** Plans updates of a site that has one asset, whose alt text in any other locale is `Übersetzt`. */
function plan(updates: UpdateAssetsRequest["updates"], localeId?: string, failing = false) {
  const lookedUp: string[][] = [];
  const getAsset = async (_id: string, _call: unknown, locale?: string) => {
    if (failing) throw new AssetError("WEBFLOW_UNAVAILABLE", "No answer", "try again");
    return { ...ASSET, altText: locale === undefined ? "Primary now" : "Übersetzt" };
  };
  const many = async (_site: string, ids: readonly string[]) => {
    lookedUp.push([...ids]);
    const notFound = new AssetError("ASSET_NOT_FOUND", "There is none", "look");
    return new Map(ids.map((id) => [id, id === ID ? { asset: ASSET } : { error: notFound }]));
  };
  const planned = createUpdatePlanner({ webflow: { getAsset }, lookup: { many } } as never);
  return planned("site", updates, localeId, callContext()).then((all) => ({ all, lookedUp }));
}

async function planOne(update: UpdateAssetsRequest["updates"][number], localeId?: string, failing = false) {
  const { all } = await plan([update], localeId, failing);
  const [only] = all;
  if (!only) throw new Error("Nothing was planned.");
  return only;
}

function codeOf(planned: Awaited<ReturnType<typeof planOne>>): string {
  return "error" in planned && isAssetError(planned.error) ? planned.error.code : "planned";
}

describe("a planned update", () => {
  it("knows the asset as it is, and what is to change", async () => {
    expect(await planOne({ assetId: ID.toUpperCase(), altText: "New" })).toEqual({
      assetId: ID,
      asset: ASSET,
      primaryAltText: "Primary",
      changes: { altText: "New", displayName: undefined },
    });
  });

  it("carries its own error, and stops no other", async () => {
    const { all, lookedUp } = await plan([
      { assetId: "../x", altText: "New" },
      { assetId: ID },
      { assetId: OTHER, altText: "New" },
      { assetId: ID, displayName: " " },
      { assetId: ID, displayName: "a\u0007b" },
      { assetId: ID, altText: "New" },
    ]);
    expect(all.map(codeOf)).toEqual([
      "INVALID_INPUT",
      "INVALID_INPUT",
      "ASSET_NOT_FOUND",
      "NAME_INVALID",
      "NAME_INVALID",
      "planned",
    ]);
    expect(all.map(({ assetId }) => assetId)).toEqual(["../x", ID, OTHER, ID, ID, ID]);
    expect(lookedUp).toEqual([[OTHER, ID]]);
  });

  it("in another locale knows the texts of that locale, and the primary one as it is now", async () => {
    expect(await planOne({ assetId: ID, altText: "Neu" }, "de")).toMatchObject({
      asset: { ...ASSET, altText: "Übersetzt" },
      primaryAltText: "Primary now",
      changes: { altText: "Neu" },
    });
  });

  it("in another locale changes no name, which all locales share", async () => {
    expect(codeOf(await planOne({ assetId: ID, displayName: "Neu", altText: "Neu" }, "de"))).toBe(
      "INVALID_INPUT",
    );
  });

  it("fails in another locale where the asset cannot be looked at, or is not there", async () => {
    expect(codeOf(await planOne({ assetId: ID, altText: "Neu" }, "de", true))).toBe("WEBFLOW_UNAVAILABLE");
    expect(codeOf(await planOne({ assetId: OTHER, altText: "Neu" }, "de"))).toBe("ASSET_NOT_FOUND");
  });

  it.each([
    [" ", "The display name is empty"],
    ["a\u0007b", "The display name contains a control character"],
  ])("refuses the display name %j with what is wrong about it", async (displayName, message) => {
    expect(await planOne({ assetId: ID, displayName })).toMatchObject({
      error: { code: "NAME_INVALID", message },
    });
  });

  it.each([
    ["film.MP4", "Our film.mp4", "Our film.mp4"],
    ["film.mp4", "Our film", "Our film.mp4"],
    ["film.mp4", ".mp4 of ours", ".mp4 of ours.mp4"],
    ["no extension", "Team photo", "Team photo"],
  ])("keeps the extension of %s, also where Webflow takes no such files: %s", async (own, displayName, expected) => {
    const asset = { ...ASSET, displayName: own, originalFileName: own };
    const many = async () => new Map([[ID, { asset }]]);
    const planned = createUpdatePlanner({ webflow: {}, lookup: { many } } as never);
    expect(await planned("site", [{ assetId: ID, displayName }], undefined, callContext())).toMatchObject([
      { changes: { displayName: expected } },
    ]);
  });

  it.each([
    ["Team photo", "Team photo.png"],
    ["  Team photo ", "Team photo.png"],
    ["Team photo.PNG", "Team photo.PNG"],
    ["Team photo.jpg", "Team photo.jpg"],
    ["Release 2.0", "Release 2.0.png"],
    ["Cafe\u0301", "Caf\u00e9.png"],
  ])("names the asset %j with an extension: %j", async (displayName, expected) => {
    expect(await planOne({ assetId: ID, displayName })).toMatchObject({ changes: { displayName: expected } });
  });
});

describe("the extension that a new name keeps", () => {
  it.each([
    [{ displayName: "hero.png", originalFileName: "hero.png" }, "png"],
    [{ displayName: "hero.PNG", originalFileName: "hero.png" }, "PNG"],
    [{ originalFileName: "film.mp4" }, "mp4"],
    [{ displayName: "film.mp4", originalFileName: "film.MP4" }, "mp4"],
    [{ displayName: "Release 2.0", originalFileName: "hero.png" }, ""],
    [{ displayName: "other.jpg", originalFileName: "hero.png" }, "jpg"],
    [{ displayName: "Hero", originalFileName: "hero.png" }, ""],
    [{ displayName: "Hero" }, ""],
    [{}, ""],
  ])("of %j is %j", (names, extension) => {
    expect(extensionToKeep(names)).toBe(extension);
  });

  it("is known only where Webflow takes such files", () => {
    expect(hasKnownExtension("a.JPEG")).toBe(true);
    expect(hasKnownExtension("a.mp4")).toBe(false);
    expect(hasKnownExtension("png")).toBe(false);
  });
});

describe("the name that people are shown", () => {
  it.each([
    ["the given one, without the asset's own id in front", `${ID}_hero.png`, "hero.png"],
    ["the given one with the id of another asset", `${OTHER}_hero.png`, `${OTHER}_hero.png`],
    ["the given one with the id anywhere else", `hero_${ID}_`, `hero_${ID}_`],
    ["the id where there is no name", "", ID],
    ["the id where there is nothing behind it", `${ID}_`, ID],
  ])("is %s", (_, name, shown) => {
    expect(shownName(ID, name)).toBe(shown);
  });
});

describe("the updates of one call", () => {
  it("may name every asset once, in whatever case", () => {
    expect(() => assertEachOnce([{ assetId: ID }, { assetId: OTHER }])).not.toThrow();
    expect(() => assertEachOnce([{ assetId: ID }, { assetId: ID.toUpperCase() }])).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: `The asset "${ID.toUpperCase()}" is in updates twice; nothing was changed`,
      }),
    );
    const long = "x".repeat(100);
    expect(() => assertEachOnce([{ assetId: long }, { assetId: long }])).toThrow(`"${"x".repeat(60)}"`);
  });
});
