import { describe, expect, it } from "vitest";
import { setTexts } from "../../../src/library/updates/set-texts.js";
import type { Asset } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";
import { codeOf } from "../../builders/outcome.js";

const ID = "0123456789abcdef01234567";

/** Answers to the change with the first of the alt texts, and to each look after it with the next one, the last for ever. */
function webflowShowing(...altTexts: readonly string[]) {
  const left = [...altTexts];
  const next = async (): Promise<Asset> => {
    const altText = (left.length > 1 ? left.shift() : left[0]) ?? "";
    return { id: ID, altText } as Asset;
  };
  return { updateAsset: next, getAsset: next, left };
}

function set(webflow: ReturnType<typeof webflowShowing>) {
  return setTexts(webflow, ID, { altText: "A new text" }, callContext(), { lagMs: 4 });
}

describe("setting the texts of an asset", () => {
  it("believes an answer that shows the text, and looks no further", async () => {
    const webflow = webflowShowing("A new text", "never looked at");
    await expect(set(webflow)).resolves.toMatchObject({ altText: "A new text" });
    expect(webflow.left).toEqual(["never looked at"]);
  });

  it("looks no further once it sees the text", async () => {
    const webflow = webflowShowing("Old", "A new text", "never looked at");
    await expect(set(webflow)).resolves.toMatchObject({ altText: "A new text" });
    expect(webflow.left).toEqual(["never looked at"]);
  });

  it("looks again while Webflow still shows the text of before", async () => {
    const webflow = webflowShowing("Old", "Old", "Old", "A new text");
    await expect(set(webflow)).resolves.toMatchObject({ altText: "A new text" });
  });

  it("takes a text for the same whose white space Webflow has changed", async () => {
    await expect(set(webflowShowing(" A  new\ntext"))).resolves.toMatchObject({ id: ID });
  });

  it("fails when Webflow goes on showing the text of before", async () => {
    expect(await codeOf(set(webflowShowing("Old")))).toBe("WEBFLOW_REJECTED");
    await expect(set(webflowShowing("Old"))).rejects.toThrow('shows the alt text "Old"');
    await expect(set(webflowShowing(""))).rejects.toThrow("still shows no alt text");
  });

  it.each([
    ["under its name", "b.png", "b.png"],
    ["with its id before it", "b.png", `${ID}_b.png`],
  ])("believes an answer that shows the display name %s, whatever the alt text", async (_, displayName, shown) => {
    const named = async () => ({ id: ID, altText: "Old", displayName: shown }) as Asset;
    const webflow = { updateAsset: named, getAsset: named };
    await expect(setTexts(webflow, ID, { displayName }, callContext(), { lagMs: 4 })).resolves.toMatchObject({
      displayName: shown,
    });
  });

  it.each([
    ["another one", "a.png", 'shows the display name "a.png"'],
    ["none", undefined, `shows the display name "${ID}"`],
  ])("fails when Webflow goes on showing %s for a display name", async (_, displayName, told) => {
    const named = async () => ({ id: ID, altText: "A", displayName }) as Asset;
    const webflow = { updateAsset: named, getAsset: named };
    const changes = { altText: "A", displayName: "b.png" };
    await expect(setTexts(webflow, ID, changes, callContext(), { lagMs: 4 })).rejects.toThrow(told);
  });
});
