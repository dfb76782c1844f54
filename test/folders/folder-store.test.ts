import { afterEach, describe, expect, it } from "vitest";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite, type TestSiteOptions } from "../builders/site.js";

let site: TestSite;

async function aSite(switches: TestSiteOptions["switches"] = {}): Promise<TestSite> {
  site = await startSite({ switches });
  return site;
}

function ensure(path: string) {
  return site.service.ensureFolder({ path }, callContext());
}

function paths() {
  return site.emulator.library.folders(site.emulator.siteId).map(({ displayName }) => displayName);
}

afterEach(() => site.close());

describe("ensureFolder", () => {
  it("creates every missing level and says which", async () => {
    await aSite();
    expect(await ensure("A/B/C")).toMatchObject({
      folder: { path: "A/B/C" },
      created: ["A", "A/B", "A/B/C"],
    });
    expect(await ensure("A/B/D")).toMatchObject({ folder: { path: "A/B/D" }, created: ["A/B/D"] });
    expect(paths()).toEqual(["A", "B", "C", "D"]);
  });

  it("knows where a new folder lies when Webflow answers with its id alone", async () => {
    await aSite({ omitsOptionalFields: true });
    expect(await ensure("A/B/C")).toMatchObject({
      folder: { path: "A/B/C" },
      created: ["A", "A/B", "A/B/C"],
    });
  });

  it("finds what exists, and makes nothing the second time", async () => {
    await aSite();
    const first = await ensure("A/B");
    expect(await ensure("A/B")).toEqual({ ...first, created: [] });
    expect(paths()).toHaveLength(2);
  });

  it("makes no folder 21 levels deep, nor any above it", async () => {
    await aSite();
    const path = Array.from({ length: 21 }, (_, level) => `Level ${level}`).join("/");
    await expect(ensure(path)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(paths()).toEqual([]);
  });

  it("makes each folder once when 50 calls want the same and overlapping paths", async () => {
    await aSite({ latencyMs: { api: 2, s3: 0, cdn: 0 } });
    const wanted = Array.from(
      { length: 50 },
      (_, index) => ["A", "A/B", "A/B/C", "A/D", "A/D/E"][index % 5] ?? "A",
    );
    const results = await Promise.all(wanted.map(ensure));
    expect(results.map(({ folder }) => folder.path)).toEqual(wanted);
    expect(paths().sort()).toEqual(["A", "B", "C", "D", "E"]);
    expect(results.flatMap(({ created }) => created).sort()).toEqual(["A", "A/B", "A/B/C", "A/D", "A/D/E"]);
  });

  it("makes each folder once when two processes want it", async () => {
    await aSite({ latencyMs: { api: 2, s3: 0, cdn: 0 } });
    const other = site.anotherService();
    const results = await Promise.all([
      ensure("Shared/Deep"),
      other.ensureFolder({ path: "Shared/Deep" }, callContext()),
    ]);
    expect(new Set(results.map(({ folder }) => folder.id)).size).toBe(1);
    expect(paths()).toEqual(["Shared", "Deep"]);
  });

  it("finds a folder beyond the first page", async () => {
    const { emulator } = await aSite();
    for (let index = 0; index < 250; index += 1) {
      emulator.library.addFolder({ siteId: emulator.siteId, displayName: `Folder ${index}` });
    }
    expect(await ensure("Folder 249")).toMatchObject({ created: [] });
    expect(emulator.requests.count({ operation: "listFolders" })).toBe(3);
  });

  it("stops at a server that answers every offset with the same page", async () => {
    const { emulator } = await aSite({ folderPaging: "first-page-only" });
    for (let index = 0; index < 150; index += 1) {
      emulator.library.addFolder({ siteId: emulator.siteId, displayName: `Folder ${index}` });
    }
    expect(await ensure("Folder 3")).toMatchObject({ created: [] });
    expect(emulator.requests.count({ operation: "listFolders" })).toBe(2);
  });

  it("finds a folder that somebody made after the folders were read", async () => {
    const { emulator } = await aSite();
    await ensure("Mine");
    const { id } = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Theirs" });
    expect(await ensure("Theirs")).toMatchObject({ folder: { id }, created: [] });
  });

  it("says where the name exists when Webflow allows it only once per site", async () => {
    await aSite({ folderNamesUniquePer: "site" });
    await ensure("Spring/Icons");
    await expect(ensure("Autumn/Icons")).rejects.toMatchObject({
      code: "FOLDER_CONFLICT",
      message: expect.stringContaining('"Spring/Icons"'),
    });
  });

  it("makes the same name under another parent where Webflow allows it", async () => {
    await aSite({ folderNamesUniquePer: "parent" });
    await ensure("Spring/Icons");
    expect(await ensure("Autumn/Icons")).toMatchObject({ created: ["Autumn", "Autumn/Icons"] });
  });

  it("reports a name that differs only in case, if Webflow treats it as the same", async () => {
    await aSite({ folderNamesIgnoreCase: true });
    await ensure("Icons");
    await expect(ensure("icons")).rejects.toMatchObject({
      code: "FOLDER_CONFLICT",
      message: expect.stringContaining('"Icons"'),
    });
  });

  it("asks which one is meant when two folders have the same path", async () => {
    const { emulator } = await aSite({ folderNamesUniquePer: "parent" });
    const twins = ["Twins", "Twins"].map((displayName) =>
      emulator.library.addFolder({ siteId: emulator.siteId, displayName }),
    );
    await expect(ensure("Twins")).rejects.toMatchObject({
      code: "FOLDER_AMBIGUOUS",
      message: expect.stringContaining(twins[1]?.id ?? "no id"),
    });
  });

  it("takes composed and decomposed names for the same, and makes composed ones", async () => {
    await aSite();
    await ensure("Cafe\u0301");
    expect(await ensure("Caf\u00e9")).toMatchObject({ created: [] });
    expect(paths()).toEqual(["Caf\u00e9"]);
  });

  it("keeps a slash inside a name", async () => {
    await aSite();
    expect(await ensure("Q1\\/Q2/Plans")).toMatchObject({ created: ["Q1\\/Q2", "Q1\\/Q2/Plans"] });
    expect(paths()).toEqual(["Q1/Q2", "Plans"]);
  });

  it("releases a cancelled call while the others finish", async () => {
    await aSite({ latencyMs: { api: 5, s3: 0, cdn: 0 } });
    const cancel = new AbortController();
    const cancelled = site.service.ensureFolder({ path: "A/B" }, callContext({ signal: cancel.signal }));
    const other = ensure("A/C");
    cancel.abort();
    await expect(cancelled).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await other).toMatchObject({ folder: { path: "A/C" } });
  });
});

