import { accessSync, constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** Chromium's executable: `CHROMIUM_PATH`, or the first on PATH; undefined when there is none. */
export function findChromium(): string | undefined {
  if (process.env["CHROMIUM_PATH"]) return process.env["CHROMIUM_PATH"];
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isExecutable);
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
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
  if (viewport) await page.setViewportSize({ width: viewport.width, height: Math.min(height, 1_200) });
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
