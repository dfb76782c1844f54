import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { notesOnTwin } from "../../src/folders/find-folder.js";
import { createFolderStore } from "../../src/folders/folder-store.js";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import { noAnswer, WebflowFailure } from "../../src/webflow/data-api/error-mapping.js";
import type { Folder } from "../../src/webflow/data-api/responses.js";
import { callContext } from "../builders/call.js";
import { aFolder, type FoldersInMemory, foldersInMemory } from "../builders/folders-in-memory.js";

const SITE = "b".repeat(24);
const CONFLICT = new WebflowFailure("WEBFLOW_REJECTED", "Webflow answered 409", "", { status: 409 });
const GONE = new WebflowFailure("WEBFLOW_REJECTED", "Webflow answered 404", "", { status: 404 });
const ICONS = aFolder("1".repeat(24), "Icons", undefined, ["asset-1"]);

function fail(error: Error): (make: () => Folder) => Folder {
  return () => {
    throw error;
  };
}

const QUICK = { attempts: 3, baseMs: 0, capMs: 0 };

function storeOf(site: FoldersInMemory) {
  const store = createFolderStore(site.webflow, QUICK, 1);
  return {
    ...store,
    make: (path: string) => store.ensure(SITE, path, callContext()),
    found: async (place: { folder?: string; folderId?: string }) =>
      (await store.find(SITE, place, callContext()))?.path,
  };
}

