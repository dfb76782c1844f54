import { truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { picturesAtOnce } from "../../../src/pictures/load-sharp.js";
import type { OptimizedPicture, PictureOptimizer } from "../../../src/pictures/optimizer.js";
import { numberedPng } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { makeTree } from "../../builders/file-tree.js";
import { md5Of, startSite, type TestSite } from "../../builders/site.js";
import { patient } from "../../slowness.js";

const PHOTOS = 50;
const MB = 1024 * 1024;

const names = Array.from({ length: PHOTOS }, (_, number) => `${number}.jpg`);
const large = names.slice(0, 8).map((name) => `large-${name}`);
const photos = makeTree({
  ...Object.fromEntries([...names, ...large].map((name) => [name, name])),
  "other.png": numberedPng(0, 3 * MB),
});
for (const name of names) truncateSync(join(photos.root, name), MB);
for (const name of large) truncateSync(join(photos.root, name), 5 * MB);

let site: TestSite;

afterEach(() => site.close());
afterAll(() => photos.remove());

/** An optimizer that makes a picture of 1 MB of whatever it gets, once it may, and counts. */
function countingOptimizer(mayGoOn = Promise.resolve()): PictureOptimizer & { count: number } {
  const counting = {
    count: 0,
    recipe: async () => "counting",
    async optimize(): Promise<OptimizedPicture> {
      counting.count += 1;
      const bytes = numberedPng(counting.count, MB);
      await mayGoOn;
      const type = { contentType: "image/png", extension: "png" };
      return { bytes, md5: md5Of(bytes), ...type, changed: true, notes: [] };
    },
  };
  return counting;
}

describe("a batch of pictures", () => {
  it("goes on being encoded while Webflow's rate limit lets nothing in", async () => {
    const optimizer = countingOptimizer();
    site = await startSite({
      switches: { rateLimit: { limit: 5, windowMs: 60_000, sliding: false } },
      service: { allowedDirectories: [photos.root], loadWorkers: async () => ({ optimizer }) },
    });
    const cancel = new AbortController();
    const items = names.map((source) => ({ source }));
    const uploading = site.service.uploadAssets(
      { items, optimize: true },
      callContext({ signal: cancel.signal }),
    );
    await expect.poll(() => optimizer.count, { timeout: patient(5_000) }).toBe(PHOTOS);
    expect(site.emulator.requests.count({ operation: "postObject" })).toBeLessThan(6);
    cancel.abort();
    await expect(uploading).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("is read no further ahead than keeps the optimizer busy, and keeps out no other file", async () => {
    let goOn = (): void => {};
    const optimizer = countingOptimizer(
      new Promise((resolve) => {
        goOn = resolve;
      }),
    );
    site = await startSite({
      service: { allowedDirectories: [photos.root], loadWorkers: async () => ({ optimizer }) },
    });
    const items = large.map((source) => ({ source, optimize: true }));
    const uploading = site.service.uploadAssets({ items }, callContext());
    await expect.poll(() => optimizer.count, { timeout: patient(5_000) }).toBeGreaterThan(picturesAtOnce());
    const other = await site.service.uploadAssets({ items: [{ source: "other.png" }] }, callContext());
    const { count } = optimizer;
    goOn();
    const uploaded = expect.objectContaining({ status: "uploaded" });
    expect([other.results, count]).toEqual([[uploaded], picturesAtOnce() + 1]);
    expect(await uploading).toMatchObject({ uploaded: 8 });
  });
});
