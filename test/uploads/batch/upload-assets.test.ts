import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { JobReport } from "../../../src/contract/job-report.js";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import { uploadAssets } from "../../../src/tools/upload-assets.js";
import { numberedPng } from "../../builders/bytes.js";
import { callContext } from "../../builders/call.js";
import { dataUri, startSite, type TestSite, type TestSiteOptions } from "../../builders/site.js";

let site: TestSite;
let cacheDirectory: string;

beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "ledger-"));
});

afterEach(async () => {
  await site.close();
  await rm(cacheDirectory, { recursive: true, force: true });
});

async function aSite(switches: TestSiteOptions["switches"] = {}): Promise<TestSite> {
  site = await startSite({ switches, service: { cacheDirectory } });
  return site;
}

/** Items of pictures with these numbers: equal numbers, equal bytes. */
function pictures(...numbers: number[]) {
  return numbers.map((number) => ({ source: dataUri(numberedPng(number)), fileName: `${number}.png` }));
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

async function upload(
  request: Parameters<TestSite["service"]["uploadAssets"]>[0],
  call = callContext(),
): Promise<JobReport> {
  const report = await site.service.uploadAssets(request, call);
  expect(uploadAssets.output?.safeParse(report).error).toBeUndefined();
  const { total, uploaded, reused, planned, failed, cancelled, pending } = report;
  expect(uploaded + reused + planned + failed + cancelled + pending).toBe(total);
  return report;
}

function assets() {
  return site.emulator.library.assets(site.emulator.siteId);
}

describe("uploadAssets", () => {
  it.each([
    { limit: 120, wanted: 7, title: "at most 7 files under way under a limit of 120 a minute" },
    { limit: 100_000, wanted: 60, title: "all 60 files under way where Webflow sets no narrow limit" },
  ])("has $title", async ({ limit, wanted }) => {
    const { emulator } = await aSite({ rateLimit: { limit, windowMs: 60_000, sliding: false } });
    emulator.faults.add({ on: "postObject", kind: "hang" });
    const cancel = new AbortController();
    const uploading = upload({ items: pictures(...range(0, 60)) }, callContext({ signal: cancel.signal }));
    const posted = () => emulator.requests.count({ operation: "postObject" });
    await expect.poll(posted).toBe(wanted);
    cancel.abort();
    await expect(uploading).rejects.toThrow();
    expect(emulator.requests.count({ operation: "createAsset" })).toBe(wanted);
  });

  it("uploads all files, into folders created once, and lists them in the given order", async () => {
    const { emulator } = await aSite();
    const items = pictures(...range(0, 40)).map((item, index) => ({ ...item, folder: `Batch/${index % 4}` }));
    const report = await upload({ items });
    expect(report).toMatchObject({ status: "done", total: 40, uploaded: 40 });
    expect(emulator.requests.count({ operation: "createFolder" })).toBe(5);
    expect(emulator.requests.count({ operation: "createAsset" })).toBe(40);
    const names = report.results.map(({ id }) => assets().find((asset) => asset.id === id)?.originalFileName);
    expect(names).toEqual(range(0, 40).map((number) => `${number}.png`));
  });

  it("uploads equal bytes once and keeps equal names apart", async () => {
    await aSite();
    const items = pictures(1, 1, 2).map((item) => ({ ...item, fileName: "same.png" }));
    const report = await upload({ items });
    expect(report.results.map(({ status }) => status)).toEqual(["uploaded", "reused", "uploaded"]);
    expect(report.results[1]?.id).toBe(report.results[0]?.id);
    expect(
      assets()
        .map(({ originalFileName }) => originalFileName)
        .sort(),
    ).toEqual(["same-2.png", "same.png"]);
    expect(site.emulator.requests.count({ operation: "createAsset" })).toBe(2);
  });

  it("goes on when one file is refused, and says why", async () => {
    await aSite();
    const report = await upload({
      items: [...pictures(1), { source: "data:image/png;base64," }, ...pictures(2)],
    });
    expect(report.results.map(({ status }) => status)).toEqual(["uploaded", "failed", "uploaded"]);
    expect(report.results[1]?.error).toMatch(/^\[FILE_EMPTY\] .* Next: /);
  });

  it.each([false, true])("fails an item alone whose folder is no path (dry run: %s)", async (dryRun) => {
    await aSite();
    const [first, second] = pictures(1, 2);
    const items = [
      { ...first, source: first?.source ?? "", folder: "a//b" },
      { ...second, source: second?.source ?? "" },
    ];
    const { results } = await upload({ items, dryRun });
    expect(results[0]).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^\[INVALID_INPUT\]/),
    });
    expect(results[1]?.status).toBe(dryRun ? "planned" : "uploaded");
    expect(assets()).toHaveLength(dryRun ? 0 : 1);
  });

  it("refuses the whole batch when its own folder is no path", async () => {
    const { emulator } = await aSite();
    await expect(
      site.service.uploadAssets({ items: pictures(1), folder: "a//b" }, callContext()),
    ).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(emulator.requests.count()).toBe(0);
  });

  it("spends little of a rate limit on an error that all would meet", async () => {
    const { emulator } = await aSite({ rateLimit: { limit: 120, windowMs: 60_000, sliding: false } });
    const token = emulator.library.addToken({
      scopes: ["assets:read", "sites:read"],
      siteIds: [emulator.siteId],
    });
    const service = site.anotherService({ token: token.value });
    const report = await service.uploadAssets({ items: pictures(...range(0, 100)) }, callContext());
    expect(report.failed).toBe(100);
    expect(new Set(report.results.map(({ error }) => error?.slice(0, 15))).size).toBe(1);
    expect(emulator.requests.count({ operation: "createAsset" })).toBeLessThan(40);
  });

  it("plans every file without writing anything", async () => {
    await aSite();
    const report = await upload({ items: pictures(1, 2), folder: "New", dryRun: true });
    expect(report).toMatchObject({ planned: 2 });
    expect(report.results.flatMap(({ notes = [] }) => notes)).toEqual(['The folder "New" would be created.']);
    expect(site.emulator.requests.entries().every(({ method }) => method === "GET")).toBe(true);
  });

  it("answers with a running job when the call's time is over, and uploadStatus reports the end", async () => {
    await aSite({ latencyMs: { api: 20, s3: 0, cdn: 0 } });
    const timeOut = new AbortController();
    setTimeout(() => timeOut.abort(new DeadlinePassed()), 60);
    const running = await upload(
      { items: pictures(...range(0, 100)) },
      callContext({ signal: timeOut.signal }),
    );
    expect(running.status).toBe("running");
    expect(running.pending).toBeGreaterThan(0);
    const done = await site.service.uploadStatus({ job: running.job }, callContext());
    expect(done).toMatchObject({ status: "done", uploaded: 100, pending: 0 });
  });

  it("cancels a job on request: what is done stays, nothing is half done", async () => {
    await aSite({ latencyMs: { api: 20, s3: 5, cdn: 0 } });
    const timeOut = new AbortController();
    setTimeout(() => timeOut.abort(new DeadlinePassed()), 100);
    const { job } = await upload(
      { items: pictures(...range(0, 200)) },
      callContext({ signal: timeOut.signal }),
    );
    const report = await site.service.uploadStatus({ job, cancel: true }, callContext());
    expect(report.status).toBe("cancelled");
    expect(report.cancelled).toBeGreaterThan(0);
    expect(report.uploaded + report.cancelled).toBe(200);
    expect(assets().every(({ hasBytes }) => hasBytes)).toBe(true);
    expect(assets()).toHaveLength(report.uploaded);
  });

  it("cancels the job with the call, when that was not answered yet", async () => {
    await aSite({ latencyMs: { api: 20, s3: 5, cdn: 0 } });
    const cancel = new AbortController();
    const call = callContext({ signal: cancel.signal });
    const upload = site.service.uploadAssets({ items: pictures(...range(0, 30)) }, call);
    const cancelled = expect(upload).rejects.toMatchObject({ code: "CANCELLED" });
    await vi.waitUntil(() => site.emulator.requests.count({ operation: "createAsset" }) > 0, 20_000);
    cancel.abort();
    await cancelled;
    // What was on its way at the cancellation has arrived by the time that a later request is answered.
    await site.service.listFolders({ limit: 1 }, callContext());
    const sent = site.emulator.requests.count();
    expect(assets().every(({ hasBytes }) => hasBytes)).toBe(true);
    await site.service.listFolders({ limit: 1 }, callContext());
    expect(site.emulator.requests.count()).toBe(sent + 1);
  });

  it("says what to do about a job that it does not know", async () => {
    await aSite();
    await expect(site.service.uploadStatus({ job: "gone" }, callContext())).rejects.toMatchObject({
      code: "JOB_NOT_FOUND",
      next: expect.stringContaining("same call again"),
    });
  });

  it("reports progress by files", async () => {
    await aSite();
    const told: string[] = [];
    await upload({ items: pictures(1, 2, 3) }, callContext({ progress: (message) => told.push(message) }));
    expect(told.at(-1)).toBe("3 of 3 files done");
  });
});

