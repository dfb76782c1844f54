import { describe, expect, it } from "vitest";
import { assertWebflowId } from "../../src/webflow/ids.js";

const SITE = "65f0aa0000000000000000aa";
const ASSET = "65f0bb0000000000000000BB";

describe("an id", () => {
  it("is 24 hex digits, which count in lower case", () => {
    expect(assertWebflowId(ASSET, "assetId")).toBe(ASSET.toLowerCase());
  });

  it.each([
    `https://cdn.prod.website-files.com/${SITE}/${ASSET}_hero.png`,
    `https://proxy.example.com/?url=x%2F${SITE}%2F${ASSET}_hero.png`,
    `${ASSET}_hero.png`,
  ])("is found in %s for whoever gives that instead", async (url) => {
    const next = `use the id in it, ${ASSET}`;
    expect(() => assertWebflowId(url, "assetId")).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", next }),
    );
  });
});
