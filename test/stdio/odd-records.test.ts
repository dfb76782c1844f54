import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numberedPng } from "../builders/bytes.js";
import { type FakeSite, fakeAsset, fakeFolder, fakeId, startFakeSite } from "../builders/fake-site.js";
import { fakeEnvironment } from "../builders/fake-webflow.js";
import { type ServerProcess, startServer } from "../builders/server-process.js";
import { dataUri } from "../builders/site.js";

const HOUR = 3_600_000;
const BLOG = fakeId(1, HOUR);

let site: FakeSite;
let server: ServerProcess;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "odd-records-"));
  writeFileSync(join(directory, "a.png"), numberedPng(700));
  site = await startFakeSite();
  const odd = (number: number, more: object) =>
    fakeAsset(fakeId(number, HOUR), `odd-${number}.png`, BLOG, more);
  site.folders.push(
    fakeFolder(BLOG, "Blog"),
    fakeFolder(fakeId(2, HOUR), null),
    { id: fakeId(3, HOUR), displayName: ["a", "list"], assets: {}, parentFolder: 7 },
    null,
    [],
    "a text",
  );
  site.assets.push(
    fakeAsset(fakeId(20, HOUR), "good.png", BLOG),
    null,
    [],
    42,
    { displayName: "no id" },
    odd(21, { size: "123" }),
    odd(22, { size: {}, variants: "none", altText: 7 }),
    odd(23, { displayName: null, originalFileName: null, hostedUrl: null }),
    odd(24, { variants: [null, { hostedUrl: 1 }], contentType: null, createdOn: 5, siteId: [] }),
    fakeAsset(fakeId(25, HOUR), "last.png", BLOG),
  );
  server = startServer({
    args: [directory],
    env: { ...fakeEnvironment(site.webflow), WEBFLOW_LOG_LEVEL: "info" },
  });
  await server.initialize();
});

afterAll(async () => {
  await server.close();
  await site.close();
});

describe("records of a list that are not what Webflow documents", () => {
  it("fail no listing of folders: those with an id are there", async () => {
    const { folders } = await server.call("listFolders", { siteId: site.siteId });
    expect((folders as { path: string }[]).map(({ path }) => path)).toEqual([
      "(no name)",
      "(no name)",
      "Blog",
    ]);
  });

  it("fail no listing of assets, which shows what can be read of each", async () => {
    const { assets } = await server.call("listAssets", { siteId: site.siteId });
    const shown = assets as { id: string; size: number }[];
    expect(shown).toHaveLength(6);
    expect(shown.find(({ id }) => id.endsWith("15"))).toMatchObject({ size: 123 });
  });

  it("fail no search, whatever it looks at", async () => {
    for (const filter of [{ query: "last" }, { missingAltText: true }, { type: "image" }, { minSize: 1 }]) {
      const { total } = await server.call("listAssets", { siteId: site.siteId, folder: "Blog", ...filter });
      expect(Number(total)).toBeGreaterThan(0);
    }
  });

  it("fail no upload and no sync", async () => {
    const upload = {
      siteId: site.siteId,
      source: dataUri(numberedPng(1)),
      fileName: "new.png",
      folder: "Blog",
    };
    expect(await server.call("uploadAsset", upload)).toMatchObject({ status: "uploaded" });
    const items = [2, 3].map((number) => ({
      source: dataUri(numberedPng(number)),
      fileName: `${number}.png`,
    }));
    expect(await server.call("uploadAssets", { siteId: site.siteId, items })).toMatchObject({ uploaded: 2 });
    const sync = { siteId: site.siteId, directory, folder: "Blog", apply: true };
    expect(await server.call("syncFolder", sync)).toMatchObject({ uploaded: 1 });
  });

  it("are asked for once, not again as if they would pass", () => {
    const pages = site.webflow.requests.filter(
      ({ path, method }) => method === "GET" && /asset_folders$/.test(path),
    );
    expect(pages.length).toBeLessThan(8);
  });

  it("are logged once each, with the path of what is odd", () => {
    const lines = server
      .stderr()
      .split("\n")
      .filter((line) => line.includes("not what Webflow documents"));
    expect(lines.filter((line) => line.includes("assets.1 "))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("assets.4.id "))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("assetFolders.3 "))).toHaveLength(1);
    expect(lines.filter((line) => line.includes("assets.6.size "))).toHaveLength(1);
  });
});
