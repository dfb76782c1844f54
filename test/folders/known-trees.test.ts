import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKnownTrees } from "../../src/folders/known-trees.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
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

describe("a list of folders in pages", () => {
  const many = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => aFolder(`f${from + index}`, `Folder ${from + index}`));

  /** A Webflow that answers with these pages, the last one again and again. */
  function paged(total: number | undefined, ...pages: number[][]) {
    let asked = 0;
    const webflow = {
      async listFolders() {
        const [count = 0, from = 0] = pages[Math.min(asked, pages.length - 1)] ?? [];
        asked += 1;
        return { assetFolders: many(count, from), rows: count, total };
      },
    } as Partial<WebflowClient> as WebflowClient;
    return { webflow, asked: () => asked };
  }

  it("is asked for by the row after the last one", async () => {
    const site = foldersInMemory(...many(250));
    const { folders, doubt } = await createKnownTrees(site.webflow).read(SITE, callContext());
    expect([folders.length, doubt]).toEqual([250, undefined]);
    expect(site.offsets).toEqual([0, 100, 200]);
  });

  it.each([
    ["when it has reached the total", 150, [[100], [50, 100]], 2, 150],
    ["at the first page when the total is on it", 60, [[60]], 1, 60],
    ["at a page that repeats a full one, which is the total", 100, [[100], [100]], 2, 100],
    ["at a page that repeats, whatever the total", 300, [[100], [100]], 2, 100],
    [
      "at a page that is shorter than the others when no total is told",
      undefined,
      [[100], [40, 100]],
      2,
      140,
    ],
    ["at no page that is as long as the others", undefined, [[100], [100, 100], [40, 200]], 3, 240],
    ["at an empty page when no total is told", undefined, [[40], [0]], 2, 40],
    ["at a short page that repeats when no total is told", undefined, [[40], [40]], 2, 40],
  ])("ends %s, and leaves no doubt", async (_, total, pages, asked, count) => {
    const site = paged(total, ...pages);
    const { folders, doubt } = await createKnownTrees(site.webflow).read(SITE, callContext());
    expect([folders.length, site.asked(), doubt]).toEqual([count, asked, undefined]);
  });

  it("may be longer than what came when the same full page repeats and no total is told", async () => {
    const site = paged(undefined, [100]);
    const { folders, doubt } = await createKnownTrees(site.webflow).read(SITE, callContext());
    expect([folders.length, site.asked()]).toEqual([100, 2]);
    expect(doubt).toContain("there may be more folders");
  });
});

describe("the folders of a site whose list counts only its page", () => {
  it("are read to the end", async () => {
    const site = foldersInMemory(
      ...Array.from({ length: 250 }, (_, index) => aFolder(`${index}`, `Folder ${index}`)),
    );
    const honest = site.webflow.listFolders;
    site.webflow.listFolders = async (...request) => {
      const page = await honest(...request);
      return { ...page, total: page.rows };
    };
    const tree = await createKnownTrees(site.webflow).tree(SITE, callContext());
    expect([tree.folders.length, tree.doubt]).toEqual([250, undefined]);
  });
});
