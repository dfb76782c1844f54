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

  it("is the same for the same numbers but for its ids", async () => {
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
