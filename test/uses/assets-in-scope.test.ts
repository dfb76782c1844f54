import { describe, expect, it } from "vitest";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import type { AssetListing } from "../../src/library/listing/listing.js";
import { assetsInScope } from "../../src/uses/usage-maps.js";
import { listedAsset } from "../builders/site-in-memory.js";

const [IN_FIRST, BELOW_FIRST, IN_TWIN, IN_ROOT] = ["a", "b", "c", "d"].map((digit) => digit.repeat(24)) as [
  string,
  string,
  string,
  string,
];
const TREE = buildFolderTree([
  { id: "first", displayName: "Twin", parentFolder: undefined, assets: [IN_FIRST] },
  { id: "below", displayName: "Below", parentFolder: "first", assets: [BELOW_FIRST] },
  { id: "second", displayName: "Twin", parentFolder: undefined, assets: [IN_TWIN] },
]);
const entries = [undefined, ...[IN_FIRST, BELOW_FIRST, IN_TWIN, IN_ROOT].map((id) => listedAsset(id))];
const LISTING = { entries } as unknown as AssetListing;

function inScope(ids: readonly string[], folderId?: string): string[] {
  const folder = folderId === undefined ? undefined : TREE.byId(folderId);
  return assetsInScope(LISTING, ids, folder, folder && TREE).map(({ id }) => id);
}

describe("the assets that a question about uses is about", () => {
  it("are all that are listed when it names none and no folder", () => {
    expect(inScope([])).toEqual([IN_FIRST, BELOW_FIRST, IN_TWIN, IN_ROOT]);
  });

  it("are those of a folder and below it, not those of another folder with its name", () => {
    expect(inScope([], "first")).toEqual([IN_FIRST, BELOW_FIRST]);
    expect(inScope([], "second")).toEqual([IN_TWIN]);
  });

  it("are those that it names, as far as they lie in its folder", () => {
    expect(inScope([IN_TWIN, IN_ROOT])).toEqual([IN_TWIN, IN_ROOT]);
    expect(inScope([IN_TWIN, BELOW_FIRST], "first")).toEqual([BELOW_FIRST]);
  });
});
