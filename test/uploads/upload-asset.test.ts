import { afterEach, describe, expect, it } from "vitest";
import type { UploadAssetResult } from "../../src/contract/upload-asset.js";
import { uploadAsset } from "../../src/tools/upload-asset.js";
import { numberedPng } from "../builders/bytes.js";
import { callContext } from "../builders/call.js";
import { makeTree } from "../builders/file-tree.js";
import { startOrigin } from "../builders/origin.js";
import { dataUri, md5Of, startSite, type TestSite, type TestSiteOptions } from "../builders/site.js";

let site: TestSite;
const cleanUps: (() => Promise<void>)[] = [];

async function aSite(options: TestSiteOptions = {}): Promise<TestSite> {
  site = await startSite(options);
  cleanUps.push(() => site.close());
  return site;
}

async function aSiteWithLedger(): Promise<void> {
  const place = makeTree({});
  cleanUps.push(async () => place.remove());
  await aSite({ service: { cacheDirectory: place.root } });
}

async function upload(bytes: Buffer, more: Record<string, unknown> = {}): Promise<UploadAssetResult> {
  const request = { source: dataUri(bytes), fileName: "photo.png", ...more };
  const result = await site.service.uploadAsset(request, callContext());
  expect(uploadAsset.output?.safeParse(result).error).toBeUndefined();
  return result;
}

function assets() {
  return site.emulator.library.assets(site.emulator.siteId);
}

afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

