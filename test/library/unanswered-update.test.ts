import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answeringCall } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;
let id: string;

beforeEach(async () => {
  site = await startSite();
  const { siteId, library } = site.emulator;
  const old = { displayName: "old.png", altText: "A vase" };
  id = library.addAsset({ siteId, fileName: "old.png", contentType: "image/png", ...old }).id;
});

afterEach(() => site.close());

function update() {
  const updates = [{ assetId: id, altText: "A jug" }];
  return site.service.updateAssets({ updates }, answeringCall("unavailable").call);
}

describe("updateAssets, when no change is answered", () => {
  const before = [{ assetId: expect.any(String), altText: "A vase" }];

  it("looks, and tells that the text was changed, with the old one", async () => {
    site.emulator.faults.add({ on: "updateAsset", kind: "reset", when: "after" });
    expect(await update()).toEqual({ updated: [id], failed: [], before });
  });

  it("looks, and tells that the change failed if the old text is still there", async () => {
    site.emulator.faults.add({ on: "updateAsset", kind: "reset", when: "before" });
    const { updated, failed } = await update();
    expect(updated).toEqual([]);
    expect(failed).toEqual([{ assetId: id, error: expect.stringMatching(/^\[WEBFLOW_UNAVAILABLE\]/) }]);
    expect(failed[0]?.error).not.toContain("may have changed");
  });

  it("says that it may have happened if nothing can be looked up either, with the old text", async () => {
    const { faults } = site.emulator;
    faults.add({ on: "updateAsset", kind: "reset", when: "after" });
    faults.add({ on: "getAsset", kind: "reset", when: "after", skip: 1 });
    const { failed, before: told } = await update();
    expect(failed[0]?.error).toMatch(
      new RegExp(`^\\[WEBFLOW_UNAVAILABLE\\] .*may have changed .* Next: look .*getAsset ${id}.* call again`),
    );
    expect(told).toEqual(before);
  });

  it("tells no old text of a change that Webflow refused", async () => {
    site.emulator.faults.add({ on: "updateAsset", kind: "status", status: 400, when: "before" });
    expect(await update()).toMatchObject({ updated: [], before: [] });
  });
});
