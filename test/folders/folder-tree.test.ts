import { describe, expect, it } from "vitest";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import type { Folder } from "../../src/webflow/data-api/responses.js";

function aFolder(id: string, displayName: string, parentFolder?: string, assets: string[] = []): Folder {
  return { id, displayName, parentFolder, assets };
}

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

  it("shows the end of a path of 20,000 nested folders", () => {
    const chain = Array.from({ length: 20_000 }, (_, level) =>
      aFolder(String(level), `Level ${level}`, level === 0 ? undefined : String(level - 1)),
    );
    const tree = buildFolderTree(chain);
    expect(tree.byId("99")?.names).toHaveLength(100);
    expect(tree.byId("19999")?.path).toMatch(/^…\/Level 19900\/.*\/Level 19999$/);
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

  it("knows the folder of an asset, and none for one in the root", () => {
    const tree = buildFolderTree([aFolder("a", "Icons", undefined, ["asset1"])]);
    expect(tree.folderOfAsset("asset1")?.path).toBe("Icons");
    expect(tree.folderOfAsset("asset2")).toBeUndefined();
  });
});