describe("uploadAsset", () => {
  it("brings the bytes to the site and returns everything that the next tool needs", async () => {
    const { emulator } = await aSite();
    const bytes = numberedPng(1);
    const { status, asset, notes } = await upload(bytes, { folder: "Campaigns/Spring", altText: "A dot" });
    expect(status).toBe("uploaded");
    expect(asset).toMatchObject({
      fileName: "photo.png",
      contentType: "image/png",
      size: bytes.length,
      md5: md5Of(bytes),
      folder: { path: "Campaigns/Spring" },
      altText: "A dot",
    });
    expect(notes).toEqual([]);
    expect(assets()).toMatchObject([
      { id: asset.id, md5: md5Of(bytes), altText: "A dot", parentFolder: asset.folder?.id },
    ]);
    expect(emulator.requests.count({ operation: "createAsset" })).toBe(1);
    const served = await fetch(asset.url ?? "");
    expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it("registers the MD5 of the bytes with Webflow", async () => {
    await aSite({ switches: { strictFileHash: true } });
    const bytes = numberedPng(2);
    await upload(bytes);
    expect(assets()[0]?.fileHash).toBe(md5Of(bytes));
  });

  it("downloads a URL once and names a file without extension after its bytes", async () => {
    const origin = await startOrigin({ "/photo-1502": numberedPng(3) });
    cleanUps.push(() => origin.close());
    await aSite({ urlHosts: `127.0.0.1:${origin.port}` });
    const { asset } = await site.service.uploadAsset(
      { source: `${origin.url}/photo-1502?w=640` },
      callContext(),
    );
    expect(asset.fileName).toBe("photo-1502.png");
    expect(origin.requests).toHaveLength(1);
  });

  it("sends the token to the Data API only", async () => {
    const origin = await startOrigin({ "/a.png": numberedPng(4) });
    cleanUps.push(() => origin.close());
    await aSite({ urlHosts: `127.0.0.1:${origin.port}` });
    await site.service.uploadAsset({ source: `${origin.url}/a.png` }, callContext());
    const elsewhere = [
      ...site.emulator.requests.entries({ service: "s3" }),
      ...site.emulator.requests.entries({ service: "cdn" }),
      ...origin.requests,
    ];
    expect(elsewhere.length).toBeGreaterThanOrEqual(2);
    for (const { headers } of elsewhere) {
      expect(headers.authorization).toBeUndefined();
      expect(JSON.stringify(headers)).not.toContain(site.emulator.token);
    }
  });

  it("costs one call of the Data API where site and folder are known", async () => {
    await aSite();
    await upload(numberedPng(5), { folder: "Known" });
    site.emulator.requests.clear();
    await upload(numberedPng(6), { folder: "Known" });
    expect(site.emulator.requests.count({ service: "api" })).toBe(1);
  });

  it("reuses an asset that has the same bytes, and leaves its alt text alone", async () => {
    await aSite();
    const first = await upload(numberedPng(7), { folder: "Here", altText: "The first" });
    const second = await upload(numberedPng(7), {
      folder: "There",
      fileName: "other.png",
      altText: "The second",
    });
    expect(second).toMatchObject({
      status: "reused",
      asset: { id: first.asset.id, fileName: "photo.png", folder: { path: "Here" }, altText: "The first" },
    });
    expect(second.notes.join(" ")).toMatch(/lies in the folder "Here".*keeps its current alt text/s);
    expect(assets()).toHaveLength(1);
    expect(site.emulator.requests.count({ service: "s3", method: "POST" })).toBe(1);
  });

  it("returns the alt text that a reused asset has", async () => {
    await aSite();
    await upload(numberedPng(7), { altText: "The first" });
    expect((await upload(numberedPng(7))).asset.altText).toBe("The first");
  });

  it("makes no folder for bytes that the ledger knows, since a folder cannot be deleted", async () => {
    await aSiteWithLedger();
    const first = await upload(numberedPng(7), { folder: "Here", altText: "The first" });
    const second = await upload(numberedPng(7), { folder: "There/Deep", altText: "The second" });
    expect(second).toMatchObject({
      status: "reused",
      asset: { id: first.asset.id, folder: { path: "Here" }, altText: "The first" },
    });
    expect(second.notes.join(" ")).toMatch(
      /in the folder "Here".*"There\/Deep" was not created.*"The first"/s,
    );
    expect(site.emulator.library.folders(site.emulator.siteId).map(({ displayName }) => displayName)).toEqual(
      ["Here"],
    );
  });

  it("uploads bytes again whose asset was deleted, into the folder that it creates for them", async () => {
    await aSiteWithLedger();
    const first = await upload(numberedPng(7), { folder: "Here" });
    site.emulator.library.deleteAsset(first.asset.id ?? "");
    expect(await upload(numberedPng(7), { folder: "There" })).toMatchObject({
      status: "uploaded",
      asset: { folder: { path: "There" } },
    });
  });

  it("gives a reused asset the alt text that it lacks", async () => {
    await aSite();
    await upload(numberedPng(8));
    const again = await upload(numberedPng(8), { altText: "At last" });
    expect(again.asset.altText).toBe("At last");
    expect(assets()[0]?.altText).toBe("At last");
  });

  it("knows in which folder another process put the asset a moment ago", async () => {
    await aSite();
    await upload(numberedPng(9), { folder: "Elsewhere" });
    const other = site.anotherService();
    await other.listFolders({ limit: 10 }, callContext());
    const bytes = numberedPng(10);
    await upload(bytes, { folder: "Elsewhere" });
    const { status, asset } = await other.uploadAsset(
      { source: dataUri(bytes), fileName: "photo.png" },
      callContext(),
    );
    expect(status).toBe("reused");
    expect(asset.folder?.path).toBe("Elsewhere");
  });

  it("completes the record of an upload that never finished, and says so", async () => {
    const { emulator } = await aSite();
    const bytes = numberedPng(11);
    const ghost = emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "ghost.png",
      contentType: "image/png",
      fileHash: md5Of(bytes),
    });
    const { status, asset, notes } = await upload(bytes);
    expect(status).toBe("uploaded");
    expect(asset.id).toBe(ghost.id);
    expect(notes.join(" ")).toContain("had not finished");
    expect(assets()).toMatchObject([{ hasBytes: true, md5: md5Of(bytes) }]);
  });

  it("says where a completed record lies only when that is elsewhere than was asked for", async () => {
    const { emulator } = await aSite();
    const { siteId } = emulator;
    const old = emulator.library.addFolder({ siteId, displayName: "Old" });
    for (const number of [50, 51]) {
      emulator.library.addAsset({
        siteId,
        fileName: "photo.png",
        contentType: "image/png",
        parentFolder: old.id,
        fileHash: md5Of(numberedPng(number)),
      });
    }
    const elsewhere = await upload(numberedPng(50));
    const there = await upload(numberedPng(51), { folder: "Old" });
    expect([elsewhere.asset.folder?.path, there.asset.folder?.path]).toEqual(["Old", "Old"]);
    expect(elsewhere.notes.join(" ")).toContain('It lies in the folder "Old"');
    expect(there.notes.join(" ")).not.toContain("It lies in");
  });

  it("says so if it is unclear whether a known asset's file is there", async () => {
    const { emulator } = await aSite({ switches: { detailsOnDuplicate: false } });
    const first = await upload(numberedPng(52));
    emulator.faults.add({ on: "getObject", kind: "status", status: 500, when: "before" });
    emulator.faults.add({ on: "getAsset", kind: "status", status: 403, when: "before" });
    const { status, asset, notes } = await upload(numberedPng(52));
    expect([status, asset.id]).toEqual(["reused", first.asset.id]);
    expect(notes.join(" ")).toContain("could not be checked");
  });

  it("says no more than where it is when the file of a known asset is there", async () => {
    await aSite();
    await upload(numberedPng(53));
    expect((await upload(numberedPng(53))).notes).toEqual([
      expect.stringContaining("already had these bytes"),
    ]);
  });

  it("names a record without bytes that it can neither complete nor call its own", async () => {
    const { emulator } = await aSite({ switches: { detailsOnDuplicate: false } });
    const bytes = numberedPng(12);
    const ghost = emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "ghost.png",
      contentType: "image/png",
      fileHash: md5Of(bytes),
    });
    await expect(upload(bytes)).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      next: expect.stringContaining(ghost.id),
    });
    expect(assets()).toHaveLength(1);
  });

  it("never claims an asset whose hosted file holds other bytes", async () => {
    const { emulator } = await aSite();
    const bytes = numberedPng(13);
    emulator.library.addAsset({
      siteId: emulator.siteId,
      fileName: "poisoned.png",
      contentType: "image/png",
      fileHash: md5Of(bytes),
      bytes: numberedPng(14, 300),
    });
    await expect(upload(bytes)).rejects.toMatchObject({ code: "WEBFLOW_REJECTED" });
    expect(assets()[0]?.md5).toBe(md5Of(numberedPng(14, 300)));
  });

  it("uploads equal bytes once when they come at the same moment", async () => {
    await aSite();
    const results = await Promise.all(Array.from({ length: 10 }, () => upload(numberedPng(15))));
    expect(new Set(results.map(({ asset }) => asset.id)).size).toBe(1);
    expect(results.filter(({ status }) => status === "uploaded")).toHaveLength(1);
    expect(assets()).toHaveLength(1);
  });

  it("plans without writing anything", async () => {
    await aSite();
    const { status, asset, notes } = await upload(numberedPng(16), { folder: "New", dryRun: true });
    expect(status).toBe("planned");
    expect(asset).toMatchObject({ folder: { path: "New" } });
    expect(asset).not.toHaveProperty("id");
    expect(asset).not.toHaveProperty("url");
    expect(notes.join(" ")).toContain('"New" would be created');
    expect(site.emulator.requests.entries().every(({ method }) => method === "GET")).toBe(true);
  });

  it("notes that the folder that it makes, or would make, differs from another one in case only", async () => {
    const { siteId, library } = (await aSite()).emulator;
    library.addFolder({ siteId, displayName: "Team" });
    const noteOnTwin = expect.stringContaining('The site has "Team" too');
    for (const dryRun of [true, false]) {
      const { notes } = await upload(numberedPng(16), { folder: "team/New", dryRun });
      expect(notes).toEqual(expect.arrayContaining([noteOnTwin]));
    }
  });

  it("plans where a file will lie, by the path or the id of a folder that exists, or in the root", async () => {
    const { siteId, library } = (await aSite()).emulator;
    const { id } = library.addFolder({ siteId, displayName: "Team" });
    for (const choice of [{ folder: "Team" }, { folderId: id }]) {
      const { asset, notes } = await upload(numberedPng(16), { ...choice, altText: "A dot", dryRun: true });
      expect(asset).toMatchObject({ folder: { id, path: "Team" }, altText: "A dot" });
      expect(notes).toEqual([]);
    }
    const { asset, notes } = await upload(numberedPng(16), { altText: "", dryRun: true });
    expect(asset.folder).toBeNull();
    expect(asset.altText).toBeUndefined();
    expect(notes).toEqual([]);
    expect((await upload(numberedPng(16), { folder: "New", dryRun: true })).asset.folder).toEqual({
      path: "New",
    });
  });

  it("names the folder in its progress", async () => {
    await aSite();
    const steps: string[] = [];
    const call = callContext({ progress: (message) => steps.push(message) });
    for (const folder of ["New", undefined])
      await site.service.uploadAsset(
        { source: dataUri(numberedPng(folder ? 18 : 19)), fileName: "a.png", folder },
        call,
      );
    expect(steps.filter((step) => step.startsWith("Folder"))).toEqual(["Folder: New", "Folder: root"]);
  });

  it.each([
    ["an empty file", { source: "data:image/png;base64," }, "FILE_EMPTY"],
    [
      "an unsupported type",
      { source: dataUri(Buffer.from("MZ\x90\0\x03"), "application/x-msdownload") },
      "TYPE_NOT_SUPPORTED",
    ],
    ["another MD5", { source: dataUri(numberedPng(17)), md5: "0".repeat(32) }, "MD5_MISMATCH"],
    [
      "both folder and folderId",
      { source: dataUri(numberedPng(17)), folder: "a", folderId: "a".repeat(24) },
      "INVALID_INPUT",
    ],
    ["an empty folder name", { source: dataUri(numberedPng(17)), folder: "a//b" }, "INVALID_INPUT"],
    ["an id of another form", { source: dataUri(numberedPng(17)), folderId: "../sites" }, "INVALID_INPUT"],
  ])("refuses %s before any call of the Data API", async (_, request, code) => {
    await aSite();
    await expect(site.service.uploadAsset(request, callContext())).rejects.toMatchObject({ code });
    expect(site.emulator.requests.count()).toBe(0);
  });

  it("says which folder is missing when a folderId is unknown", async () => {
    await aSite();
    await expect(upload(numberedPng(18), { folderId: "a".repeat(24) })).rejects.toMatchObject({
      code: "FOLDER_NOT_FOUND",
    });
    expect(assets()).toHaveLength(0);
  });

  it("says that its folder was deleted meanwhile, and how to create it again", async () => {
    const { emulator } = await aSite();
    const { id } = emulator.library.addFolder({ siteId: emulator.siteId, displayName: "Gone" });
    await site.service.listFolders({ limit: 10 }, callContext());
    emulator.library.folderRecords.delete(id);
    await expect(upload(numberedPng(54), { folderId: id })).rejects.toMatchObject({
      code: "FOLDER_NOT_FOUND",
      message: expect.stringContaining('"Gone"'),
      next: expect.stringContaining("with folder instead of folderId"),
    });
    expect(assets()).toEqual([]);
  });

  it("leaves no record when it is cancelled while Webflow makes it", async () => {
    const { emulator } = await aSite();
    await upload(numberedPng(55));
    emulator.requests.clear();
    emulator.faults.add({ on: "createAsset", kind: "latency", ms: 200 });
    const cancel = new AbortController();
    const request = { source: dataUri(numberedPng(56)), fileName: "cancelled.png" };
    const uploading = site.service.uploadAsset(request, callContext({ signal: cancel.signal }));
    const ended = expect(uploading).rejects.toMatchObject({ code: "CANCELLED" });
    await expect.poll(() => emulator.requests.count({ operation: "createAsset" })).toBe(1);
    cancel.abort();
    await ended;
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(1);
    expect(emulator.requests.count({ operation: "postObject" })).toBe(0);
    expect(assets()).toHaveLength(1);
  });

  it("keeps an asset whose bytes had arrived although the storage's answers were all lost", async () => {
    const { emulator } = await aSite();
    emulator.faults.add({ on: "postObject", kind: "status", status: 500, when: "after" });
    const { status, notes } = await upload(numberedPng(57));
    expect([status, notes]).toEqual(["uploaded", []]);
    expect(assets()).toMatchObject([{ hasBytes: true }]);
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
  });

  it("removes its record when the storage stays down", async () => {
    const { emulator } = await aSite();
    emulator.faults.add({ on: "postObject", kind: "status", status: 503, when: "before" });
    await expect(upload(numberedPng(58))).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    expect(assets()).toEqual([]);
  });

  it("refuses to send the file to a host that is not on the list, and removes the record", async () => {
    await aSite({ service: { uploadHosts: [] } });
    await expect(upload(numberedPng(19))).rejects.toMatchObject({ code: "URL_BLOCKED" });
    expect(assets()).toHaveLength(0);
    expect(site.emulator.requests.count({ service: "s3", method: "POST" })).toBe(0);
  });

  it("keeps the upload when only the alt text fails, and says what is missing", async () => {
    const { emulator } = await aSite();
    emulator.faults.add({ on: "updateAsset", kind: "status", status: 500, when: "before" });
    const { status, notes } = await upload(numberedPng(20), { altText: "Lost" });
    expect(status).toBe("uploaded");
    expect(notes.join(" ")).toMatch(/alt text could not be set.*updateAssets/);
  });

  it("lists the sites that the token can see if the site is unknown", async () => {
    const { emulator } = await aSite();
    await expect(upload(numberedPng(21), { siteId: "b".repeat(24) })).rejects.toMatchObject({
      code: "SITE_NOT_FOUND",
      next: expect.stringContaining(emulator.siteId),
    });
  });

  it("asks for the site when the token sees several", async () => {
    const { emulator } = await aSite();
    const second = emulator.library.addSite("Second");
    const token = emulator.library.addToken({ siteIds: [emulator.siteId, second.id] });
    const service = site.anotherService({ token: token.value });
    await expect(
      service.uploadAsset({ source: dataUri(numberedPng(22)) }, callContext()),
    ).rejects.toMatchObject({
      code: "SITE_REQUIRED",
      message: expect.stringContaining(second.id),
    });
  });

  it("names a record that an attempt without an answer may have left, and removes nothing", async () => {
    const { emulator } = await aSite({ switches: { duplicates: "reuse-uploaded-only" } });
    emulator.faults.add({ on: "createAsset", kind: "reset", when: "after", times: 1 });
    const { asset, notes } = await upload(numberedPng(25));
    const stray = assets().find(({ id }) => id !== asset.id);
    expect(notes).toEqual([expect.stringContaining(`"photo.png" (${stray?.id})`)]);
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
  });

  it("says so when such a record cannot be looked for", async () => {
    const { emulator } = await aSite({ switches: { duplicates: "reuse-uploaded-only" } });
    emulator.faults.add({ on: "createAsset", kind: "reset", when: "after", times: 1 });
    emulator.faults.add({ on: "listAssets", kind: "status", status: 503, when: "before" });
    const { notes } = await upload(numberedPng(26));
    expect(notes).toEqual([
      expect.stringMatching(/may hold a second record named "photo\.png".*search for it failed/),
    ]);
  });

  it("says nothing of a second record where Webflow's list shows that there is none", async () => {
    const { emulator } = await aSite();
    emulator.faults.add({ on: "createAsset", kind: "reset", when: "after", times: 1 });
    expect((await upload(numberedPng(27))).notes).toEqual([]);
  });

  it("leaves a colleague's upload of the same name alone when its own answers are lost", async () => {
    const { emulator } = await aSite({ switches: { colleagueUploads: true } });
    emulator.faults.add({ on: "createAsset", kind: "status", status: 500, when: "before", times: 1 });
    await upload(numberedPng(28));
    emulator.faults.add({ on: "createAsset", kind: "status", status: 502, when: "before" });
    await expect(upload(numberedPng(29))).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE" });
    expect(assets().filter(({ madeBy }) => madeBy === "somebody else")).not.toHaveLength(0);
    expect(emulator.requests.count({ operation: "deleteAsset" })).toBe(0);
  });

  it("says which scope is missing", async () => {
    const { emulator } = await aSite();
    const token = emulator.library.addToken({
      scopes: ["assets:read", "sites:read"],
      siteIds: [emulator.siteId],
    });
    const service = site.anotherService({ token: token.value });
    await expect(
      service.uploadAsset({ source: dataUri(numberedPng(23)) }, callContext()),
    ).rejects.toMatchObject({
      code: "MISSING_SCOPE",
      next: expect.stringContaining("assets:write"),
    });
  });

  it("says how to make a token when there is none, or when it is not valid", async () => {
    await aSite();
    for (const token of [undefined, "expired-token-0001"]) {
      const service = site.anotherService({ token });
      await expect(
        service.uploadAsset({ source: dataUri(numberedPng(24)) }, callContext()),
      ).rejects.toMatchObject({
        code: "UNAUTHORIZED",
        next: expect.stringContaining("WEBFLOW_TOKEN"),
      });
    }
  });
});

