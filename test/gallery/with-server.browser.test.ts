import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/emulator.js";
import { picture } from "../builders/pictures.js";
import { emulatorEnvironment, type ServerProcess, startServer } from "../builders/server-process.js";
import { describeInChromium, screenshot } from "./browser.js";
import type { GalleryHost, HostOptions, ToolAnswer } from "./host/gallery-host.js";

const ASSETS = 5_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describeInChromium("the gallery on the server and a site of 5,000 assets", (openGallery, newPage) => {
  let emulator: Emulator;
  let server: ServerProcess;

  beforeAll(async () => {
    emulator = await startEmulator({
      switches: {
        rateLimit: { limit: 100_000, windowMs: 60_000, sliding: false },
        variantWidths: [500, 800],
      },
    });
    emulator.seedLibrary({ folders: 200, assets: ASSETS, depth: 4, altTextShare: 0.5 });
    await addPictures(emulator, newPage);
    server = startServer({ env: emulatorEnvironment(emulator) });
    await server.initialize();
  });

  afterAll(async () => {
    await server.close();
    await emulator.close();
  });

  /** The gallery as the assistant's call of showGallery opens it. */
  async function showGallery(
    args: object = {},
    options: HostOptions = {},
    shownBy: ServerProcess = server,
  ): Promise<GalleryHost> {
    const { result } = await shownBy.request("resources/read", { uri: "ui://webflow-assets/gallery.html" });
    const [{ text: html, _meta }] = result.contents;
    const { resourceDomains } = _meta.ui.csp;
    const callTool = (name: string, input: object): Promise<ToolAnswer> => callToolOf(shownBy, name, input);
    const gallery = await openGallery({ html, callTool, resourceDomains, ...options });
    await gallery.showAnswer(await callTool("showGallery", args), args);
    await gallery.view.locator(".tile").first().waitFor();
    return gallery;
  }

  test("the tool announces the view in both spellings that clients look for", async () => {
    const { result } = await server.request("tools/list");

    const tool = result.tools.find(({ name }: { name: string }) => name === "showGallery");
    expect(tool._meta).toEqual({
      ui: { resourceUri: "ui://webflow-assets/gallery.html" },
      "ui/resourceUri": "ui://webflow-assets/gallery.html",
    });
  });

  test("the view may load pictures from the site's host and from nowhere else", async () => {
    const { result } = await server.request("resources/read", { uri: "ui://webflow-assets/gallery.html" });

    const [content] = result.contents;
    expect(content).toMatchObject({ mimeType: "text/html;profile=mcp-app" });
    expect(content._meta.ui.csp).toEqual({ resourceDomains: [new URL(emulator.apiBaseUrl).origin] });
  });

  test("shows small versions of the pictures, under the policy of the resource", async () => {
    const gallery = await showGallery({ query: "landscape" });

    const image = gallery.view.locator(".tile img").first();
    await expect.poll(() => image.evaluate(NATURAL_WIDTH)).toBeGreaterThan(0);
    expect(await image.getAttribute("src")).toContain("-p-500");
  });

  test("says how many there are, and shows more on demand", async () => {
    const gallery = await showGallery();
    await countIs(gallery, `50 of ${total(emulator)} assets`);

    await gallery.view.getByRole("button", { name: /^Show more/ }).click();

    await countIs(gallery, `250 of ${total(emulator)} assets`);
  });

  test("the gallery of a read-only server shows texts and uses, and offers nothing that would change them", async () => {
    const readOnly = startServer({ env: { ...emulatorEnvironment(emulator), WEBFLOW_READ_ONLY: "1" } });
    await readOnly.initialize();
    const { view } = await showGallery({}, {}, readOnly);

    await view.locator(".tile").first().click();

    await view.getByText("Read-only: nothing can be changed or deleted here.").waitFor();
    await view.getByRole("button", { name: "Where is it used?" }).waitFor();
    expect(await view.getByRole("button", { name: /^(Save|Delete|Ask the assistant)/ }).count()).toBe(0);
    expect(await view.getByLabel("Alt text").getAttribute("readonly")).toBe("");
    await readOnly.close();
  });

  test("searches", async () => {
    const gallery = await showGallery();

    await gallery.view.getByRole("searchbox").fill("LANDSCAPE 3");

    await countIs(gallery, "1 asset");
    expect(await gallery.view.locator(".tile-name").allInnerTexts()).toEqual(["landscape 3.jpg"]);
  });

  test("filters by type and by missing alt text, in addition to the filters of the assistant's call", async () => {
    const gallery = await showGallery({ query: "landscape" });

    await gallery.view.getByRole("button", { name: "Missing alt text", exact: true }).click();
    await countIs(gallery, "6 assets");
    await gallery.view.getByLabel("Type").selectOption("document");

    await gallery.view.getByText("No results").waitFor();
    await gallery.view.getByRole("button", { name: "Show all assets" }).click();
    await countIs(gallery, `50 of ${total(emulator)} assets`);
  });

  test("walks the folders down and up", async () => {
    const gallery = await showGallery();
    const folders = gallery.view.getByRole("navigation", { name: "Folders here" });
    const path = gallery.view.getByRole("navigation", { name: "Folder", exact: true });

    await folders.getByText(/more folders$/).click();
    await folders.getByRole("button", { name: /^Landscapes/ }).click();
    await countIs(gallery, "12 assets");
    await folders.getByRole("button", { name: /^Wide\/Open/ }).click();
    await countIs(gallery, "4 assets");
    expect(await path.getByRole("listitem").allInnerTexts()).toEqual([
      "All assets",
      "Landscapes",
      "Wide/Open",
    ]);

    await path.getByRole("button", { name: "All assets" }).click();
    await countIs(gallery, `50 of ${total(emulator)} assets`);
  });

  test("sorts what is loaded, says so, and loads the rest on demand", async () => {
    const gallery = await showGallery({ folder: "Landscapes" });
    const names = (): Promise<string[]> => gallery.view.locator(".tile-name").allInnerTexts();

    await gallery.view.getByLabel("Sort").selectOption("Name");
    expect((await names()).slice(0, 3)).toEqual(["landscape 1.jpg", "landscape 2.jpg", "landscape 3.jpg"]);
    await gallery.view.getByLabel("Sort").selectOption("Newest first");
    expect((await names())[0]).toBe("landscape 12.jpg");

    await gallery.view.getByRole("button", { name: "All assets" }).click();
    await gallery.view.getByText("Only the 50 assets loaded so far are sorted.").waitFor();
  });

  test("writes an alt text to the site", async () => {
    const gallery = await showGallery({ query: "landscape 5" });
    await gallery.view.locator(".tile-open").click();

    await gallery.view.getByLabel("Alt text").fill("Hills before a rising sun");
    await gallery.view.getByRole("button", { name: "Save" }).click();

    await gallery.view.getByText("Saved.").waitFor();
    expect(altTextOf(emulator, "landscape 5.jpg")).toBe("Hills before a rising sun");
    await gallery.view.locator(".tile img[alt='Hills before a rising sun']").waitFor();
  });

  test("says why an alt text could not be saved, and keeps what was typed", async () => {
    const gallery = await showGallery({ query: "landscape 7" });
    await gallery.view.locator(".tile-open").click();
    const fault = emulator.faults.add({ on: "updateAsset", kind: "status", status: 400, when: "before" });

    await gallery.view.getByLabel("Alt text").fill("Hills");
    await gallery.view.getByRole("button", { name: "Save" }).click();
    await gallery.view.locator(".outcome.danger").waitFor();
    fault.remove();
    await gallery.page.keyboard.press("Escape");
    await gallery.view.locator(".tile-open").click();

    expect(altTextOf(emulator, "landscape 7.jpg")).toBeNull();
    expect(await gallery.view.getByLabel("Alt text").inputValue()).toBe("Hills");
  });

  test("can be walked through with the keyboard alone", async () => {
    const gallery = await showGallery({ folder: "Landscapes" });
    const { keyboard } = gallery.page;
    await gallery.view.getByRole("searchbox").focus();

    for (let steps = 0; steps < 20 && !(await focus(gallery)).includes("landscape"); steps += 1) {
      await keyboard.press("Tab");
    }
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowRight");
    await keyboard.press("ArrowLeft");
    expect(await focus(gallery)).toContain("landscape 11.jpg");

    await keyboard.press("Enter");
    await gallery.view.getByRole("region", { name: "Asset landscape 11.jpg" }).waitFor();
    expect(await focus(gallery)).toBe("landscape 11.jpg");
    for (const name of ["Previous asset", "Next asset", "Close", "Alt text"]) {
      await keyboard.press("Tab");
      expect(await focus(gallery)).toContain(name);
    }
    await keyboard.type("Typed without a mouse");
    await keyboard.press("Tab");
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await gallery.view.getByText("Saved.").waitFor();
    expect(altTextOf(emulator, "landscape 11.jpg")).toBe("Typed without a mouse");

    await keyboard.press("Escape");
    expect(await focus(gallery)).toContain("landscape 11.jpg");
    await keyboard.press("Tab");
    await keyboard.press("Space");
    await gallery.view.getByText("1 asset selected").waitFor();
  });

  for (const [colorScheme, width] of [
    ["light", 320],
    ["dark", 760],
    ["light", 1280],
  ] as const) {
    test(`has nothing that axe finds, in ${colorScheme} at ${width} pixels`, async () => {
      const gallery = await showGallery({ query: "landscape" }, { colorScheme, width });
      await gallery.view.locator(".chip").first().waitFor();
      await screenshot(gallery.page, `gallery-${colorScheme}-${width}`);
      expect(await violations(gallery)).toEqual([]);

      await gallery.view.locator(".tile-open").nth(1).click();
      await gallery.view.getByText("File name").waitFor();
      await gallery.view.locator(".tile-box input").nth(3).check();
      await screenshot(gallery.page, `asset-${colorScheme}-${width}`);

      expect(await violations(gallery)).toEqual([]);
      expect(await gallery.view.evaluate("document.documentElement.scrollWidth")).toBe(width);
    });
  }
});

