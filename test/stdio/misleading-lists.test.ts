import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { type FakeSite, fakeAsset, fakeFolder, fakeId, startFakeSite } from "../builders/fake-site.js";
import { fakeEnvironment } from "../builders/fake-webflow.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";

const HOUR = 3_600_000;

describe("a total that is too high for good", () => {
  let emulator: Emulator;
  let server: ServerProcess;

  beforeAll(async () => {
    emulator = await startEmulator({
      switches: { totalsTooHigh: 1, rateLimit: { limit: 60, windowMs: 600_000, sliding: false } },
    });
    emulator.seedLibrary({ folders: 0, assets: 3_000 });
    server = startServer({ env: emulatorEnvironment(emulator) });
    await server.initialize();
  });

  afterAll(async () => {
    await server.close();
    await emulator.close();
  });

  it("ends at the empty page: 3,000 assets are read within 60 calls", async () => {
    const { siteId } = emulator;
    const answer = await server.call("listAssets", { siteId, missingAltText: true, limit: 1 });
    expect(Number(answer["total"])).toBeGreaterThan(0);
    expect(emulator.requests.count({ operation: "listAssets" })).toBeLessThan(40);
    expect(await server.call("listAssets", { siteId, limit: 1 })).toMatchObject({ total: 3_000 });
  });
});

describe("a Data API that takes no notice of folderId", () => {
  let site: FakeSite;
  let server: ServerProcess;
  const [blog, below, other] = [fakeId(1, HOUR), fakeId(2, HOUR), fakeId(3, HOUR)];

  beforeAll(async () => {
    site = await startFakeSite();
    site.heedsFolderId = false;
    site.folders.push(fakeFolder(blog, "Blog"), fakeFolder(below, "2026", blog), fakeFolder(other, "Other"));
  });

  beforeEach(async () => {
    site.assets.splice(0);
    server = startServer({ env: fakeEnvironment(site.webflow) });
    await server.initialize();
  });

  afterAll(() => site.close());

  async function namesIn(folder: string): Promise<string[]> {
    const names: string[] = [];
    for (let cursor: unknown; ; ) {
      const page = await server.call("listAssets", { siteId: site.siteId, folder, limit: 50, cursor });
      names.push(...(page["assets"] as { name: string }[]).map(({ name }) => name));
      cursor = page["nextCursor"];
      if (cursor === undefined) {
        expect(page["total"]).toBe(names.length);
        await server.close();
        return names.sort();
      }
    }
  }

  function add(count: number, prefix: string, folderId: string | null): string[] {
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}.png`);
    for (const name of names) {
      site.assets.push(fakeAsset(fakeId(100 + site.assets.length, HOUR), name, folderId));
    }
    return names.sort();
  }

  it("is seen by a row of another folder, and its rows are filtered", async () => {
    const mine = [...add(60, "blog", blog), ...add(70, "below", below)].sort();
    add(150, "other", other);
    add(20, "root", null);
    expect(await namesIn("Blog")).toEqual(mine);
  });

  it("is seen where such rows come on a later page only", async () => {
    const mine = add(130, "blog", blog);
    add(30, "other", other);
    expect(await namesIn("Blog")).toEqual(mine);
  });

  it("is seen where all other assets lie in the root", async () => {
    const mine = add(3, "blog", blog);
    add(4, "root", null);
    expect(await namesIn("Blog")).toEqual(mine);
  });

  it("shows no assets of other folders for an empty one", async () => {
    add(4, "root", null);
    add(4, "other", other);
    expect(await namesIn("Blog")).toEqual([]);
  });
});

describe("lists without a pagination", () => {
  let site: FakeSite;
  let server: ServerProcess;

  beforeAll(async () => {
    site = await startFakeSite();
    site.tellsTotals = false;
    // Nothing but assets and folders may be read with this token.
    site.intercept = ({ path }, response) => {
      if (/asset|folder|sites(\/[0-9a-f]+)?$/.test(path)) return undefined;
      response.statusCode = 403;
      return { code: "missing_scopes", message: "Missing scopes" };
    };
    for (let number = 0; number < 250; number += 1) {
      site.assets.push(fakeAsset(fakeId(number, HOUR), `${number}.png`, null, { size: 100 + number }));
      site.folders.push(fakeFolder(fakeId(1_000 + number, HOUR), `Folder ${number}`));
    }
  });

  beforeEach(async () => {
    site.heedsOffset = true;
    server = startServer({ env: fakeEnvironment(site.webflow) });
    await server.initialize();
  });

  afterEach(() => server.close());
  afterAll(() => site.close());

  it("are read to their end, assets and folders", async () => {
    const assets = await server.call("listAssets", { limit: 1 });
    expect([assets["total"], assets["notes"]]).toEqual([250, undefined]);
    const folders = await server.call("listFolders", { limit: 1 });
    expect([folders["total"], folders["notes"]]).toEqual([250, undefined]);
  });

  it("are reported as incomplete if every offset has the same full page", async () => {
    site.heedsOffset = false;
    const assets = await server.call("listAssets", { limit: 1 });
    expect([assets["total"], assets["notes"]]).toEqual([100, [expect.stringContaining("Incomplete")]]);
    const folders = await server.call("listFolders", { limit: 1 });
    expect([folders["total"], folders["notes"]]).toEqual([100, [expect.stringContaining("Incomplete")]]);
    const { notRead } = await server.call("auditAssets", {});
    expect(notRead).toContainEqual(expect.stringContaining("may be more assets"));
    const uses = await server.call("findUses", {});
    expect(uses["notRead"]).toContainEqual({
      what: "some assets",
      why: expect.stringContaining("may be more assets"),
    });
  });
});
