import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { type FakeSite, fakeAsset, fakeFolder, fakeId, startFakeSite } from "../builders/fake-site.js";
import { fakeEnvironment } from "../builders/fake-webflow.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

const HOUR = 3_600_000;
const NAMES = ["Blog ", " Draft", "Line\nbreak", "", "Bell\u0007", "A/B", "x".repeat(300), "Ze\u200bro"];
const TWINS = [fakeId(91, HOUR), fakeId(92, HOUR)];

let site: FakeSite;
let server: ServerProcess;
let directory: string;
let paths: string[];
let uploads = 0;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "odd-folders-"));
  mkdirSync(join(directory, "photos"));
  writeFileSync(join(directory, "photos", "a.png"), numberedPng(900));
  site = await startFakeSite();
  for (const [index, name] of NAMES.entries()) {
    const id = fakeId(index + 1, HOUR);
    site.folders.push(fakeFolder(id, name));
    site.assets.push(fakeAsset(fakeId(index + 50, HOUR), `in-${index}.png`, id));
  }
  for (const id of TWINS) site.folders.push(fakeFolder(id, "Twin"));
  server = startServer({ args: [directory], env: fakeEnvironment(site.webflow) });
  await server.initialize();
  const { folders } = await server.call("listFolders", { siteId: site.siteId });
  paths = (folders as { path: string }[]).map(({ path }) => path).filter((path) => path !== "Twin");
});

afterAll(async () => {
  await server.close();
  await site.close();
});

function errorOf(name: string, args: Record<string, unknown>): Promise<string> {
  return server.call(name, { siteId: site.siteId, ...args }).then(
    (result) => `no error: ${JSON.stringify(result)}`,
    (error: Error) => error.message,
  );
}

function aSource(): string {
  uploads += 1;
  return dataUri(numberedPng(uploads));
}

describe("a folder with a name that no new folder would get", () => {
  it("has a path of its own in the list", () => {
    expect(new Set(paths).size).toBe(NAMES.length);
    expect(paths).toContain("Blog ");
    expect(paths).toContain("(no name)");
  });

  it("is listed by that path", async () => {
    for (const folder of paths) {
      const { assets } = await server.call("listAssets", { siteId: site.siteId, folder });
      expect([folder, (assets as unknown[]).length]).toEqual([folder, 1]);
    }
  });

  it("is found by ensureFolder, which makes nothing", async () => {
    for (const path of paths) {
      const answer = await server.call("ensureFolder", { siteId: site.siteId, path });
      expect(answer).toMatchObject({ folder: { path }, created: [] });
    }
  });

  it("takes uploads, single and in batches, planned and real", async () => {
    for (const folder of paths) {
      const one = { siteId: site.siteId, source: aSource(), fileName: "a.png", folder };
      expect(await server.call("uploadAsset", { ...one, dryRun: true })).toMatchObject({ status: "planned" });
      expect(await server.call("uploadAsset", one)).toMatchObject({ asset: { folder: { path: folder } } });
    }
    const items = paths.map((folder) => ({ source: aSource(), fileName: "b.png", folder }));
    expect(await server.call("uploadAssets", { siteId: site.siteId, items })).toMatchObject({
      uploaded: items.length,
    });
  });

  it("is synced to", async () => {
    for (const folder of paths) {
      const plan = { siteId: site.siteId, directory: join(directory, "photos"), folder, apply: false };
      expect(await server.call("syncFolder", plan)).toMatchObject({
        folder: { path: folder, id: expect.any(String) },
      });
    }
  });

  it("may hold a new folder, which is made below it", async () => {
    const answer = await server.call("ensureFolder", { siteId: site.siteId, path: "Blog /2026" });
    expect(answer).toMatchObject({ folder: { path: "Blog /2026" }, created: ["Blog /2026"] });
  });

  it("is not made: the path is refused before any level of it exists", async () => {
    const before = site.folders.length;
    expect(await errorOf("ensureFolder", { path: "New/ odd" })).toMatch(/^\[INVALID_INPUT\].*white space/);
    expect(
      await errorOf("uploadAsset", { source: aSource(), fileName: "c.png", folder: "New/ odd" }),
    ).toMatch(/^\[INVALID_INPUT\].*white space/);
    expect(site.folders.length).toBe(before);
  });
});

describe("folders with one path", () => {
  it("are asked about by the plan of a sync as by the sync itself", async () => {
    for (const apply of [false, true]) {
      const args = { directory: join(directory, "photos"), folder: "Twin", apply };
      expect(await errorOf("syncFolder", args)).toMatch(/^\[FOLDER_AMBIGUOUS\].*folderId/);
    }
  });

  it("are distinguished by folderId, in a sync and in a batch, whose items may name another", async () => {
    const [first = "", second = ""] = TWINS;
    const folder = {
      siteId: site.siteId,
      directory: join(directory, "photos"),
      folderId: second,
      apply: true,
    };
    expect(await server.call("syncFolder", folder)).toMatchObject({ uploaded: 1 });
    const items = [
      { source: aSource(), fileName: "t1.png" },
      { source: aSource(), fileName: "t2.png", folder: "A\\/B" },
    ];
    const batch = { siteId: site.siteId, items, folderId: first };
    expect(await server.call("uploadAssets", batch)).toMatchObject({ uploaded: 2 });
    const held = (folderId: string) =>
      (site.assets as { originalFileName: string; folderId: string }[])
        .filter((asset) => asset.folderId === folderId)
        .map(({ originalFileName }) => originalFileName)
        .sort();
    expect([held(first), held(second)]).toEqual([["t1.png"], ["a.png"]]);
  });

  it("are reported by the plan of a batch, and so is an unknown folderId", async () => {
    const plan = (choice: object) =>
      server.call("uploadAssets", {
        siteId: site.siteId,
        dryRun: true,
        items: [{ source: aSource(), fileName: "t3.png" }],
        ...choice,
      });
    expect(JSON.stringify(await plan({ folder: "Twin" }))).toContain("FOLDER_AMBIGUOUS");
    expect(JSON.stringify(await plan({ folderId: "a".repeat(24) }))).toContain("FOLDER_NOT_FOUND");
  });
});
