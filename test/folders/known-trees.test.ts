import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKnownTrees } from "../../src/folders/known-trees.js";
import { noAnswer } from "../../src/webflow/data-api/error-mapping.js";
import { callContext } from "../builders/call.js";
import { aFolder, foldersInMemory } from "../builders/folders-in-memory.js";

const SITE = "b".repeat(24);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

function pass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe("the folders of a site", () => {
  it("are read once for a minute", async () => {
    const site = foldersInMemory(aFolder("a", "Icons"));
    const trees = createKnownTrees(site.webflow);
    await trees.tree(SITE, callContext());
    pass(59_999);
    await trees.tree(SITE, callContext());
    expect(site.offsets).toEqual([0]);
    pass(1);
    await trees.tree(SITE, callContext());
    expect(site.offsets).toEqual([0, 0]);
  });

  it("are read anew for a call that needs them younger, and after they were forgotten", async () => {
    const site = foldersInMemory(aFolder("a", "Icons"));
    const trees = createKnownTrees(site.webflow);
    await trees.tree(SITE, callContext());
    await trees.tree(SITE, callContext(), 0);
    expect(site.offsets).toHaveLength(2);
    trees.forget(SITE);
    await trees.tree(SITE, callContext());
    expect(site.offsets).toHaveLength(3);
  });

  it("are read once for calls that need them at the same time, and anew for the next", async () => {
    const site = foldersInMemory(aFolder("a", "Icons"));
    const trees = createKnownTrees(site.webflow);
    await Promise.all([trees.tree(SITE, callContext(), 0), trees.tree(SITE, callContext(), 0)]);
    expect(site.offsets).toHaveLength(1);
    await trees.tree(SITE, callContext(), 0);
    expect(site.offsets).toHaveLength(2);
  });

  it("are read by the next call itself when the one that it waited for fails", async () => {
    const site = foldersInMemory(aFolder("a", "Icons"));
    site.looks.push(() => {
      throw noAnswer("the connection broke");
    });
    const trees = createKnownTrees(site.webflow);
    const first = expect(trees.tree(SITE, callContext())).rejects.toMatchObject({
      code: "WEBFLOW_UNAVAILABLE",
    });
    const second = trees.tree(SITE, callContext());
    await first;
    expect((await second).folders).toHaveLength(1);
    expect(site.offsets).toHaveLength(2);
  });

  it("are not read again for a call that is cancelled while it waits", async () => {
    const site = foldersInMemory(aFolder("a", "Icons"));
    const trees = createKnownTrees(site.webflow);
    const cancel = new AbortController();
    const first = trees.tree(SITE, callContext());
    const second = trees.tree(SITE, callContext({ signal: cancel.signal }));
    cancel.abort();
    await expect(second).rejects.toMatchObject({ code: "CANCELLED" });
    await first;
    expect(site.offsets).toHaveLength(1);
  });
});

describe("a folder that this process made", () => {
  it("is in what is known at once", async () => {
    const site = foldersInMemory(aFolder("a", "Icons"));
    const trees = createKnownTrees(site.webflow);
    await trees.tree(SITE, callContext());
    trees.remember(SITE, aFolder("n", "New", "a"));
    expect((await trees.tree(SITE, callContext())).byId("n")?.path).toBe("Icons/New");
    expect(site.offsets).toHaveLength(1);
  });

  it("stays known for half a minute although Webflow's list does not show it", async () => {
    const trees = createKnownTrees(foldersInMemory(aFolder("a", "Icons")).webflow);
    trees.remember(SITE, aFolder("n", "New"));
    trees.remember(SITE, aFolder("m", "Newer"));
    pass(29_999);
    expect(trees.isNew("n")).toBe(true);
    expect((await trees.read(SITE, callContext())).folders.map(({ id }) => id)).toEqual(["a", "n", "m"]);
    pass(1);
    expect(trees.isNew("n")).toBe(false);
    expect((await trees.read(SITE, callContext())).folders.map(({ id }) => id)).toEqual(["a"]);
  });

  it("is there once when the list shows it", async () => {
    const site = foldersInMemory(aFolder("n", "New"));
    const trees = createKnownTrees(site.webflow);
    trees.remember(SITE, aFolder("n", "New"));
    expect((await trees.read(SITE, callContext())).at(["New"])).toHaveLength(1);
  });

  it("is not taken for a folder of another site, nor another folder for new", async () => {
    const trees = createKnownTrees(foldersInMemory().webflow);
    trees.remember(SITE, aFolder("n", "New"));
    expect((await trees.read("c".repeat(24), callContext())).folders).toEqual([]);
    expect(trees.isNew("other")).toBe(false);
  });
});

describe("a long list of folders", () => {
  const many = Array.from({ length: 250 }, (_, index) => aFolder(`f${index}`, `Folder ${index}`));

  it("is read to its end, page by page", async () => {
    const { folders, doubt } = await createKnownTrees(foldersInMemory(...many).webflow).read(
      SITE,
      callContext(),
    );
    expect([folders.length, doubt]).toEqual([250, undefined]);
  });

  it("may be longer than what came when the same full page repeats and no total is told", async () => {
    const site = foldersInMemory();
    site.webflow.listFolders = async () => ({
      entries: many.slice(0, 100),
      unreadable: 0,
      total: undefined,
    });
    const { folders, doubt } = await createKnownTrees(site.webflow).read(SITE, callContext());
    expect(folders).toHaveLength(100);
    expect(doubt).toContain("there may be more folders");
  });
});