describe("a folder that is made level by level", () => {
  it("gets each level that is missing, inside of the one above it", async () => {
    const site = foldersInMemory(ICONS);
    const { folder, created } = await storeOf(site).make("Icons/Round/Small");
    expect([folder.path, created]).toEqual(["Icons/Round/Small", ["Icons/Round", "Icons/Round/Small"]]);
    expect(site.folders.map(({ parentFolder }) => parentFolder)).toEqual([undefined, ICONS.id, "made-2"]);
    expect(site.offsets).toHaveLength(1);
  });

  it("is not made in the root for an id that was given as its path", async () => {
    const site = foldersInMemory(ICONS);
    await expect(storeOf(site).make(ICONS.id)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      next: 'name the folder by its path, "Icons"',
    });
    await expect(storeOf(site).make(`${"2".repeat(24)}/Round`)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("has no folder with it"),
    });
    expect(site.folders).toHaveLength(1);
  });

  it("comes with a note on a folder that differs in case or accents only", async () => {
    const site = foldersInMemory(ICONS, aFolder("3".repeat(24), "Round", ICONS.id));
    const notesOf = async (path: string) => (await storeOf(site).make(path)).notes.join();
    expect(await notesOf("icons")).toContain('"Icons"');
    expect(await notesOf("Icons/r\u00f6und/small")).toContain('"Icons/Round"');
    expect(await notesOf("Icons/Square")).toBe("");
    expect(await notesOf("icons")).toBe("");
  });

  it("is told nothing about where it exists twice, and was named by its id", () => {
    const twins = buildFolderTree([ICONS, { ...ICONS, id: "4".repeat(24) }]);
    expect(notesOnTwin(twins, ["Icons"])).toEqual([]);
  });

  it("may be named like an id inside of another one", async () => {
    const { created } = await storeOf(foldersInMemory(ICONS)).make(`Icons/${"2".repeat(24)}`);
    expect(created).toHaveLength(1);
  });

  it("is offered by its path where its id was given as one", async () => {
    await expect(storeOf(foldersInMemory(ICONS)).found({ folder: ICONS.id })).rejects.toMatchObject({
      code: "FOLDER_NOT_FOUND",
      next: expect.stringContaining('name "Icons"'),
    });
  });

  it("may be 20 levels deep, and is found when it is deeper", async () => {
    const names = Array.from({ length: 21 }, (_, level) => `Level ${level}`);
    const made = await storeOf(foldersInMemory()).make(names.slice(0, 20).join("/"));
    expect(made.created).toHaveLength(20);
    const deep = names.map((name, level) => aFolder(name, name, names[level - 1]));
    const { folder, created } = await storeOf(foldersInMemory(...deep)).make(names.join("/"));
    expect([folder.id, created]).toEqual(["Level 20", []]);
  });

  it("is looked for before a second attempt, which the first may have made needless", async () => {
    const site = foldersInMemory();
    site.creations.push((make) => {
      make();
      throw noAnswer("the connection broke");
    });
    expect((await storeOf(site).make("Icons")).created).toEqual(["Icons"]);
    expect(site.folders).toHaveLength(1);
  });

  it("counts as made when a second attempt meets what the first has made", async () => {
    const site = foldersInMemory();
    site.creations.push(fail(noAnswer("the connection broke")), (make) => {
      make();
      throw CONFLICT;
    });
    expect((await storeOf(site).make("Icons")).created).toEqual(["Icons"]);
  });

  it("counts as found when somebody made it in the same moment", async () => {
    const site = foldersInMemory();
    site.creations.push((make) => {
      make();
      throw CONFLICT;
    });
    const { folder, created } = await storeOf(site).make("Icons");
    expect([folder.path, created]).toEqual(["Icons", []]);
  });

  it("is waited for when somebody made it and the list does not show it yet", async () => {
    const site = foldersInMemory();
    site.creations.push(fail(CONFLICT));
    site.looks.push(
      () => {},
      () => {},
      () => {
        site.folders = [ICONS];
      },
    );
    expect((await storeOf(site).make("Icons")).created).toEqual([]);
    expect(site.offsets).toHaveLength(3);
  });

  it("is refused, with the folder that has the name, when Webflow takes each name once", async () => {
    const site = foldersInMemory(ICONS, aFolder("2", "Spring"), aFolder("3", "Round", "2"));
    site.creations.push(fail(CONFLICT));
    await expect(storeOf(site).make("Spring/Round/icons")).rejects.toMatchObject({
      code: "FOLDER_CONFLICT",
      message: expect.stringContaining(`"Icons" (${ICONS.id})`),
      next: "use that folder, or choose another name",
    });
    expect(site.offsets).toHaveLength(2);
  });

  it("is refused with the levels above it that were created, and stay", async () => {
    const site = foldersInMemory(ICONS);
    site.creations.push((make) => make(), fail(CONFLICT));
    await expect(storeOf(site).make("Spring/Icons")).rejects.toMatchObject({
      code: "FOLDER_CONFLICT",
      message: expect.stringMatching(/already exists on the site: .*\. Created before that: "Spring"$/),
    });
    expect(site.folders).toHaveLength(2);
  });

  it("is refused without a folder to use when none is listed that has the name", async () => {
    const site = foldersInMemory();
    site.creations.push(fail(CONFLICT));
    await expect(storeOf(site).make("Icons")).rejects.toMatchObject({
      code: "FOLDER_CONFLICT",
      message: expect.stringMatching(/already exists on the site$/),
      next: "choose another name",
    });
  });

  it("is refused at once when Webflow refuses it for good", async () => {
    const site = foldersInMemory();
    const refused = new WebflowFailure("WEBFLOW_REJECTED", "Webflow answered 400", "", { status: 400 });
    site.creations.push(fail(refused));
    await expect(storeOf(site).make("Icons")).rejects.toBe(refused);
    expect(site.folders).toEqual([]);
  });

  it("is made under a fresh parent when the one that was known is gone", async () => {
    const site = foldersInMemory(ICONS);
    const store = storeOf(site);
    await store.tree(SITE, callContext());
    site.folders = [];
    site.creations.push(fail(GONE));
    expect((await store.make("Icons/Round")).created).toEqual(["Icons", "Icons/Round"]);
  });

  it("is not tried for ever when Webflow finds no site", async () => {
    const site = foldersInMemory();
    site.creations.push(fail(GONE), fail(GONE));
    await expect(storeOf(site).make("Icons")).rejects.toBe(GONE);
    expect(site.creations).toEqual([]);
  });

  it("is found under a name that none could be given, when somebody made it meanwhile", async () => {
    const site = foldersInMemory();
    const store = storeOf(site);
    await store.tree(SITE, callContext());
    site.folders = [aFolder("w", "wide ")];
    expect((await store.make("wide ")).created).toEqual([]);
  });

  it("may lie in a folder of such a name", async () => {
    const store = storeOf(foldersInMemory(aFolder("w", "wide ")));
    expect((await store.make("wide /Round")).created).toEqual(["wide /Round"]);
  });

  it("is refused under such a name before anything is made", async () => {
    const site = foldersInMemory();
    await expect(storeOf(site).make("Icons/wide ")).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(site.folders).toEqual([]);
  });

  it("is not guessed where a level above it has twins", async () => {
    const site = foldersInMemory(ICONS, aFolder("2".repeat(24), "Icons"));
    const store = storeOf(site);
    await expect(store.make("Icons/wide ")).rejects.toMatchObject({
      code: "FOLDER_AMBIGUOUS",
      message: `2 folders have the path "Icons": ${ICONS.id}, ${"2".repeat(24)}`,
    });
    expect(site.offsets).toEqual([0]);
  });
});