const NATURAL_WIDTH = (image: object): number => (image as { naturalWidth: number }).naturalWidth;

/** Twelve pictures in a folder with a folder below, of which every second has an alt text. */
async function addPictures({ library, siteId }: Emulator, newPage: () => Promise<Page>): Promise<void> {
  const parent = library.addFolder({ siteId, displayName: "Landscapes" });
  const child = library.addFolder({ siteId, displayName: "Wide/Open", parentFolder: parent.id });
  const page = await newPage();
  await page.setViewportSize({ width: 800, height: 600 });
  for (let number = 1; number <= 12; number += 1) {
    await page.setContent(`<body style="margin:0">${picture(`landscape ${number}`)}`);
    library.addAsset({
      siteId,
      fileName: `landscape ${number}.jpg`,
      contentType: "image/jpeg",
      parentFolder: number <= 8 ? parent.id : child.id,
      altText: number % 2 === 0 ? `Hills, number ${number}` : null,
      bytes: await page.screenshot({ type: "jpeg" }),
      createdAtMs: library.now() + number * 60_000,
    });
  }
  await page.close();
}

function total(emulator: Emulator): string {
  return assetsOf(emulator).length.toLocaleString("en-US");
}

async function callToolOf(server: ServerProcess, name: string, args: object): Promise<ToolAnswer> {
  const { result, error } = await server.request("tools/call", { name, arguments: args });
  if (error) throw new Error(error.message);
  return result;
}

function assetsOf({ library, siteId }: Emulator): ReturnType<Emulator["library"]["assets"]> {
  return library.assets(siteId);
}

function altTextOf(emulator: Emulator, displayName: string): string | null | undefined {
  return assetsOf(emulator).find((asset) => asset.displayName === displayName)?.altText;
}

async function countIs(gallery: GalleryHost, text: string): Promise<void> {
  await gallery.view.locator(".count", { hasText: new RegExp(`^${text}$`) }).waitFor();
}

/** What the focused element says: its label, or else its text. */
function focus(gallery: GalleryHost): Promise<string> {
  return gallery.view.evaluate(
    "((at) => at.ariaLabel ?? at.labels?.[0]?.textContent ?? at.textContent)(document.activeElement)",
  );
}

/** What axe-core objects to in the view. */
async function violations(gallery: GalleryHost): Promise<unknown> {
  await gallery.view.evaluate(AXE);
  return gallery.view.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))",
  );
}