const variants = [
  { folderNamesUniquePer: "site" },
  { folderNamesUniquePer: "parent" },
  { createStatus: 202 },
  { folderPaging: "ignored" },
  { detailsOnDuplicate: false },
  { duplicates: "reuse-uploaded-only" },
  { nullSecurityToken: true },
  { omitsOptionalFields: true },
  { retryAfterOnSuccess: true },
  { listsUnfinished: false },
  { clockOffsetMs: 600_000 },
  { clockOffsetMs: -600_000 },
  { clockOffsetMs: -600_000, dateFollowsClock: false },
  { createStatus: 202, folderNamesUniquePer: "parent", folderPaging: "ignored", detailsOnDuplicate: false },
] as const satisfies TestSiteOptions["switches"][];

describe.each(variants)("on a Webflow with %j", (switches) => {
  it("does the main job: upload, reuse, folders once", async () => {
    await aSite({ switches });
    const uploaded = await upload(numberedPng(30), { folder: "Universal Assets/Team" });
    const reused = await upload(numberedPng(30), { folder: "Universal Assets/Team" });
    const second = await upload(numberedPng(31), { folder: "Universal Assets" });
    expect([uploaded.status, reused.status, second.status]).toEqual(["uploaded", "reused", "uploaded"]);
    expect(reused.asset.id).toBe(uploaded.asset.id);
    expect(reused.asset.folder?.path).toBe("Universal Assets/Team");
    expect(assets().map(({ hasBytes }) => hasBytes)).toEqual([true, true]);
    expect(site.emulator.library.folders(site.emulator.siteId)).toHaveLength(2);
  });
});
