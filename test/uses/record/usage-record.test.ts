import { describe, expect, it } from "vitest";
import type { Strength } from "../../../src/references/references.js";
import { createUsageRecord, MOST_USES, type Whereabouts } from "../../../src/uses/record/usage-record.js";
import { verdictOf } from "../../../src/uses/record/verdict.js";

/** A record to which asset 1 is added, each time in another way. */
function aRecord() {
  const record = createUsageRecord();
  const add = (where: Whereabouts, strength: Strength = "strong", asset = 1) =>
    record.add(where, [{ asset, place: "image", strength }]);
  return { record, add, places: () => record.usesOf(1).uses.map((use) => use.in) };
}

describe("the uses of an asset", () => {
  it("are none where nothing refers to it", () => {
    expect(aRecord().record.usesOf(1)).toEqual({ uses: [], more: 0 });
  });

  it("say where, as what and how strongly, with the detail and the host if there is one", () => {
    const { record } = aRecord();
    record.add({ in: "/", detail: "in German", host: "a.example" }, [
      { asset: 1, place: "image", strength: "strong" },
    ]);
    record.add({ in: "CMS: Posts", place: "cmsField" as never }, [
      { asset: 1, place: "other", strength: "strong" },
    ]);
    expect(record.usesOf(1)).toEqual({
      uses: [
        { in: "/", place: "image", strength: "strong", detail: "in German", hosts: ["a.example"] },
        { in: "CMS: Posts", place: "cmsField", strength: "strong" },
      ],
      more: 0,
    });
    expect(record.usesOf(2).uses).toEqual([]);
  });

  it("are told strongest first", () => {
    const { add, places } = aRecord();
    for (const strength of ["copy", "style", "comment", "strong"] as const) add({ in: strength }, strength);
    expect(places()).toEqual(["strong", "style", "comment", "copy"]);
  });

  it("count a place once, by the strongest reference in it", () => {
    const { record, add } = aRecord();
    add({ in: "/" }, "comment");
    add({ in: "/" }, "strong");
    add({ in: "/" }, "style");
    expect(record.usesOf(1)).toEqual({ uses: [{ in: "/", place: "image", strength: "strong" }], more: 0 });
    record.add({ in: "/" }, [{ asset: 1, place: "link", strength: "strong" }]);
    expect(record.usesOf(1).uses).toHaveLength(2);
  });

  it("name every host on which a page is like that, and none on which it is not", () => {
    const { record, add } = aRecord();
    add({ in: "/", host: "a.example" });
    add({ in: "/", host: "b.example" });
    add({ in: "/", host: "b.example" });
    add({ in: "/", host: "c.example" }, "comment");
    add({ in: "/" });
    expect(record.usesOf(1).uses).toMatchObject([{ hosts: ["a.example", "b.example"] }]);
    add({ in: "CMS" });
    add({ in: "CMS", host: "a.example" });
    expect(record.usesOf(1).uses[1]).not.toHaveProperty("hosts");
  });

  it("are listed up to ten, and counted beyond, each place once", () => {
    const { record, add, places } = aRecord();
    for (let page = 0; page < MOST_USES; page += 1) add({ in: `/${page}` });
    expect(record.usesOf(1).more).toBe(0);
    for (let count = 0; count < 2; count += 1) {
      add({ in: "/eleven" });
      add({ in: "/twelve" });
      add({ in: "/0" });
    }
    expect(record.usesOf(1).more).toBe(2);
    expect(places()).toEqual(Array.from({ length: MOST_USES }, (_, page) => `/${page}`));
    add({ in: "/eleven" }, "strong", 2);
    expect(record.usesOf(2)).toMatchObject({ uses: [{ in: "/eleven" }], more: 0 });
  });

  it("show a strong use that comes late instead of the weakest one, so that the asset is not taken for unused", () => {
    const { record, add, places } = aRecord();
    add({ in: "style" }, "style");
    for (let page = 0; page < MOST_USES - 2; page += 1) add({ in: `comment ${page}` }, "comment");
    add({ in: "copy" }, "copy");
    add({ in: "late" }, "strong");
    expect(record.usesOf(1).more).toBe(1);
    expect(places()).toContain("late");
    expect(places()).not.toContain("copy");
    add({ in: "later copy" }, "copy");
    expect(places()).not.toContain("later copy");
    expect(record.usesOf(1).more).toBe(2);
  });
});

describe("the verdict on an asset", () => {
  it.each([
    [["copy", "style", "strong"], "used"],
    [["comment", "style"], "styleOnly"],
    [["comment", "copy"], "weak"],
    [["copy"], "weak"],
  ] as [
    Strength[],
    string,
  ][])("with references that are %j is %s, whether or not everything was read", (all, verdict) => {
    const uses = all.map((strength) => ({ strength }));
    expect(verdictOf(uses, true)).toBe(verdict);
    expect(verdictOf(uses, false)).toBe(verdict);
  });

  it("without a reference is that none was found, if enough was read", () => {
    expect(verdictOf([], true)).toBe("noReferenceFound");
    expect(verdictOf([], false)).toBe("notChecked");
  });
});
