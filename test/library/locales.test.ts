import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EmulatorSwitches } from "../../src/emulator/behaviour/switches.js";
import { pngBytes } from "../builders/bytes.js";
import { answeringCall, callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;
let german: string;
let vase: string;

async function aBilingualSite(switches: Partial<EmulatorSwitches> = {}): Promise<void> {
  site = await startSite({ switches });
  const { database, siteId } = site.emulator;
  german = database.addLocale(siteId, { tag: "de-DE", displayName: "German" }).id;
  database.addLocale(siteId, { tag: "fr-FR", displayName: "French", enabled: false });
  const image = { siteId, contentType: "image/png", bytes: pngBytes() };
  vase = database.addAsset({ ...image, fileName: "vase.png", displayName: "vase.png", altText: "A vase" }).id;
  database.addAsset({ ...image, fileName: "bowl.png", displayName: "bowl.png" });
}

beforeEach(() => aBilingualSite());
afterEach(() => site.close());

function update(altText: string, locale = "de-DE") {
  return site.service.updateAssets(
    { updates: [{ assetId: vase, altText }], locale },
    answeringCall("unavailable").call,
  );
}

async function altText(locale?: string): Promise<unknown> {
  const { asset } = await site.service.getAsset({ assetId: vase, locale }, callContext());
  return asset.altText;
}

describe("listSites", () => {
  it("tells the locales of a site that has several, the primary one first", async () => {
    const { sites } = await site.service.listSites(callContext());
    expect(sites[0]?.locales).toEqual([
      { id: expect.any(String), tag: "en", name: "English", primary: true },
      { id: german, tag: "de-DE", name: "German", primary: false },
      { id: expect.any(String), tag: "fr-FR", name: "French", primary: false },
    ]);
  });
});

describe("a locale", () => {
  it.each([
    "de-DE",
    "DE-de",
    "de_DE",
    "de",
    "German",
    () => german,
  ])("is named by tag, subdirectory, name or id", async (name) => {
    await update("Eine Vase", typeof name === "string" ? name : name());
    expect([await altText(), await altText("de")]).toEqual(["A vase", "Eine Vase"]);
  });

  it.each([
    ["nl", /no locale "nl"/],
    ["fr-FR", /fr-FR is not enabled/],
  ])("a locale that the site does not have, or not enabled, is refused before anything is written: %s", async (name, why) => {
    await expect(update("Un vase", name)).rejects.toThrow(why);
    expect(site.emulator.requests.count({ operation: "updateAsset" })).toBe(0);
  });

  it("is refused with those that can be used", async () => {
    const next = "use one of these: en (primary), de-DE";
    await expect(update("Een vaas", "nl")).rejects.toMatchObject({ next });
  });

  it("a locale that is the primary one is not sent, as Webflow may refuse it", async () => {
    await site.close();
    await aBilingualSite({ primaryLocaleId: 400 });
    await update("A tall vase", "en");
    expect(await altText("en")).toBe("A tall vase");
  });

  it("goes with no display name, which has none", async () => {
    const updates = [{ assetId: vase, displayName: "Vase", altText: "Eine Vase" }];
    const { failed } = await site.service.updateAssets(
      { updates, locale: "de" },
      answeringCall("unavailable").call,
    );
    expect(failed[0]?.error).toMatch(/^\[INVALID_INPUT\] Display names are the same in every locale/);
  });
});

describe("listAssets in a locale", () => {
  it.each([
    "primary",
    "null",
    "empty",
  ] as const)("counts a text that is not there, or is the primary's own, as missing (Webflow answers %s)", async (untranslatedAltText) => {
    site.emulator.switches.untranslatedAltText = untranslatedAltText;
    const missing = () =>
      site.service.listAssets({ locale: "de", missingAltText: true, limit: 50 }, callContext());
    expect((await missing()).total).toBe(2);
    await update("Eine Vase");
    expect((await missing()).assets.map(({ name }) => name)).toEqual(["bowl.png"]);
  });

  it("marks a text that is the primary's own, and never calls it translated", async () => {
    const { assets } = await site.service.listAssets(
      { locale: "de", limit: 50, query: "vase" },
      callContext(),
    );
    expect(assets).toMatchObject([{ altText: "A vase", sameAsPrimary: true }]);
    const { asset } = await site.service.getAsset({ assetId: vase, locale: "de" }, callContext());
    expect(asset).toMatchObject({ altText: "A vase", sameAsPrimary: true });
  });

  it("shows what was written there, and the primary listing what was written here", async () => {
    const texts = async (locale?: string) =>
      (await site.service.listAssets({ locale, limit: 50, query: "vase" }, callContext())).assets[0]?.altText;
    expect([await texts(), await texts("de")]).toEqual(["A vase", "A vase"]);
    await update("Eine Vase");
    expect([await texts(), await texts("de")]).toEqual(["A vase", "Eine Vase"]);
    await site.service.updateAssets(
      { updates: [{ assetId: vase, altText: "A jug" }] },
      answeringCall("unavailable").call,
    );
    expect([await texts(), await texts("de")]).toEqual(["A jug", "Eine Vase"]);
  });

  it("refuses a locale of a site that has one language", async () => {
    const { database } = site.emulator;
    const plain = database.addSite("Plain");
    const { value } = database.addToken({ siteIds: [plain.id] });
    const service = site.anotherService({ token: value });
    expect(await codeOf(service.listAssets({ locale: "de", limit: 50 }, callContext()))).toBe(
      "INVALID_INPUT",
    );
  });
});

describe("a text that Webflow writes into the primary locale instead", () => {
  it("is restored there, and the answer says so", async () => {
    await site.close();
    await aBilingualSite({ unknownLocale: "ignored" });
    // The locale was there a moment ago.
    await update("Eine Vase");
    const { database, siteId } = site.emulator;
    const locales = database.sites.get(siteId)?.locales;
    locales?.secondary.splice(0);
    const { failed } = await update("Eine hohe Vase");
    expect(failed[0]?.error).toMatch(/^\[WEBFLOW_REJECTED\] .*primary locale.*restored/);
    expect(await altText()).toBe("A vase");
  });
});

describe("the primary text that is restored", () => {
  it("is the one from just before the call, and not that of an older listing", async () => {
    await site.close();
    await aBilingualSite({ unknownLocale: "ignored" });
    await update("Eine Vase");
    const { database, siteId } = site.emulator;
    await site.service.listAssets({ limit: 50 }, callContext());
    const bySomebodyElse = { updates: [{ assetId: vase, altText: "A vase by somebody else" }] };
    await site.anotherService().updateAssets(bySomebodyElse, answeringCall("unavailable").call);
    database.sites.get(siteId)?.locales?.secondary.splice(0);
    await update("Eine hohe Vase");
    expect(await altText()).toBe("A vase by somebody else");
  });
});

describe("an empty alt text", () => {
  it("is told apart from none, as far as Webflow does", async () => {
    await update("", "en");
    const { assets } = await site.service.listAssets({ limit: 50 }, callContext());
    expect(assets.map(({ name, altText: text }) => [name, text]).toSorted()).toEqual([
      ["bowl.png", undefined],
      ["vase.png", ""],
    ]);
  });
});
