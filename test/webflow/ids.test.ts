import { describe, expect, it } from "vitest";
import { isAssetError } from "../../src/core/errors.js";
import { assertWebflowId, timeOfWebflowId } from "../../src/webflow/ids.js";

const ID = "65f0aa00000000000000001f";
const OTHER = "6b051c8930782389e3acec85";

function nextFor(given: string, argument = "assetId"): string {
  try {
    assertWebflowId(given, argument);
  } catch (error) {
    if (isAssetError(error, "INVALID_INPUT")) return error.next;
  }
  throw new Error("It was taken for an id.");
}

describe("an id of Webflow", () => {
  it("is 24 hex digits, and brought to small letters", () => {
    expect(assertWebflowId(ID.toUpperCase(), "id")).toBe(ID);
  });

  it.each(["", ID.slice(1), `${ID}0`, `${ID}\n`, `../${ID}`, ID.replace("6", "g")])("is not %j", (id) => {
    expect(() => assertWebflowId(id, "assetId")).toThrow(
      expect.objectContaining({
        code: "INVALID_INPUT",
        message: expect.stringMatching(/^assetId ".*is not a Webflow id/),
      }),
    );
  });

  it.each([
    `https://cdn.example/${ID}/${OTHER}_photo.png`,
    `${OTHER}_photo.png`,
    `https://cdn.example/${ID}_site/${OTHER.toUpperCase()}_photo_2.png`,
  ])("is pointed out where it stands in the URL or name of a hosted file: %s", (given) => {
    expect(nextFor(given).toLowerCase()).toBe(`use the id in it, ${OTHER}`);
  });

  it.each([
    "photo.png",
    `https://cdn.example/${ID}/photo.png`,
    `${OTHER.slice(1)}_photo.png`,
    `${ID}-photo.png`,
    "f_photo.png",
  ])("is not guessed from what has none before an underscore: %s", (given) => {
    expect(nextFor(given)).toBe("use an id exactly as listAssets returned it");
  });

  it.each([
    ["siteId", "listSites"],
    ["folderId", "as folder"],
    ["assetIds", "listAssets"],
  ])("is looked for where a name was given as %s: %s", (argument, place) => {
    expect(nextFor("Pottery Lane", argument)).toContain(place);
  });

  it("is shown by its first 60 characters where it is none", () => {
    expect(() => assertWebflowId("x".repeat(61), "id")).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`"${"x".repeat(60)}"`) }),
    );
  });

  it("begins with the second in which it was given", () => {
    expect(timeOfWebflowId(ID)).toBe(0x65f0aa00 * 1000);
  });
});
