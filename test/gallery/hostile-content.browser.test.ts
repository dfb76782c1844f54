import { expect, test } from "vitest";
import { type ListedAsset, listedAsset, listing } from "../builders/listing.js";
import { describeInChromium, screenshot } from "./browser.js";
import type { CallTool } from "./host/gallery-host.js";

const MARKUP = `<img src=x onerror="window.ran=1"><script>window.ran=1</script><b>bold</b>`;
const TEXTS = [
  MARKUP,
  `"><svg onload=window.ran=1>`,
  "</style><style>body{display:none}</style>",
  "x".repeat(10_000),
  `${"a very long sentence ".repeat(500)}`,
  "\u202Egpj.exe\u202D\u2066photo",
  "\u0645\u0631\u062D\u0628\u0627 ".repeat(40),
  "Z\u0351\u036B\u0343".repeat(300),
  "line\nbreak\ttab\u0000null\u0007bell",
  "{{constructor.constructor('window.ran=1')()}}",
];
const SCRIPT_URLS = [
  "javascript:window.ran=1",
  "data:text/html,<script>parent.ran=1</script>",
  "vbscript:x",
  "//",
];

describeInChromium("the gallery with content that means harm", (openGallery) => {
  test("shows names, folders and alt texts as the text that they are, within 320 pixels", async () => {
    const gallery = await openGallery({ width: 320, callTool: hostileDetails });

    await gallery.show(listing(TEXTS.map((text, index) => hostileAsset(index, text, gallery.picturesUrl))));
    await gallery.view
      .locator(".tile")
      .nth(TEXTS.length - 1)
      .waitFor();
    for (let index = 0; index < TEXTS.length; index += 1) {
      await gallery.view.locator(".tile-open").nth(index).click();
      await gallery.view.locator(".detail").waitFor();
      expect(await gallery.view.evaluate("document.documentElement.scrollWidth")).toBe(320);
    }
    await screenshot(gallery.page, "hostile-320");

    expect(await gallery.view.evaluate("window.ran ?? parent.ran ?? 'nothing ran'").catch(String)).not.toBe(
      1,
    );
    expect(await gallery.view.locator("script").count()).toBe(1);
    expect(await gallery.view.locator("b, svg[onload], [onerror]").count()).toBe(0);
    expect(gallery.complaints).toEqual([]);
  });

  test("keeps every tile at the size of its neighbours", async () => {
    const gallery = await openGallery();

    await gallery.show(listing(TEXTS.map((text, index) => hostileAsset(index, text, gallery.picturesUrl))));

    await gallery.view
      .locator(".tile")
      .nth(TEXTS.length - 1)
      .waitFor();
    const heights = await gallery.view.evaluate<number[]>(
      "[...document.querySelectorAll('.tile')].map((tile) => Math.round(tile.getBoundingClientRect().height))",
    );
    expect(new Set(heights).size).toBe(1);
  });

  test("makes neither pictures nor links of URLs that are no web addresses", async () => {
    const gallery = await openGallery({ callTool: hostileDetails });

    await gallery.show(
      listing(SCRIPT_URLS.map((url, index) => listedAsset(index, gallery.picturesUrl, { url }))),
    );
    await gallery.view.locator(".tile-open").first().click();
    await gallery.view.locator(".detail").waitFor();

    expect(await gallery.view.locator("img, a").count()).toBe(0);
  });

  test("says what the client said in a hostile error as text", async () => {
    const gallery = await openGallery();

    await gallery.showAnswer({ isError: true, content: [{ type: "text", text: `[X] ${MARKUP}` }] });

    await gallery.view.getByText("<b>bold</b>").waitFor();
    expect(gallery.complaints).toEqual([]);
  });

  test("names hostile files of a job as text", async () => {
    const gallery = await openGallery({ width: 320, callTool: () => new Promise(() => {}) });
    const results = TEXTS.map((source) => ({ source, status: "failed", error: `[INTERNAL] ${source}` }));

    await gallery.show({ job: "j", status: "running", total: TEXTS.length, failed: TEXTS.length, results });

    await gallery.view
      .locator(".job-row")
      .nth(TEXTS.length - 1)
      .waitFor();
    expect(await gallery.view.evaluate("document.documentElement.scrollWidth")).toBe(320);
    expect(await gallery.view.locator("b").count()).toBe(0);
    expect(gallery.complaints).toEqual([]);
  });

  test("does not listen to other windows than the client's", async () => {
    const gallery = await openGallery();
    const forged = { jsonrpc: "2.0", method: "ui/notifications/tool-result", params: { isError: true } };

    await gallery.view.evaluate(`postMessage(${JSON.stringify(forged)}, "*")`);
    await gallery.show(listing([]));

    await gallery.view.getByText("No assets yet").waitFor();
    expect(await gallery.view.getByRole("alert").count()).toBe(0);
  });
});

function hostileAsset(index: number, text: string, picturesUrl: string): ListedAsset {
  return listedAsset(index, picturesUrl, { name: text, altText: text, folder: `${text}/${text}` });
}

const hostileDetails: CallTool = (name, { assetId }) => {
  if (name === "listFolders") {
    return {
      structuredContent: { folders: TEXTS.map((path, index) => ({ id: `${index}`, path, assets: 1 })) },
    };
  }
  const [text] = TEXTS;
  const variants = SCRIPT_URLS.map((url) => ({ url, width: 2_000 }));
  const asset = { id: assetId, name: text, fileName: text, contentType: text, createdOn: text, variants };
  return { structuredContent: { asset: { ...asset, folder: { id: "1", path: text } } } };
};
