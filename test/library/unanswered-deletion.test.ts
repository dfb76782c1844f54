import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answeringCall } from "../builders/call.js";
import { startSite, type TestSite } from "../builders/site.js";

let site: TestSite;
let id: string;

beforeEach(async () => {
  site = await startSite();
  const { siteId, library } = site.emulator;
  id = library.addAsset({ siteId, fileName: "old.png", contentType: "image/png" }).id;
});

afterEach(() => site.close());

function remove() {
  const request = { assetIds: [id], confirm: true, evenIfUsed: true };
  return site.service.deleteAssets(request, answeringCall("unavailable").call);
}

describe("deleteAssets, when no deletion is answered", () => {
  it("looks, and tells that the asset is gone", async () => {
    site.emulator.faults.add({ on: "deleteAsset", kind: "reset", when: "after" });
    expect(await remove()).toEqual({ deleted: [id], failed: [] });
  });

  it("looks, and tells that the deletion failed if the asset is still there", async () => {
    site.emulator.faults.add({ on: "deleteAsset", kind: "reset", when: "before" });
    const { deleted, failed } = await remove();
    expect(deleted).toEqual([]);
    expect(failed).toEqual([{ assetId: id, error: expect.stringMatching(/^\[WEBFLOW_UNAVAILABLE\]/) }]);
    expect(failed[0]?.error).not.toContain("may have deleted");
  });

  it("says that it may have happened if nothing can be looked up either", async () => {
    const { faults } = site.emulator;
    faults.add({ on: "deleteAsset", kind: "reset", when: "after" });
    faults.add({ on: "getAsset", kind: "reset", when: "after", skip: 1 });
    const { failed } = await remove();
    expect(failed[0]?.error).toMatch(
      new RegExp(`^\\[WEBFLOW_UNAVAILABLE\\] .*may have deleted .* Next: look .*getAsset ${id} .*call again`),
    );
  });
});
