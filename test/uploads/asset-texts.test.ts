import { describe, expect, it } from "vitest";
import { AssetError } from "../../src/core/errors.js";
import { createAssetTexts } from "../../src/uploads/asset-texts.js";
import type { AssetRecord } from "../../src/uploads/record/asset-record.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import { WebflowFailure } from "../../src/webflow/data-api/error-mapping.js";
import type { Asset } from "../../src/webflow/data-api/responses.js";
import { callContext } from "../builders/call.js";

const RECORD = { id: "a".repeat(24), fileName: "vase.png" } as AssetRecord;
const FILE = { bytes: Buffer.from("x"), md5: "0".repeat(32), fileName: "vase.png", contentType: "image/png" };
const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });
const REFUSED = new AssetError("WEBFLOW_REJECTED", "it is too long", "");

interface Texts {
  readonly altText?: string;
  readonly displayName?: string;
}

/** A Webflow that answers each attempt to set texts like this (`ignored`: as if it had), and what it was told. */
function textsOn(...answers: ("done" | "ignored" | Error)[]) {
  const told: unknown[] = [];
  const webflow = {
    async updateAsset(id: string, texts: Texts) {
      const answer = answers[Math.min(told.length, answers.length - 1)];
      told.push(texts);
      if (answer instanceof Error) throw answer;
      return answer === "ignored" ? { id } : { id, ...texts };
    },
    getAsset: async (id: string) => ({ id }),
  } as unknown as WebflowClient;
  const texts = createAssetTexts(webflow, 1);
  const asset = (changes: Partial<Asset>) =>
    ({ id: RECORD.id, originalFileName: "vase.png", ...changes }) as Asset;
  return {
    told,
    set: (wanted: Texts) => texts.set(RECORD, wanted, callContext()),
    setWhereMissing: (existing: Partial<Asset>, wanted: Texts) =>
      texts.setWhereMissing(asset(existing), RECORD, { ...FILE, ...wanted }, callContext()),
  };
}

describe("the texts of a new asset", () => {
  it("are set in one call, and none where none is wanted", async () => {
    const { told, set } = textsOn("done");
    expect(await set({ altText: "A vase", displayName: "Vase" })).toEqual([]);
    expect(await set({ altText: "" })).toEqual([]);
    expect(await set({ displayName: "Vase" })).toEqual([]);
    expect(await set({})).toEqual([]);
    expect(told).toEqual([
      { altText: "A vase", displayName: "Vase" },
      { altText: "", displayName: undefined },
      { altText: undefined, displayName: "Vase" },
    ]);
  });

  it("wait for an asset that Webflow does not find yet, but not for ever", async () => {
    const late = textsOn(NOT_FOUND, NOT_FOUND, "done");
    expect(await late.set({ altText: "A vase" })).toEqual([]);
    expect(late.told).toHaveLength(3);
    expect(await textsOn(NOT_FOUND).set({ altText: "A vase" })).toBe("not found");
  });

  it.each([
    [{ altText: "A vase" }, "alt text"],
    [{ displayName: "Vase" }, "display name"],
    [{ altText: "A vase", displayName: "Vase" }, "alt text and display name"],
  ])("the texts of a new asset that are refused are named with the reason: %j", async (texts, names) => {
    expect(await textsOn(REFUSED).set(texts)).toEqual([
      `The file is uploaded, but its ${names} could not be set (it is too long); updateAssets can set it.`,
    ]);
  });

  it("the alt text that an API of before April 2026 accepts and drops is told as missing", async () => {
    expect(await textsOn("ignored").set({ altText: "A vase" })).toEqual([
      expect.stringMatching(/its alt text could not be set \(Webflow answered .* still shows no alt text\)/),
    ]);
    expect(await textsOn("ignored").set({ altText: "" })).toEqual([]);
  });

  it("the texts of a new asset that fail in a way that was not foreseen tell nothing of it", async () => {
    expect(await textsOn(new TypeError("secret")).set({ altText: "A vase" })).toEqual([
      expect.stringContaining("(an unexpected error)"),
    ]);
  });
});

describe("the texts of an asset that the site already had", () => {
  it("are set where it has none", async () => {
    const { told, setWhereMissing } = textsOn("done");
    expect(
      await setWhereMissing({ displayName: "vase.png" }, { altText: "A vase", displayName: "Vase" }),
    ).toEqual({
      altText: "A vase",
      notes: [],
    });
    expect(await setWhereMissing({ altText: "" }, { altText: "A vase" })).toMatchObject({
      altText: "A vase",
    });
    expect(told).toEqual([
      { altText: "A vase", displayName: "Vase" },
      { altText: "A vase", displayName: undefined },
    ]);
  });

  it("are kept, and shown where they differ from those that were wanted", async () => {
    const { told, setWhereMissing } = textsOn("done");
    const existing = { altText: "An urn", displayName: "Urn" };
    expect(await setWhereMissing(existing, { altText: "A vase", displayName: "Vase" })).toEqual({
      altText: "An urn",
      notes: [
        'It keeps its current alt text, "An urn"; updateAssets changes it.',
        'It keeps its current display name, "Urn"; updateAssets changes it.',
      ],
    });
    expect(await setWhereMissing(existing, { altText: "An urn", displayName: "Urn" })).toMatchObject({
      notes: [],
    });
    expect(await setWhereMissing(existing, {})).toMatchObject({ altText: "An urn", notes: [] });
    expect(told).toEqual([]);
  });

  it("are shown by their first 200 characters", async () => {
    const { setWhereMissing } = textsOn("done");
    const shown = async (altText: string) =>
      (await setWhereMissing({ altText }, { altText: "A vase" })).notes[0];
    expect(await shown("x".repeat(200))).toContain(`"${"x".repeat(200)}"`);
    expect(await shown("x".repeat(201))).toContain(`"${"x".repeat(199)}…"`);
  });

  it.each([
    ["the file's name with an id in front", { displayName: `${"a".repeat(24)}_vase.png` }],
    ["the name that the asset was uploaded by", { displayName: "urn.png", originalFileName: "urn.png" }],
    [
      "the record's name where the asset tells none",
      { displayName: "vase.png", originalFileName: undefined },
    ],
    ["no name", { displayName: undefined }],
  ])("replace a display name that Webflow chose: %s", async (_, existing) => {
    const { told, setWhereMissing } = textsOn("done");
    await setWhereMissing(existing, { displayName: "Vase" });
    expect(told).toHaveLength(1);
  });

  it.each([
    "urn.png",
    `x${"a".repeat(24)}_vase.png`,
    `${"a".repeat(23)}_vase.png`,
  ])("do not replace a display name that somebody chose: %s", async (displayName) => {
    const { told, setWhereMissing } = textsOn("done");
    await setWhereMissing({ displayName }, { displayName: "Vase" });
    expect(told).toEqual([]);
  });

  it("are not claimed where they could not be set", async () => {
    for (const failure of [NOT_FOUND, REFUSED]) {
      const { altText, notes } = await textsOn(failure).setWhereMissing(
        { altText: "" },
        { altText: "A vase" },
      );
      expect([altText, notes]).toEqual(["", [expect.stringContaining("could not be set")]]);
    }
  });
});
