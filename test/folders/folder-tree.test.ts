import { describe, expect, it } from "vitest";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import { aFolder } from "../builders/folders-in-memory.js";

describe("buildFolderTree", () => {
  it("places folders by their parents, whatever their order", () => {
    const tree = buildFolderTree([
      aFolder("c", "2026", "b"),
      aFolder("a", "Campaigns"),
      aFolder("b", "Spring", "a"),
    ]);
    expect(tree.folders.map(({ path }) => path)).toEqual([
      "Campaigns",
      "Campaigns/Spring",
      "Campaigns/Spring/2026",
    ]);
    expect(tree.at(["Campaigns", "Spring"])[0]?.id).toBe("b");
  });

  it("keeps a slash inside a name apart from a level", () => {
    const tree = buildFolderTree([aFolder("a", "Q1/Q2"), aFolder("b", "Q1"), aFolder("c", "Q2", "b")]);
    expect(tree.at(["Q1/Q2"]).map(({ id }) => id)).toEqual(["a"]);
    expect(tree.at(["Q1", "Q2"]).map(({ id }) => id)).toEqual(["c"]);
  });

  it("finds a decomposed name by its composed twin", () => {
    const tree = buildFolderTree([aFolder("a", "Cafe\u0301")]);
    expect(tree.at(["Caf\u00e9"])[0]?.id).toBe("a");
  });

  it("names all folders with the same path", () => {
    const tree = buildFolderTree([aFolder("a", "Twins"), aFolder("b", "Twins")]);
    expect(tree.at(["Twins"])).toHaveLength(2);
  });

  it("shows the end of a path of 1,000 nested folders", () => {
    const chain = Array.from({ length: 1_000 }, (_, level) =>
      aFolder(String(level), `Level ${level}`, level === 0 ? undefined : String(level - 1)),
    );
    const tree = buildFolderTree(chain);
    expect(tree.byId("99")?.names).toHaveLength(100);
    expect(tree.byId("100")?.names).toHaveLength(101);
    expect(tree.byId("999")?.path).toMatch(/^…\/Level 900\/.*\/Level 999$/);
  });

  it("puts a folder whose parent is unknown, or that is its own ancestor, at the root", () => {
    const tree = buildFolderTree([
      aFolder("a", "Lost", "gone"),
      aFolder("b", "Loop", "c"),
      aFolder("c", "Knot", "b"),
    ]);
    expect(tree.at(["Lost"])).toHaveLength(1);
    expect(tree.folders).toHaveLength(3);
  });

  it("sorts folders by their paths, and twins by their ids", () => {
    const flat = ["c", "a", "b", "d"].map((id) => aFolder(id, id === "d" ? "A" : "Twin"));
    const sorted = ["d", "a", "b", "c"];
    expect(buildFolderTree(flat).folders.map(({ id }) => id)).toEqual(sorted);
    expect(buildFolderTree(flat.reverse()).folders.map(({ id }) => id)).toEqual(sorted);
  });

  it("finds folders by their own name, in any case and form, wherever they are", () => {
    const tree = buildFolderTree([
      aFolder("a", "CAFE\u0301"),
      aFolder("b", "caf\u00e9", "a"),
      aFolder("c", "Tea", "a"),
    ]);
    expect(tree.named("Caf\u00e9").map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("names a folder with all below it, and no other", () => {
    const tree = buildFolderTree([
      aFolder("a", "A"),
      aFolder("b", "B", "a"),
      aFolder("c", "C", "b"),
      aFolder("d", "D", "a"),
      aFolder("e", "E"),
    ]);
    expect([...tree.idsWithin("a")].sort()).toEqual(["a", "b", "c", "d"]);
    expect([...tree.idsWithin("c")]).toEqual(["c"]);
    expect([...tree.idsWithin("gone")]).toEqual(["gone"]);
  });

  it("takes one more folder, or another version of one, and keeps its doubt", () => {
    const tree = buildFolderTree([aFolder("a", "Old"), aFolder("b", "B")], "a page was lost");
    const more = tree.with(aFolder("c", "C", "b")).with(aFolder("a", "New"));
    expect(more.folders.map(({ path }) => path)).toEqual(["B", "B/C", "New"]);
    expect(more.doubt).toBe("a page was lost");
  });

  it("knows the folder of an asset, and none for one in the root", () => {
    const tree = buildFolderTree([aFolder("a", "Icons", undefined, ["asset1"])]);
    expect(tree.folderOf({ id: "asset1" })?.path).toBe("Icons");
    expect(tree.folderOf({ id: "asset2" })).toBeUndefined();
    expect(tree.folderOf({ id: "asset2", folderId: "a" })?.path).toBe("Icons");
  });
});
