import { createHash } from "node:crypto";
import { fileTypeFromBuffer } from "file-type";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

function assets() {
  return emulator.database.assets(emulator.siteId);
}

/** How many folders there are from the root down to this one. */
function depthOf(folderId: string | null): number {
  const folder = emulator.database.folderRecords.get(folderId ?? "");
  return folder ? 1 + depthOf(folder.parentFolder) : 0;
}

describe("a generated site", () => {
  it("has as many folders and assets as were asked for, nested as deep as was allowed", () => {
    emulator.seedSite({ folders: 200, assets: 5_000, depth: 3 });

    const folders = emulator.database.folders(emulator.siteId);
    expect(folders).toHaveLength(200);
    expect(assets()).toHaveLength(5_000);
    expect(Math.max(...folders.map(({ id }) => depthOf(id)))).toBe(3);
    expect(new Set(assets().map(({ contentType }) => contentType)).size).toBeGreaterThan(3);
  });

  it("is the same for the same numbers, except for its ids", async () => {
    const other = await startEmulator();
    emulator.seedSite({ folders: 10, assets: 50 });
    other.seedSite({ folders: 10, assets: 50 });
    const facts = ({ database, siteId }: Emulator) =>
      database
        .assets(siteId)
        .map(({ originalFileName, md5, altText }) => ({ originalFileName, md5, altText }));

    expect(facts(other)).toEqual(facts(emulator));
    await other.close();
  });

  it("has alt text for the share that was asked for", () => {
    emulator.seedSite({ folders: 0, assets: 1_000, altTextShare: 0.25 });

    const described = assets().filter(({ altText }) => altText !== null);
    expect(described.length).toBeGreaterThan(200);
    expect(described.length).toBeLessThan(300);
  });

  it("has a past: its ids and dates lie before now, oldest first", () => {
    emulator.seedSite({ folders: 1, assets: 20 });

    const created = assets().map(({ createdOn }) => createdOn);
    expect(created).toEqual([...created].sort());
    expect(Date.parse(created.at(-1) ?? "")).toBeLessThan(Date.now());
    const ids = assets().map(({ id }) => Number.parseInt(id.slice(0, 8), 16) * 1000);
    expect(Math.max(...ids)).toBeLessThan(Date.now());
  });

  it("hosts real files, each with bytes of its own", async () => {
    emulator.seedSite({ folders: 3, assets: 40 });
    const { json } = await apiOf(emulator)(`GET /sites/${emulator.siteId}/assets`);
    const listed = json?.["assets"] as { hostedUrl: string; contentType: string; size: number }[];

    const hashes = await Promise.all(
      listed.map(async ({ hostedUrl, contentType, size }) => {
        const bytes = Buffer.from(await (await fetch(hostedUrl)).arrayBuffer());
        expect(bytes).toHaveLength(size);
        const detected = await fileTypeFromBuffer(bytes);
        // SVG has no magic bytes.
        expect(detected?.mime).toBe(contentType === "image/svg+xml" ? undefined : contentType);
        return createHash("md5").update(bytes).digest("hex");
      }),
    );

    expect(new Set(hashes).size).toBe(40);
  });
});

describe("the content of a generated site", () => {
  const SITE = {
    folders: 2,
    assets: 300,
    pages: 10,
    pageBytes: 5_000,
    styleSheets: 3,
    components: 4,
    items: 20,
  };

  /** All that a visitor of the published site gets: pages, items and style sheets. */
  async function published(): Promise<string> {
    const sitemap = await (await fetch(`${emulator.siteUrl}/sitemap.xml`)).text();
    const urls = [...sitemap.matchAll(/<loc>\s*([^<\s]+)/g)].map(([, url = ""]) => url);
    const pages = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
    const sheets = new Set(
      pages.flatMap((page) =>
        [...page.matchAll(/href="([^"]+)" rel="stylesheet"/g)].map(([, url = ""]) => url),
      ),
    );
    const styles = await Promise.all([...sheets].map(async (url) => (await fetch(url)).text()));
    return [...pages, ...styles].join("\n");
  }

  it("refers to the assets that it says, and to no other", async () => {
    const { used, usedByStyleOnly, weaklyUsed, unused } = emulator.seedSite(SITE);
    const text = await published();

    const all = [...used, ...usedByStyleOnly, ...weaklyUsed, ...unused];
    expect([...all].sort()).toEqual(
      assets()
        .map(({ id }) => id)
        .sort(),
    );
    for (const ids of [used, usedByStyleOnly, weaklyUsed]) {
      expect(ids.length).toBeGreaterThan(3);
      expect(ids.filter((id) => !text.includes(id))).toEqual([]);
    }
    expect(unused.length).toBeGreaterThan(50);
    expect(unused.filter((id) => text.includes(id))).toEqual([]);
  });

  it("has pages, items and components in the numbers and sizes that were asked for", async () => {
    emulator.seedSite(SITE);
    const call = apiOf(emulator);
    const total = async (path: string) =>
      ((await call(`GET ${path}`)).json?.["pagination"] as { total: number }).total;
    const [collection] = emulator.content.collections.keys();

    expect(await total(`/sites/${emulator.siteId}/pages`)).toBe(11);
    expect(await total(`/sites/${emulator.siteId}/components`)).toBe(4);
    expect(await total(`/collections/${collection}/items/live`)).toBe(20);
    expect((await (await fetch(`${emulator.siteUrl}/page-3`)).text()).length).toBeGreaterThan(5_000);
  });

  it("is not published where no pages were asked for", async () => {
    emulator.seedSite({ folders: 1, assets: 5 });

    expect((await fetch(emulator.siteUrl)).status).toBe(404);
  });
});

describe("a Lottie animation", () => {
  it.each([
    ["embedded", "data:image/gif;base64,"],
    ["own-files", "img_0.png"],
    ["assets", "_vase.png"],
  ] as const)("holds its pictures with lottieImages %s", async (lottieImages, expected) => {
    emulator.switches.lottieImages = lottieImages;
    const { siteId } = emulator;
    const { id } = emulator.database.addAsset({ siteId, fileName: "vase.png", contentType: "image/png" });
    const lottie = emulator.content.addLottie({ siteId, fileName: "spin.json", pictures: [id] });

    const file = await fetch(`${emulator.cdnBaseUrl}/${lottie.key}`);

    const [picture] = ((await file.json()) as { assets: { u: string; p: string }[] }).assets;
    expect(`${picture?.u}${picture?.p}`).toContain(expected);
  });
});