describe("listFolders", () => {
  it("lists paths with ids and counts of assets, sorted", async () => {
    const { emulator } = await aSite();
    await ensure("B/C");
    await ensure("A");
    const parentFolder = emulator.library
      .folders(emulator.siteId)
      .find((folder) => folder.displayName === "C")?.id;
    emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "a.png",
      contentType: "image/png",
      parentFolder: parentFolder ?? null,
      bytes: Buffer.from("x"),
    });
    const { folders, total } = await site.service.listFolders({ limit: 200 }, callContext());
    expect(folders.map(({ path, assets }) => [path, assets])).toEqual([
      ["A", 0],
      ["B", 0],
      ["B/C", 1],
    ]);
    expect(total).toBe(3);
  });

  it("finds paths by a part of them, whatever case and accents", async () => {
    await aSite();
    await ensure("Été/Photos");
    const { folders } = await site.service.listFolders({ query: "ete", limit: 200 }, callContext());
    expect(folders.map(({ path }) => path)).toEqual(["Été", "Été/Photos"]);
  });

  it("walks through all of them page by page, each once", async () => {
    const { emulator } = await aSite();
    emulator.seedLibrary({ folders: 25, assets: 0 });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await site.service.listFolders({ limit: 10, cursor }, callContext());
      seen.push(...page.folders.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
  });

  it("refuses a cursor that it did not give", async () => {
    await aSite();
    await expect(site.service.listFolders({ limit: 10, cursor: "abc" }, callContext())).rejects.toMatchObject(
      {
        code: "INVALID_INPUT",
      },
    );
  });
});
