import type { Frame, Page } from "playwright-core";
import { expect, test } from "vitest";
import { listedAsset, listing } from "../builders/listing.js";
import { patient } from "../slowness.js";
import { describeInChromium } from "./browser.js";
import type { GalleryHost } from "./host/gallery-host.js";

const MANY = 1_000;
/** Elements that the view may have in all, however many assets there are. */
const MAX_ELEMENTS = 2_500;

/** What is drawn behind each picture that has come. */
const GROUNDS_OF_LOADED = `[...document.querySelectorAll(".thumbnail:has(img)")]
  .filter((frame) => frame.querySelector("img").complete)
  .map((frame) => getComputedStyle(frame).backgroundImage)`;

/** The height of the document once what its first layout set off has been laid out, too. */
const SETTLED_HEIGHT = `new Promise((resolve) => {
  const frame = (left) =>
    left > 0
      ? requestAnimationFrame(() => frame(left - 1))
      : resolve(Math.round(document.documentElement.getBoundingClientRect().height));
  frame(3);
})`;

describeInChromium("the gallery with many assets", (openGallery) => {
  test("paints 50 assets within a second of their result", async () => {
    const gallery = await openGallery();
    await gallery.view.evaluate(STOP_WATCH);

    await gallery.show(pictures(gallery, 50));

    expect(await gallery.view.evaluate<number>("painted")).toBeLessThan(patient(1_000));
  });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`shows what may be transparent on a ground where white and black are seen, in ${colorScheme}`, async () => {
      const gallery = await openGallery({ colorScheme });
      const at = gallery.picturesUrl;
      const logo = listedAsset(0, at, { name: "logo.svg", contentType: "image/svg+xml" });
      await gallery.show(listing([logo, listedAsset(1, at)]));

      const grounds = (): Promise<string[]> => gallery.view.evaluate(GROUNDS_OF_LOADED);
      await expect.poll(grounds).toEqual([expect.stringContaining("rgb(168, 168, 168)"), "none"]);
    });
  }

  test("keeps the document small while 1,000 are scrolled through in its own frame", async () => {
    const gallery = await openGallery({ height: 700 });
    await gallery.show(documents(gallery, MANY));
    await gallery.view.locator(".tile").first().waitFor();

    const most = await scrollThrough(gallery, gallery.view);

    expect(most).toBeLessThan(MAX_ELEMENTS);
    await tileOf(gallery, MANY).waitFor();
  });

  test("keeps the document small while the client scrolls around the whole of it", async () => {
    const gallery = await openGallery();
    await gallery.show(documents(gallery, MANY));
    await gallery.page.waitForFunction("frame.clientHeight > 20000");

    const most = await scrollThrough(gallery, gallery.page);

    expect(most).toBeLessThan(MAX_ELEMENTS);
    await tileOf(gallery, MANY).waitFor();
  });

  test("goes from the first to the last by keyboard", async () => {
    const gallery = await openGallery();
    await gallery.show(documents(gallery, MANY));
    await gallery.view.locator(".tile-open").first().focus();

    await gallery.page.keyboard.press("End");

    expect(await focusedTile(gallery)).toContain(`-${MANY}.`);
    await gallery.page.keyboard.press("Home");
    expect(await focusedTile(gallery)).toContain("hero-1.jpg");
    expect(await gallery.view.locator("*").count()).toBeLessThan(MAX_ELEMENTS);
  });

  test("keeps its height while tiles come and go", async () => {
    const gallery = await openGallery({ height: 700 });
    await gallery.show(documents(gallery, MANY));
    await gallery.view.locator(".tile").first().waitFor();
    const before = await gallery.view.evaluate<number>(SETTLED_HEIGHT);

    await gallery.view.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    await tileOf(gallery, MANY).waitFor();

    expect(Math.abs((await gallery.view.evaluate<number>(SETTLED_HEIGHT)) - before)).toBeLessThan(4);
  });

  test("keeps an asset open while the user looks elsewhere", async () => {
    const gallery = await openGallery({ height: 700 });
    await gallery.show(documents(gallery, MANY));
    await gallery.view.locator(".tile-open").first().click();
    await gallery.view.getByLabel("Alt text").fill("Half a sentence");

    await gallery.view.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    await tileOf(gallery, MANY).waitFor();

    expect(await gallery.view.getByLabel("Alt text").inputValue()).toBe("Half a sentence");
  });
});

/** Measures from the message with the result to the frame in which all tiles stand. Milliseconds. */
const STOP_WATCH = `window.painted = new Promise((resolve) => {
  addEventListener("message", ({ data }) => {
    if (data.method !== "ui/notifications/tool-result") return;
    const start = performance.now();
    requestAnimationFrame(function look() {
      if (document.querySelectorAll(".tile-name").length < 50) requestAnimationFrame(look);
      else requestAnimationFrame(() => resolve(performance.now() - start));
    });
  }, { capture: true });
}); undefined`;

function pictures(gallery: GalleryHost, count: number): object {
  return listing(Array.from({ length: count }, (_, index) => listedAsset(index, gallery.picturesUrl)));
}

/** Documents, of which no test has to wait for a thousand pictures. */
function documents(gallery: GalleryHost, count: number): object {
  const isDocument = { contentType: "application/pdf" };
  return listing(
    Array.from({ length: count }, (_, index) => listedAsset(index, gallery.picturesUrl, isDocument)),
  );
}

function tileOf(gallery: GalleryHost, number: number): ReturnType<GalleryHost["view"]["locator"]> {
  return gallery.view.locator(".tile-name", { hasText: new RegExp(`-${number}\\.`) });
}

function focusedTile(gallery: GalleryHost): Promise<string> {
  return gallery.view.evaluate("document.activeElement.textContent");
}

/** Scrolls from the top to the end, screen by screen; gives the most elements that there were at one time. */
async function scrollThrough(gallery: GalleryHost, scroller: Frame | Page): Promise<number> {
  let most = 0;
  for (let isEnd = false; !isEnd; ) {
    isEnd = await scroller.evaluate<boolean>(SCROLL_ON);
    most = Math.max(most, await gallery.view.evaluate<number>("document.querySelectorAll('*').length"));
  }
  return most;
}

/** One screen down, and the time for what comes into sight to be drawn. Gives whether that was the end. */
const SCROLL_ON = `new Promise((resolve) => {
  scrollBy(0, innerHeight);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    resolve(scrollY + innerHeight >= document.documentElement.scrollHeight - 1);
  }));
})`;
