import { describe, expect, it } from "vitest";
import type { FolderStore } from "../../src/folders/folder-store.js";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import { createListFolders } from "../../src/folders/list-folders.js";
import type { Folder } from "../../src/webflow/data-api/responses.js";
import type { Sites } from "../../src/webflow/sites.js";
import { callContext } from "../builders/call.js";
import { aFolder } from "../builders/folders-in-memory.js";

const SITE = "b".repeat(24);

/** A listing of these folders, which a test may change between two pages. */
function listingOf(folders: Folder[], doubt?: string) {
  const site = { folders, ages: [] as (number | undefined)[] };
  const store = {
    async tree(_siteId, _call, maxAgeMs) {
      site.ages.push(maxAgeMs);
      return buildFolderTree(site.folders, doubt);
    },
  } as Partial<FolderStore> as FolderStore;
  const listFolders = createListFolders({ resolve: async () => SITE } as Partial<Sites> as Sites, store);
  const list = async (request: { query?: string; limit?: number; cursor?: string | undefined } = {}) => {
    const page = await listFolders({ limit: 2, ...request }, callContext());
    return { ...page, paths: page.folders.map(({ path }) => path) };
  };
  return { site, list };
}

const LETTERS = ["E", "A", "C", "B", "D"].map((name) => aFolder(name.toLowerCase(), name));

describe("a page of folders", () => {
  it("holds as many as were asked for, by their paths, with the total and a cursor for more", async () => {
    const { list } = listingOf([aFolder("a", "A", undefined, ["1", "2"]), ...LETTERS.slice(2)]);
    const page = await list();
    expect(page).toMatchObject({ siteId: SITE, total: 4, nextCursor: expect.any(String) });
    expect(page.folders).toEqual([
      { id: "a", path: "A", assets: 2 },
      { id: "b", path: "B", assets: 0 },
    ]);
    expect(page).not.toHaveProperty("notes");
  });

  it("holds those alone whose path contains what is looked for, whatever case and accents", async () => {
    const { list } = listingOf([aFolder("e", "Été"), aFolder("p", "Photos", "e"), aFolder("w", "Winter")]);
    expect(await list({ query: "ete" })).toMatchObject({ paths: ["Été", "Été/Photos"], total: 2 });
  });

  it("holds as many as fit into one answer, and the next one goes on there", async () => {
    const { list } = listingOf(
      Array.from({ length: 300 }, (_, index) => aFolder(`id-${index}`, "日本語".repeat(20))),
    );
    const { folders, nextCursor } = await list({ limit: 300 });
    expect(folders.length).toBeLessThan(200);
    expect((await list({ limit: 1, cursor: nextCursor })).folders).not.toContainEqual(folders.at(-1));
  });

  it("says why it may be incomplete", async () => {
    expect(await listingOf([], "one page was lost").list()).toMatchObject({
      folders: [],
      total: 0,
      notes: ["Incomplete: one page was lost."],
    });
  });

  it("begins with a fresh look, and goes on with what is known for a minute", async () => {
    const { site, list } = listingOf(LETTERS);
    const { nextCursor } = await list();
    await list({ cursor: nextCursor });
    expect(site.ages).toEqual([0, 60_000]);
  });

  it("ends without a cursor when it is the last", async () => {
    const { list } = listingOf(LETTERS);
    expect(await list({ limit: 5 })).not.toHaveProperty("nextCursor");
    const second = await list({ limit: 3, cursor: (await list({ limit: 3 })).nextCursor });
    expect(second.paths).toEqual(["D", "E"]);
    expect(second).not.toHaveProperty("nextCursor");
  });

  it.each([
    ["the last one shown is gone", ["a", "c", "d"], ["C", "D"]],
    ["others came before it", ["a", "b", "c", "d", "A2"], ["C", "D"]],
    ["nothing is left behind it", ["a"], []],
  ])("goes on behind the last one shown when %s", async (_, ids, paths) => {
    const { site, list } = listingOf(LETTERS);
    const { nextCursor } = await list();
    site.folders = ids.map((id) => aFolder(id, id.toUpperCase()));
    const page = await list({ cursor: nextCursor });
    expect(page.paths).toEqual(paths);
    expect(page).not.toHaveProperty("nextCursor");
  });

  it("goes on between twins by their ids, also when the one shown is gone", async () => {
    const twins = ["t1", "t2", "t3"].map((id) => aFolder(id, "Twin"));
    const { site, list } = listingOf(twins);
    const { nextCursor } = await list();
    expect((await list({ cursor: nextCursor })).folders.map(({ id }) => id)).toEqual(["t3"]);
    site.folders = [aFolder("z", "Triplet"), aFolder("t1", "Twin"), aFolder("t3", "Twin")];
    expect((await list({ cursor: nextCursor })).folders.map(({ id }) => id)).toEqual(["t3"]);
  });

  it("goes on behind a folder that was renamed by where it was", async () => {
    const { site, list } = listingOf(LETTERS);
    const { nextCursor } = await list();
    site.folders = [aFolder("b", "Z"), aFolder("c", "C")];
    expect((await list({ cursor: nextCursor })).paths).toEqual(["C", "Z"]);
  });

  it("has a cursor that clients hand back, however long the paths are", async () => {
    const long = ["1", "2", "3"].map((id) => aFolder(id, `${"x".repeat(250)}${id}`));
    const { list } = listingOf(long);
    const { nextCursor = "" } = await list();
    expect(nextCursor.length).toBeLessThan(300);
    expect((await list({ cursor: nextCursor })).folders.map(({ id }) => id)).toEqual(["3"]);
  });

  it.each([
    "abc",
    Buffer.from('["A"]').toString("base64url"),
    Buffer.from("[1,2]").toString("base64url"),
  ])("is refused for the cursor %s, which no page gave", async (cursor) => {
    await expect(listingOf(LETTERS).list({ cursor })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
