import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type ListedAsset, listedAsset, listing } from "../builders/listing.js";
import { describeInChromium, screenshot } from "./browser.js";

const PICTURE = new URL("../../docs/gallery.png", import.meta.url);
const MAX_BYTES = 300_000;
const FOLDERS = { Blog: 42, Brand: 63, Campaigns: 121, Press: 49, Team: 18 };

test("the README shows the gallery, in less than 300 kB", async () => {
  expect(await readFile("README.md", "utf8")).toContain("](docs/gallery.png)");
  expect((await readFile(PICTURE)).length).toBeLessThan(MAX_BYTES);
});

/** Run with GALLERY_SCREENSHOTS set, it writes that picture as readme.png. */
describeInChromium("what the README's picture shows", (openGallery) => {
  test("is a gallery with one asset open and two selected", async () => {
    let first: ListedAsset | undefined;
    const gallery = await openGallery({
      width: 960,
      height: 860,
      callTool(name) {
        const folders = Object.entries(FOLDERS).map(([path, assets]) => ({ id: path, path, assets }));
        if (name === "listFolders") return { structuredContent: { folders } };
        const details = {
          ...first,
          fileName: first?.name,
          folder: null,
          lastUpdated: "2026-03-02T09:41:00Z",
        };
        return { structuredContent: { asset: { ...details, createdOn: "2026-02-11T16:05:00Z" } } };
      },
    });
    const assets = Array.from({ length: 24 }, (_, index) => listedAsset(index, gallery.picturesUrl));
    first = assets[2];

    await gallery.show(listing(assets, 5_012));
    await gallery.view.getByRole("button", { name: /harbour-at-dawn-3/ }).click();
    await gallery.view.getByText("Updated").waitFor();
    for (const index of [1, 4]) await gallery.view.locator(".tile-box input").nth(index).check();
    await gallery.view.evaluate("scrollTo(0, 0)");
    await gallery.view.evaluate(
      "Promise.all([...document.images].map((image) => image.decode().catch(() => 0)))",
    );

    await gallery.view.getByText("2 assets selected").waitFor();
    await screenshot(gallery.page, "readme");
  });
});
