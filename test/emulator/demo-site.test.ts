import { createHash } from "node:crypto";
import { fileTypeFromBuffer } from "file-type";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { answerOf, apiOf } from "../builders/emulator-client.js";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator({ siteName: "Pottery Lane", seed: (started) => started.seedDemoSite() });
});
afterEach(() => emulator.close());

async function text(path: string): Promise<string> {
  return (await answerOf(fetch(emulator.siteUrl + path))).text;
}

it("an emulator with a seed is empty until its first request, and filled once", async () => {
  const call = apiOf(emulator);
  expect(emulator.database.assetRecords.size).toBe(0);

  await call("GET /sites");
  const { size } = emulator.database.assetRecords;
  await call("GET /sites");

  expect(size).toBeGreaterThan(35);
  expect(emulator.database.assetRecords.size).toBe(size);
});

describe("the demo's site", () => {
  beforeEach(() => apiOf(emulator)("GET /sites"));

  const assets = () => emulator.database.assets(emulator.siteId);
  const idOf = (name: string) =>
    assets().find(({ originalFileName }) => originalFileName === name)?.id ?? "none";

  it("has the name that was given", async () => {
    expect((await apiOf(emulator)(`GET /sites/${emulator.siteId}`)).json).toMatchObject({
      displayName: "Pottery Lane",
      shortName: "pottery-lane",
    });
  });

  it("has nested folders, and pictures with and without alt text, in two languages", () => {
    const folders = emulator.database.folders(emulator.siteId);
    const described = assets().filter(({ altText }) => altText !== null);

    expect(folders.filter(({ parentFolder }) => parentFolder !== null).length).toBeGreaterThan(5);
    expect(described.length).toBeGreaterThan(10);
    expect(assets().length - described.length).toBeGreaterThan(10);
    expect(assets().filter(({ localizedAltTexts }) => localizedAltTexts.size > 0)).toHaveLength(3);
  });

  it("has files that are what their names say", async () => {
    for (const { key, contentType } of assets()) {
      const bytes = emulator.database.object(key)?.bytes ?? Buffer.alloc(0);
      const type = await fileTypeFromBuffer(new Uint8Array(bytes));
      if (contentType === "image/svg+xml") expect(bytes.toString()).toMatch(/^<svg .*<\/svg>\n$/);
      else expect(type?.mime).toBe(contentType);
    }
  });

  it("has two assets with the same bytes, and one that is too heavy", () => {
    const sums = assets().map(({ key }) =>
      createHash("md5")
        .update(emulator.database.object(key)?.bytes ?? "")
        .digest("hex"),
    );

    expect(sums.length - new Set(sums).size).toBe(1);
    expect(assets().filter(({ size }) => size > 500_000)).toMatchObject([
      { originalFileName: "kiln-panorama.png" },
    ]);
  });

  it("uses pictures on pages, in posts and in its style sheet, and leaves others alone", async () => {
    const pages = await Promise.all(["/", "/shop", "/about", "/posts/glaze-tests", "/blog"].map(text));
    const style = /href="([^"]+)" rel="stylesheet"/.exec(pages[0] ?? "")?.[1] ?? "";
    const css = await (await fetch(style)).text();
    const all = pages.join("\n");

    for (const name of ["vase-tall.png", "price-list-2026.pdf", "ada.svg", "logo.svg", "care-of-glazes.pdf"])
      expect(all).toContain(idOf(name));
    expect(css).toContain(idOf("spring-hero.png"));
    for (const name of ["vase-plum.png", "IMG_2041.png", "logo-2019.svg", "spring-teaser.png"])
      expect(all + css).not.toContain(idOf(name));
  });

  it("has a draft that only the API shows", async () => {
    const { json } = await apiOf(emulator)(`GET /sites/${emulator.siteId}/pages`);
    const draft = (json?.["pages"] as { id: string; draft: boolean }[]).find((page) => page.draft);

    const dom = await apiOf(emulator)(`GET /pages/${draft?.id}/dom`);

    expect(dom.text).toContain(idOf("spring-teaser.png"));
    expect((await fetch(`${emulator.siteUrl}/spring`)).status).toBe(404);
  });
});
