import { describe, expect, it } from "vitest";
import { createFolderStore } from "../../../src/folders/folder-store.js";
import { createBatchPlaces, isAsked } from "../../../src/uploads/batch/batch-places.js";
import { callContext } from "../../builders/call.js";
import { aFolder, foldersInMemory } from "../../builders/folders-in-memory.js";

const TEAM = aFolder("a".repeat(24), "Team");
const TEAM_PLACED = { id: TEAM.id, path: "Team", names: ["Team"], assetIds: [] };

function placesOn(...folders: Parameters<typeof foldersInMemory>) {
  const site = foldersInMemory(...folders);
  const store = createFolderStore(site.webflow, { attempts: 1, baseMs: 0, capMs: 0 }, 1);
  return { site, places: createBatchPlaces(store, "b".repeat(24), callContext()) };
}

describe("the folder of a file in a batch", () => {
  it("is found by its id or its path, made where a path has none, and the root where none is named", async () => {
    const { site, places } = placesOn(TEAM);
    expect((await places.folderOf({ folderId: TEAM.id }))?.path).toBe("Team");
    expect((await places.folderOf({ folder: "Team" }))?.id).toBe(TEAM.id);
    expect((await places.folderOf({ folder: "New" }))?.path).toBe("New");
    expect(await places.folderOf({})).toBeUndefined();
    expect(site.folders).toHaveLength(2);
  });

  it("is looked for once, also while it is being made, and an id is not taken for a path", async () => {
    const { site, places } = placesOn();
    const both = [places.folderOf({ folder: "New" }), places.folderOf({ folder: "New" })];
    expect(both[0]).toBe(both[1]);
    await Promise.all(both);
    expect(site.folders).toHaveLength(1);
    await expect(places.folderOf({ folderId: "New" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("is checked without being made", async () => {
    const { site, places } = placesOn(TEAM);
    await places.check({ folder: "New" });
    await places.check({ folderId: TEAM.id });
    await places.check({});
    await expect(places.check({ folder: "wide " })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    await expect(places.check({ folderId: "9".repeat(24) })).rejects.toMatchObject({
      code: "FOLDER_NOT_FOUND",
    });
    expect(site.folders).toEqual([TEAM]);
  });

  it("is told once if it is made or would be made beside one that differs in case only", async () => {
    const { places } = placesOn(TEAM);
    await places.check({ folder: "team/New" });
    expect(places.notesOn({ folder: "team/New" })).toEqual([
      'The folder "team/New" would be created.',
      expect.stringContaining('"Team"'),
    ]);
    await places.check({ folder: "team/New" });
    expect(places.notesOn({ folder: "team/New" })).toEqual([]);
    await places.folderOf({ folder: "team" });
    expect(places.notesOn({ folder: "team" })).toEqual([expect.stringContaining('"Team"')]);
    expect(places.notesOn({ folder: "team" })).toEqual([]);
  });

  it("is the one that was asked for by its path or its id, in capitals, too", () => {
    expect(isAsked(TEAM_PLACED, { folder: "Team" })).toBe(true);
    expect(isAsked(TEAM_PLACED, { folder: "Other" })).toBe(false);
    expect(isAsked(TEAM_PLACED, { folderId: TEAM.id.toUpperCase() })).toBe(true);
    expect(isAsked(TEAM_PLACED, { folderId: "9".repeat(24) })).toBe(false);
    expect([
      isAsked(undefined, {}),
      isAsked(TEAM_PLACED, {}),
      isAsked(undefined, { folder: "Team" }),
    ]).toEqual([true, false, false]);
    expect(isAsked(undefined, { folderId: TEAM.id })).toBe(false);
  });
});

describe("the name of a file in a batch", () => {
  it("is its own in its folder, and another one where it is taken there", () => {
    const { places } = placesOn();
    const names = [{ folder: "A" }, { folder: "A" }, { folder: "B" }, { folderId: "A" }, {}, {}].map(
      (choice) => places.ownName("vase.png", choice),
    );
    expect(names).toEqual(["vase.png", "vase-2.png", "vase.png", "vase.png", "vase.png", "vase-2.png"]);
  });
});
