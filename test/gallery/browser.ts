import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type GalleryHost, type HostOptions, openGallery } from "./host/gallery-host.js";

const NO_CHROMIUM =
  "The gallery is tested in Chromium, and there is none on PATH. Install one (on Debian: apt-get install chromium-headless-shell; " +
  "elsewhere: Google Chrome), or set CHROMIUM_PATH to its executable. npm test runs all other tests.";

/** The headless shell draws the same with half the work. The last two are where Chrome lies that is on no PATH. */
const EXECUTABLES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/** `CHROMIUM_PATH`, or the first that is found. Throws with how to get one where there is none. */
function findChromium(): string {
  if (process.env["CHROMIUM_PATH"]) return process.env["CHROMIUM_PATH"];
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const found = directories
    .flatMap((directory) => EXECUTABLES.map((name) => (isAbsolute(name) ? name : join(directory, name))))
    .find(isExecutable);
  if (found === undefined) throw new Error(NO_CHROMIUM);
  return found;
}

export type OpenGallery = (options?: HostOptions) => Promise<GalleryHost>;

/**
 * A suite in Chromium; without one its file fails and says how to get it. `specify` gets a function that opens the gallery in a page
 * of its own, which is closed after the test.
 */
export function describeInChromium(
  name: string,
  specify: (open: OpenGallery, newPage: () => Promise<Page>) => void,
): void {
  const executablePath = findChromium();
  describe(name, () => {
    let browser: Browser;
    const opened: GalleryHost[] = [];

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((gallery) => gallery.close()));
    });
    afterAll(() => browser.close());

    async function open(options?: HostOptions): Promise<GalleryHost> {
      const gallery = await openGallery(browser, options);
      opened.push(gallery);
      return gallery;
    }
    specify(open, () => browser.newPage());
  });
}

/** Writes a picture of the page to the directory that `GALLERY_SCREENSHOTS` names; without one it does nothing. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const directory = process.env["GALLERY_SCREENSHOTS"];
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  const viewport = page.viewportSize();
  // Frames of another origin are only drawn where they are in the viewport.
  await page.evaluate("scrollTo(0, 0)");
  const height = await page.evaluate<number>("document.documentElement.scrollHeight");
  if (viewport) await page.setViewportSize({ width: viewport.width, height: Math.min(height, 2_400) });
  await page.screenshot({ path: join(directory, `${name}.png`) });
  if (viewport) await page.setViewportSize(viewport);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
