import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FindUsesResult } from "../../src/contract/find-uses.js";
import { pngBytes } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;

beforeEach(async () => {
  site = await startSite();
  const { database, siteId } = site.emulator;
  const image = { fileName: "spare.png", contentType: "image/png", bytes: pngBytes() };
  database.addAsset({ siteId, displayName: "spare.png", ...image });
});
afterEach(() => site.close());

async function readSite(): Promise<FindUsesResult & { verdict: string | undefined }> {
  const result = await site.service.findUses({ limit: 50 }, callContext());
  expect(result.status).toBe("complete");
  return { ...result, verdict: result.assets[0]?.verdict };
}

describe("a published site whose files are answered oddly", () => {
  it("hides nothing in a style sheet that is gone, which is told", async () => {
    site.emulator.publish({ path: "/", html: '<link rel="stylesheet" href="/old.css">' });
    const { verdict, notRead } = await readSite();
    expect(verdict).toBe("noReferenceFound");
    expect(notRead).toContainEqual({ what: "1 style sheet (old.css)", why: "it was answered with 404" });
  });
});