describe("a folder that a call names", () => {
  it("is found by its path or its id, in capitals, too", async () => {
    const store = storeOf(foldersInMemory(aFolder("a".repeat(24), "Icons")));
    expect(await store.found({ folder: "Icons" })).toBe("Icons");
    expect(await store.found({ folderId: "A".repeat(24) })).toBe("Icons");
  });

  it("is the root when the call names none, for which nobody has to look", async () => {
    const site = foldersInMemory(ICONS);
    expect(await storeOf(site).found({})).toBeUndefined();
    expect(site.offsets).toEqual([]);
  });

  it("is looked for once if it is known, and once more if it is not", async () => {
    const site = foldersInMemory(ICONS);
    const store = storeOf(site);
    await store.found({ folder: "Icons" });
    expect(site.offsets).toHaveLength(1);
    site.folders = [aFolder("2".repeat(24), "Later")];
    expect(await store.found({ folder: "Later" })).toBe("Later");
    expect(site.offsets).toHaveLength(2);
  });

  it.each([
    { folder: "Gone" },
    { folderId: "9".repeat(24) },
  ])("a folder that a call names that does not exist is an error that names it, or nothing to who only asks: %j", async (place) => {
    const store = storeOf(foldersInMemory(ICONS));
    const name = place.folder ?? place.folderId ?? "";
    await expect(store.found(place)).rejects.toMatchObject({
      code: "FOLDER_NOT_FOUND",
      message: `The site has no folder "${name}"`,
    });
    expect(await store.findIfAny(SITE, place, callContext())).toBeUndefined();
  });

  it.each([
    ["icons", 'name "Icons" if that is meant, or call listFolders'],
    ["Round", 'name "Icons/Round" if that is meant, or call listFolders'],
    ["Icons/Runt", 'name "Icons/Round" if that is meant, or call listFolders'],
    ["Pictures", "call listFolders to see those that exist"],
  ])("a folder that a call names that does not exist may be another one: %s", async (folder, next) => {
    const store = storeOf(foldersInMemory(ICONS, aFolder("2".repeat(24), "Round", ICONS.id)));
    await expect(store.found({ folder })).rejects.toMatchObject({ next: expect.stringContaining(next) });
  });

  it.each([
    ["both a path and an id", { folder: "Icons", folderId: ICONS.id }],
    ["no path", { folder: "" }],
    ["no id", { folderId: "icons" }],
  ])("is refused before Webflow is asked when it is %s", async (_, place) => {
    const site = foldersInMemory(ICONS);
    const store = storeOf(site);
    const refusal = { code: "INVALID_INPUT" };
    expect(() => store.check(place)).toThrow(expect.objectContaining(refusal));
    await expect(store.found(place)).rejects.toMatchObject(refusal);
    expect(site.offsets).toEqual([]);
  });

  it("passes the check when it is a path, an id, or none", () => {
    const store = storeOf(foldersInMemory());
    expect([{ folder: "Icons" }, { folderId: ICONS.id }, {}].map(store.check)).toHaveLength(3);
  });
});

describe("the folder of an asset", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function looksFor(assetAgeMs: number, knownForMs: number) {
    const site = foldersInMemory(ICONS);
    const store = storeOf(site);
    await store.tree(SITE, callContext());
    vi.setSystemTime(Date.now() + knownForMs);
    const folder = await store.folderOfAsset(SITE, "asset-1", callContext(), assetAgeMs);
    expect(folder?.path).toBe("Icons");
    return site.offsets.length - 1;
  }

  it.each([
    ["known since the asset was there, for sure", 10_000, 7_999, 0],
    ["known since about when the asset was made", 10_000, 8_000, 1],
    ["known for a minute, however old the asset is", 3_600_000, 60_000, 1],
    ["known for less than that", 3_600_000, 59_999, 0],
    ["known now, while the asset is as new", 0, 0, 1],
  ])("is read from folders that are %s", async (_, ageMs, knownForMs, looks) => {
    expect(await looksFor(ageMs, knownForMs)).toBe(looks);
  });

  it("is looked up by how old its id is, unless its age is told", async () => {
    const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000 - seconds).toString(16);
    const site = foldersInMemory(ICONS);
    const store = storeOf(site);
    await store.tree(SITE, callContext());
    await store.folderOfAsset(SITE, secondsAgo(60) + "0".repeat(16), callContext());
    expect(site.offsets).toHaveLength(1);
    await store.folderOfAsset(SITE, secondsAgo(0) + "0".repeat(16), callContext());
    expect(site.offsets).toHaveLength(2);
  });

  it("is the one that this process put it into, without a look", async () => {
    const site = foldersInMemory();
    const store = storeOf(site);
    const folder = { id: ICONS.id, names: ["Icons"], path: "Icons", assetIds: [] };
    store.notePlaced("new-asset", folder);
    expect(await store.folderOfAsset(SITE, "new-asset", callContext(), 0)).toBe(folder);
    expect(site.offsets).toEqual([]);
  });
});