describe("a repeated batch", () => {
  it("costs the pages of the listing instead of a call a file, also in a new process", async () => {
    const { emulator } = await aSite();
    const items = pictures(...range(0, 110));
    await upload({ items });
    const later = site.anotherService();
    emulator.requests.clear();
    const report = await later.uploadAssets({ items }, callContext());
    expect(report).toMatchObject({ reused: 110 });
    expect(emulator.requests.count({ operation: "createAsset" })).toBe(0);
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(2);
  });

  it("uploads again what was deleted on the site", async () => {
    const { emulator } = await aSite();
    const { results } = await upload({ items: pictures(1, 2) });
    emulator.library.assetRecords.delete(results[0]?.id ?? "");
    const later = site.anotherService();
    const report = await later.uploadAssets({ items: pictures(1, 2) }, callContext());
    expect(report.results.map(({ status }) => status)).toEqual(["uploaded", "reused"]);
  });

  it("looks at few assets one by one when the ledger is gone, and then at the listing", async () => {
    const { emulator } = await aSite();
    const items = pictures(...range(0, 110));
    await upload({ items });
    await rm(cacheDirectory, { recursive: true });
    emulator.switches.clockOffsetMs = 120_000;
    emulator.requests.clear();
    const later = site.anotherService();
    const report = await later.uploadAssets({ items }, callContext());
    expect(report).toMatchObject({ reused: 110 });
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(2);
    // As many as were under way at first.
    expect(emulator.requests.count({ operation: "getAsset" })).toBeLessThan(70);
  });

  it("asks Webflow for each file when the ledger is gone", async () => {
    await aSite();
    await upload({ items: pictures(1, 2) });
    await rm(cacheDirectory, { recursive: true });
    site.emulator.switches.clockOffsetMs = 60_000;
    const report = await site.anotherService().uploadAssets({ items: pictures(1, 2) }, callContext());
    expect(report).toMatchObject({ reused: 2 });
  });
});
