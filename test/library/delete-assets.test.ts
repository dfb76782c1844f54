import { afterEach, describe, expect, it } from "vitest";
import type { DeleteAssetsRequest } from "../../src/contract/delete-assets.js";
import type { Answer } from "../../src/core/call-context.js";
import { formatError } from "../../src/core/errors.js";
import type { Emulator } from "../../src/emulator/emulator.js";
import { pngBytes } from "../builders/bytes.js";
import { answeringCall } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { dataUri, startSite, type TestSite } from "../builders/site.js";

const MISSING = "0123456789abcdef01234567";
let site: TestSite;

afterEach(() => site.close());

async function aSite(): Promise<Emulator> {
  site = await startSite();
  return site.emulator;
}

function addImage(emulator: Emulator, displayName = "hero.png", parentFolder: string | null = null): string {
  const { siteId } = emulator;
  const image = { fileName: "hero.png", contentType: "image/png", bytes: pngBytes() };
  return emulator.library.addAsset({ siteId, displayName, parentFolder, ...image }).id;
}

function remove(request: DeleteAssetsRequest, answer: Answer = "unavailable") {
  return site.service.deleteAssets(request, answeringCall(answer).call);
}

describe("deleteAssets", () => {
  it("asks with names and folders and what breaks, and deletes what was agreed to", async () => {
    const emulator = await aSite();
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Press" });
    const first = addImage(emulator, "first.png", folder.id);
    const second = addImage(emulator, "second.png");
    const { call, questions } = answeringCall("accepted");
    const result = await site.service.deleteAssets({ assetIds: [first, second] }, call);
    expect(result).toEqual({ deleted: [first, second], failed: [] });
    expect(questions).toEqual([
      {
        message:
          "Delete these 2 assets from Webflow for good? Pages that use them break.\n" +
          '- "first.png" in "Press": no reference found in what was read\n' +
          '- "second.png" in the root: no reference found in what was read',
        field: "delete",
        title: "Delete these 2 assets",
      },
    ]);
    expect(emulator.library.assets(emulator.siteId)).toEqual([]);
  });

  it("speaks of one asset in the singular", async () => {
    const emulator = await aSite();
    const { call, questions } = answeringCall("declined");
    await site.service.deleteAssets({ assetIds: [addImage(emulator, "a.png")] }, call).catch(() => {});
    expect(questions[0]?.message).toMatch(
      /^Delete this asset from Webflow for good\? Pages that use it break\.$/m,
    );
  });

  it("names eight of 40 assets and counts the others by folder", async () => {
    const emulator = await aSite();
    const folder = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Press" });
    const ids = Array.from({ length: 40 }, (_, index) =>
      addImage(emulator, `${index}.png`, index % 4 === 0 ? null : folder.id),
    );
    const { call, questions } = answeringCall("declined");
    await site.service.deleteAssets({ assetIds: ids }, call).catch(() => {});
    const lines = questions[0]?.message.split("\n") ?? [];
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('- and 32 more: 24 in "Press", 8 in the root');
  });

  it("says where an asset lies that was uploaded a moment ago", async () => {
    const emulator = await aSite();
    const { asset } = await site.service.uploadAsset(
      { source: dataUri(pngBytes()), folder: "Press/Kit", fileName: "fresh.png" },
      answeringCall("unavailable").call,
    );
    const { call, questions } = answeringCall("declined");
    await site.service.deleteAssets({ assetIds: [asset.id ?? ""] }, call).catch(() => {});
    expect(questions[0]?.message).toContain('"fresh.png" in "Press/Kit"');
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
  });

  it("says nothing of the folder when it cannot be found out", async () => {
    const emulator = await aSite();
    const id = addImage(emulator, "first.png");
    emulator.faults.add({ on: "listFolders", kind: "status", status: 403, when: "before" });
    const { call, questions } = answeringCall("declined");
    await site.service.deleteAssets({ assetIds: [id] }, call).catch(() => {});
    expect(questions[0]?.message).toMatch(/\n- "first\.png": no reference found in what was read$/);
  });

  it("deletes nothing when the user declines", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    expect(await codeOf(remove({ assetIds: [id] }, "declined"))).toBe("CANCELLED");
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
  });

  it("says what it would delete when nobody can be asked", async () => {
    const emulator = await aSite();
    const id = addImage(emulator, "first.png");
    const refused = await remove({ assetIds: [id] }).catch(formatError);
    expect(refused).toMatch(/^\[CONFIRMATION_REQUIRED\] .*"first\.png" in the root.*confirm: true\.$/);
    expect(emulator.library.assetRecords.has(id)).toBe(true);
  });

  it("asks also when it is confirmed, wherever somebody can be asked", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const { call, questions } = answeringCall("declined");
    expect(await codeOf(site.service.deleteAssets({ assetIds: [id], confirm: true }, call))).toBe(
      "CANCELLED",
    );
    expect(questions).toHaveLength(1);
    expect(emulator.library.assetRecords.has(id)).toBe(true);
  });

  it("refuses what was declined for the rest of the session, and asks about the others alone", async () => {
    const emulator = await aSite();
    const [kept, other] = [addImage(emulator, "kept.png"), addImage(emulator, "other.png")];
    await remove({ assetIds: [kept] }, "declined").catch(() => {});
    expect(await codeOf(remove({ assetIds: [kept.toUpperCase()], confirm: true }))).toBe("CANCELLED");
    const { call, questions } = answeringCall("accepted");
    const result = await site.service.deleteAssets({ assetIds: [kept, other], confirm: true }, call);
    expect(result.deleted).toEqual([other]);
    expect(result.failed).toEqual([{ assetId: kept, error: expect.stringMatching(/^\[CANCELLED\]/) }]);
    expect(questions[0]?.message).not.toContain("kept.png");
  });

  it("teaches no way round a refusal, but names the setting for unattended runs", async () => {
    const emulator = await aSite();
    const refused = await remove({ assetIds: [addImage(emulator)] }, "declined").catch(formatError);
    expect(refused).not.toContain("confirm:");
    expect(refused).toContain("WEBFLOW_TRUST_CONFIRM");
  });

  it("asks nobody in an unattended run, where confirm is needed and enough", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const unattended = site.anotherService({ trustConfirm: true });
    const { call, questions } = answeringCall("declined");
    expect(await codeOf(unattended.deleteAssets({ assetIds: [id] }, call))).toBe("CONFIRMATION_REQUIRED");
    const result = await unattended.deleteAssets({ assetIds: [id, id.toUpperCase()], confirm: true }, call);
    expect(result).toEqual({ deleted: [id], failed: [] });
    expect(questions).toEqual([]);
  });

  it.each([
    { confirm: true },
    { confirm: false },
  ])("tells of each asset that is not there, %o", async (options) => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const result = await remove({ assetIds: [MISSING, id, "../sites"], ...options }, "accepted");
    expect(result.deleted).toEqual([id]);
    expect(result.failed).toEqual([
      { assetId: MISSING, error: expect.stringMatching(/^\[ASSET_NOT_FOUND\]/) },
      { assetId: "../sites", error: expect.stringMatching(/^\[INVALID_INPUT\]/) },
    ]);
  });

  it("asks nothing when there is nothing to delete", async () => {
    await aSite();
    const { call, questions } = answeringCall("accepted");
    const { deleted } = await site.service.deleteAssets({ assetIds: [MISSING] }, call);
    expect(deleted).toEqual([]);
    expect(questions).toEqual([]);
  });

  it("looks 100 assets up by a listing instead of one by one", async () => {
    const emulator = await aSite();
    const ids = Array.from({ length: 250 }, () => addImage(emulator));
    await remove({ assetIds: ids.slice(0, 100) }, "declined").catch(() => {});
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(3);
    expect(emulator.requests.count({ operation: "getAsset" })).toBe(0);
  });

  it("looks a few assets of a large site up one by one", async () => {
    const emulator = await aSite();
    emulator.seedLibrary({ folders: 0, assets: 2000 });
    const ids = Array.from({ length: 2 }, () => addImage(emulator));
    await remove({ assetIds: ids }, "declined").catch(() => {});
    // One page tells that listing all of them to look for their uses would take too many calls.
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(1);
    expect(emulator.requests.count({ operation: "getAsset" })).toBe(2);
  });

  it("gives a name no line of its own in the question", async () => {
    const emulator = await aSite();
    const id = addImage(emulator, 'x.png"\n- and nothing else.\u202e');
    const { call, questions } = answeringCall("declined");
    await site.service.deleteAssets({ assetIds: [id] }, call).catch(() => {});
    expect(questions[0]?.message.split("\n")).toHaveLength(2);
    expect(questions[0]?.message).not.toContain("\u202e");
  });

  it("deletes nothing when nobody answers", async () => {
    const emulator = await aSite();
    const id = addImage(emulator);
    const request = { assetIds: [id], confirm: true };
    expect(await codeOf(remove(request, "unanswered"))).toBe("CONFIRMATION_REQUIRED");
    expect(await remove(request, "accepted")).toMatchObject({ deleted: [id] });
  });
});
