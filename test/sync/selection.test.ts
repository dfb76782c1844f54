import { describe, expect, it } from "vitest";
import { ignoreRuleFor } from "../../src/sync/ignore-rules.js";
import { createSelection, type SelectionOptions } from "../../src/sync/selection.js";

function select(options: Omit<SelectionOptions, "roots">) {
  return createSelection({ ...options, roots: ["/home/ann/Site"] });
}

function included(include: string[], ...paths: string[]): string[] {
  return select({ include }).included(paths, (path) => path.split("/"));
}

describe("what include selects", () => {
  it("is everything where there are no patterns", () => {
    expect(included([], "a.jpg", "b/c.jpg")).toEqual(["a.jpg", "b/c.jpg"]);
  });

  it("stops with a star at the level where it stands", () => {
    expect(included(["Spring/*"], "Spring/a.jpg", "Spring/deep/b.jpg")).toEqual(["Spring/a.jpg"]);
  });

  it("is no hidden file and no placeholder, whatever is named", () => {
    for (const name of [".env", ".photo.jpg.icloud"]) {
      const rule = ignoreRuleFor(name);
      expect(rule).toBeDefined();
      if (rule) expect(select({ include: [name] }).asksFor(name, rule)).toBe(false);
    }
  });

  it("is ignored unless its name or its rule is named", () => {
    const rule = ignoreRuleFor("Tool.app");
    if (!rule) throw new Error("No rule ignores it.");
    expect(select({ include: ["tool.APP"] }).asksFor("Tool.app", rule)).toBe(true);
    expect(select({ include: ["a/*.app/icon.png"] }).asksFor("Tool.app", rule)).toBe(true);
    expect(select({ include: ["*"] }).asksFor("Tool.app", rule)).toBe(false);
    expect(select({}).asksFor("Tool.app", rule)).toBe(false);
  });

  it("leaves patterns over that selected nothing", () => {
    const selection = select({ include: ["a.jpg", "*.heic"] });
    selection.included(["a.jpg"], (path) => [path]);
    expect(selection.unmatchedIncludes()).toEqual(["*.heic"]);
  });
});

describe("what exclude leaves out", () => {
  it("goes with a star into directories, because what was meant to stay private must stay it", () => {
    expect(select({ exclude: ["private/*"] }).excludes(["private", "deep", "a.jpg"])).toBe(true);
    expect(select({ exclude: ["private/*"] }).excludes(["public", "a.jpg"])).toBe(false);
  });

  it("is nothing without patterns", () => {
    expect(select({}).excludes(["a.jpg"])).toBe(false);
    expect(select({}).unmatchedExcludes()).toEqual([]);
  });

  it("counts as found where it may lie in a directory that nobody looked into", () => {
    const exclude = ["locked/x.jpg", "{locked,gone}/y.jpg", "lock*/z.jpg", "open/x.jpg", "**/a.jpg", "a.jpg"];
    const selection = select({ exclude });
    selection.passedOver(["locked"]);
    expect(selection.unmatchedExcludes()).toEqual(["open/x.jpg", "**/a.jpg", "a.jpg"]);
  });

  it("is not missed where it is left out anyway", () => {
    expect(select({ exclude: [".git", "Thumbs.db", "a/.cache/b", "photos"] }).unmatchedExcludes()).toEqual([
      "photos",
    ]);
  });
});

describe("a name that a rule ignores", () => {
  it.each([
    [".photo.jpg.icloud", "placeholder"],
    [".PHOTO.JPG.ICLOUD", "placeholder"],
    [".photo.jpg.icloud.txt", "hidden"],
    [".icloud", "hidden"],
    [".DS_Store", "hidden"],
    ["THUMBS.DB", "system"],
    ["FOUND.007", "system"],
    ["backup~", "system"],
    ["My Photos.photoslibrary", "bundle"],
    ["node_modules", "code"],
  ])("is known by its name: %s is %s", (name, kind) => {
    expect(ignoreRuleFor(name)?.kind).toBe(kind);
  });

  it.each([
    "photo.jpg.icloud",
    "a.b.icloud",
    "FOUND.ABC",
    "~backup",
    "app",
    "modules",
    "a.jpg",
    "Icon",
  ])("is not %s, which people make", (name) => {
    expect(ignoreRuleFor(name)).toBeUndefined();
  });
});
