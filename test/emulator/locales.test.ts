import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type ApiCall, apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;
let call: ApiCall;
let siteId: string;
let german: string;
let picture: string;

beforeEach(async () => {
  emulator = await startEmulator();
  call = apiOf(emulator);
  siteId = emulator.siteId;
  german = emulator.database.addLocale(siteId, { tag: "de-DE", displayName: "German" }).id;
  picture = emulator.database.addAsset({
    siteId,
    fileName: "a.png",
    contentType: "image/png",
    altText: "A vase",
  }).id;
});
afterEach(() => emulator.close());

const NOBODY = "0123456789abcdef01234567";

async function altText(localeId?: string): Promise<unknown> {
  const query = localeId === undefined ? "" : `?localeId=${localeId}`;
  return (await call(`GET /assets/${picture}${query}`)).json?.["altText"];
}

function patch(body: Record<string, unknown>, localeId = german) {
  return call(`PATCH /assets/${picture}?localeId=${localeId}`, body);
}

describe("the locales of a site", () => {
  it("are listed with the site, each with two ids", async () => {
    expect((await call(`GET /sites/${siteId}`)).json?.["locales"]).toMatchObject({
      primary: { tag: "en", subdirectory: "", enabled: true },
      secondary: [
        { id: german, tag: "de-DE", displayName: "German", subdirectory: "de", displayImageId: null },
      ],
    });
  });

  it.each([
    ["primary", { primary: expect.objectContaining({ tag: "en" }), secondary: [] }],
    ["null-primary", { primary: null, secondary: [] }],
    ["missing", undefined],
  ] as const)("are %s where the site has one", async (singleLocale, locales) => {
    emulator.switches.singleLocale = singleLocale;
    const { id } = emulator.database.addSite("Plain");
    const { value } = emulator.database.addToken({ siteIds: [id] });

    expect((await apiOf(emulator, value)(`GET /sites/${id}`)).json?.["locales"]).toEqual(locales);
  });
});

describe("the alt text of an asset", () => {
  it("is one a locale", async () => {
    const { json } = await patch({ altText: "Eine Vase" });

    expect(json?.["altText"]).toBe("Eine Vase");
    expect([await altText(), await altText(german)]).toEqual(["A vase", "Eine Vase"]);
    const listed = await call(`GET /sites/${siteId}/assets?localeId=${german}`);
    expect(listed.json).toMatchObject({ assets: [{ altText: "Eine Vase" }] });
  });

  it.each([
    ["primary", "A vase"],
    ["null", null],
    ["empty", ""],
  ] as const)("is told as %s where it was not translated", async (untranslatedAltText, expected) => {
    emulator.switches.untranslatedAltText = untranslatedAltText;

    expect(await altText(german)).toBe(expected);
  });

  it.each([
    [400, 400, "A vase"],
    [404, 404, "A vase"],
    ["ignored", 200, "Other"],
  ] as const)("the alt text of an asset in a locale that is unknown or disabled answers with unknownLocale %s", async (unknownLocale, status, primary) => {
    emulator.switches.unknownLocale = unknownLocale;
    const disabled = emulator.database.addLocale(siteId, { tag: "fr", enabled: false });

    expect((await patch({ altText: "Other" }, NOBODY)).status).toBe(status);
    expect((await patch({ altText: "Other" }, disabled.id)).status).toBe(status);
    expect(await altText()).toBe(primary);
  });

  it("takes the primary locale's own id, or refuses it", async () => {
    const primary = emulator.database.sites.get(siteId)?.locales.primary.id ?? "";

    expect((await patch({ altText: "B" }, primary)).json).toMatchObject({ altText: "B" });
    emulator.switches.primaryLocaleId = 400;
    expect((await patch({ altText: "C" }, primary)).status).toBe(400);
    expect(await altText()).toBe("B");
  });

  it.each([
    ["kept", 200, ""],
    ["null", 200, null],
    [400, 400, "A vase"],
  ] as const)("the alt text of an asset that is empty is %s", async (emptyAltText, status, stored) => {
    emulator.switches.emptyAltText = emptyAltText;

    expect((await call(`PATCH /assets/${picture}`, { altText: "" })).status).toBe(status);
    expect(await altText()).toBe(stored);
  });

  it("the alt text of an asset that is null makes an empty one with takesNullAltText", async () => {
    emulator.switches.takesNullAltText = "as-empty";

    expect((await call(`PATCH /assets/${picture}`, { altText: null })).json).toMatchObject({ altText: "" });
  });

  it.each([
    ["null", null],
    ["empty", ""],
  ] as const)("the alt text of an asset that was never set is %s", async (unsetAltText, expected) => {
    emulator.switches.unsetAltText = unsetAltText;
    picture = emulator.database.addAsset({ siteId, fileName: "b.png", contentType: "image/png" }).id;

    expect(await altText()).toBe(expected);
  });
});

describe("a display name that is sent with a locale", () => {
  it.each([
    ["ignored", "a.png"],
    ["changed", "Neu"],
  ] as const)("is %s", async (displayNameWithLocale, expected) => {
    emulator.switches.displayNameWithLocale = displayNameWithLocale;

    await patch({ displayName: "Neu", altText: "Eine Vase" });

    expect((await call(`GET /assets/${picture}`)).json?.["displayName"]).toBe(expected);
  });
});

describe("lastUpdated", () => {
  it.each([
    true,
    false,
  ])("changes with an alt text in a secondary locale: %s", async (localeChangesLastUpdated) => {
    Object.assign(emulator.switches, { localeChangesLastUpdated, clockOffsetMs: 60_000 });
    const before = (await call(`GET /assets/${picture}`)).json?.["lastUpdated"];

    await patch({ altText: "Eine Vase" });

    expect((await call(`GET /assets/${picture}`)).json?.["lastUpdated"] !== before).toBe(
      localeChangesLastUpdated,
    );
  });
});
