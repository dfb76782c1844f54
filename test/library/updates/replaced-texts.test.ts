import { describe, expect, it } from "vitest";
import type { PlannedUpdate } from "../../../src/library/updates/plan-updates.js";
import {
  affordable,
  questionAbout,
  replacedTexts,
  textsBefore,
} from "../../../src/library/updates/replaced-texts.js";

interface Texts {
  displayName?: string;
  altText?: string;
}

/** An update of an asset whose file is called `a.png`. */
function anUpdate(now: Texts, changes: Texts, id = "1"): PlannedUpdate {
  const asset = { id, originalFileName: "a.png", displayName: "a.png", ...now } as never;
  return { assetId: id, asset, primaryAltText: undefined, changes };
}

const FAILED: PlannedUpdate = { assetId: "9", error: new Error("not found") };

describe("a text that an update replaces", () => {
  it("is an alt text or a display name that somebody wrote", () => {
    expect(replacedTexts(anUpdate({ altText: "Old" }, { altText: "New" }))).toEqual([
      { id: "1", before: "Old", after: "New" },
    ]);
    expect(replacedTexts(anUpdate({ displayName: "Ours" }, { displayName: "New" }))).toEqual([
      { id: "1", before: "Ours", after: "New" },
    ]);
    expect(
      replacedTexts(anUpdate({ displayName: "Ours", altText: "Old" }, { displayName: "New", altText: "" })),
    ).toHaveLength(2);
  });

  it.each([
    ["the file's own name, which nobody wrote", {}, { displayName: "New" }],
    ["an empty one", { altText: "" }, { altText: "New" }],
    ["one of white space only", { altText: " \n" }, { altText: "New" }],
    ["one that is left alone", { altText: "Old", displayName: "Ours" }, {}],
    ["one that stays the same", { altText: "Old" }, { altText: "Old" }],
    ["one that was not there", {}, { altText: "New" }],
  ])("is not %s", (_, now, changes) => {
    expect(replacedTexts(anUpdate(now, changes))).toEqual([]);
  });

  it("is none where the update fails", () => {
    expect(replacedTexts(FAILED)).toEqual([]);
  });
});

describe("the texts of before", () => {
  it("can be passed back as they are, each of those that were changed", () => {
    const planned = [
      anUpdate({ altText: "Old", displayName: "Ours" }, { altText: "New", displayName: "New" }, "1"),
      anUpdate({ altText: "Old", displayName: "Ours" }, { altText: "New" }, "2"),
      anUpdate({ displayName: "Ours" }, { displayName: "New" }, "3"),
      anUpdate({}, { altText: "New" }, "4"),
    ];
    expect(textsBefore(planned, new Set(["1", "2", "3", "4"]))).toEqual([
      { assetId: "1", displayName: "Ours", altText: "Old" },
      { assetId: "2", altText: "Old" },
      { assetId: "3", displayName: "Ours" },
      { assetId: "4", altText: "" },
    ]);
  });

  it("leave out a name that was none, because an empty one cannot be set", () => {
    const planned = [anUpdate({ displayName: "" }, { displayName: "New" })];
    expect(textsBefore(planned, new Set(["1"]))).toEqual([{ assetId: "1" }]);
  });

  it("are those of the updates that were made", () => {
    const planned = [anUpdate({ altText: "Old" }, { altText: "New" }), FAILED];
    expect(textsBefore(planned, new Set())).toEqual([]);
    expect(textsBefore(planned, new Set(["1", "9"]))).toHaveLength(1);
  });

  it("are whole where the answer has room, and else all cut alike", () => {
    const before = Array.from({ length: 4 }, (_, index) => ({
      assetId: String(index),
      altText: "word ".repeat(40),
      ...(index === 0 && { displayName: "Short" }),
    }));
    expect(affordable(before, 10_000)).toEqual(before);
    const cut = affordable(before, 150);
    expect(cut.map(({ assetId }) => assetId)).toEqual(["0", "1", "2", "3"]);
    expect(new Set(cut.map(({ altText }) => altText)).size).toBe(1);
    expect(cut[1]?.altText).toMatch(/^word word .*…$/);
    expect(cut[0]?.displayName).toBe("Short");
  });

  it("keep something of every text, however little room there is", () => {
    const before = Array.from({ length: 500 }, (_, index) => ({
      assetId: String(index),
      altText: "x".repeat(50),
    }));
    const cut = affordable(before, 10);
    expect(cut).toHaveLength(500);
    for (const { altText = "" } of cut) expect(altText.length).toBeGreaterThanOrEqual(5);
  });
});

describe("the question about replaced texts", () => {
  const replaced = (count: number, after = "New") =>
    Array.from({ length: count }, (_, index) => ({ id: String(index), before: `Old ${index}`, after }));

  it("shows each text beside what it becomes", () => {
    expect(questionAbout(replaced(1))).toEqual({
      message: 'Replace a text that people wrote?\n- "Old 0" becomes "New"',
      field: "replace",
      title: "Replace a text",
    });
    expect(questionAbout(replaced(1, "")).message).toContain('- "Old 0" becomes empty');
  });

  it("shows five of many, and says how many more there are", () => {
    expect(questionAbout(replaced(5)).message.split("\n")).toHaveLength(6);
    const { message, title } = questionAbout(replaced(12));
    expect(message.split("\n")).toHaveLength(7);
    expect(message).toMatch(/\n- and 7 more$/);
    expect(title).toBe("Replace 12 texts");
  });
});
