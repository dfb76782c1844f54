import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import { UNSHARED } from "../../../src/uploads/known/claims.js";
import { createStrayRecords, type UploadInProgress } from "../../../src/uploads/record/stray-records.js";
import type { WebflowClient } from "../../../src/webflow/data-api/client.js";
import type { Asset } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";

const SINCE = Date.UTC(2026, 2, 1, 12, 0, 0);
const FILE = {
  bytes: Buffer.from("bytes"),
  md5: "0".repeat(32),
  fileName: "photo.png",
  contentType: "image/png",
};
const DOWN = new AssetError("STORAGE_UNAVAILABLE", "The storage is down.", "wait a minute");
const REJECTED = new AssetError("WEBFLOW_REJECTED", "Webflow refused.", "change the name");

/** An id that Webflow gave so many seconds after the first attempt began. */
function idAt(seconds: number, end = "01"): string {
  return (SINCE / 1000 + seconds).toString(16) + end.padStart(16, "0");
}

const KEPT = { id: idAt(5, "ff"), originalFileName: "photo.png", size: 5 };
const STRAY = { id: idAt(0), originalFileName: "photo.png", size: 0 };

/** A site whose newest assets are these; later lists show the next ones. */
function strays(...lists: (readonly Partial<Asset>[] | Error)[]) {
  let looks = 0;
  const webflow = {
    async listAssets() {
      const assets = lists[Math.min(looks, lists.length - 1)] ?? [];
      looks += 1;
      if (assets instanceof Error) throw assets;
      return { entries: assets, unreadable: 0, total: assets.length };
    },
  } as unknown as WebflowClient;
  const parts = { webflow, isNamed: (id: string) => id === KEPT.id, lagMs: 1 };
  return { ...createStrayRecords(parts), looks: () => looks };
}

function attempts(changes: Partial<UploadInProgress> = {}): UploadInProgress {
  return {
    target: { siteId: "b".repeat(24), folder: undefined },
    file: FILE,
    claim: UNSHARED,
    unanswered: 1,
    timedOut: 0,
    since: SINCE,
    ...changes,
  };
}

const notesOn = (site: ReturnType<typeof strays>, changes: Partial<UploadInProgress> = {}) =>
  site.notesOn(attempts(changes), KEPT.id, callContext());

describe("what unanswered attempts may have left, beside the asset", () => {
  it("is nothing, and is not looked for, where every attempt was answered", async () => {
    const site = strays([STRAY]);
    expect(await notesOn(site, { unanswered: 0 })).toEqual([]);
    expect(site.looks()).toBe(0);
  });

  it("is nothing where a list that shows the asset shows nothing else", async () => {
    expect(await notesOn(strays([KEPT]))).toEqual([]);
    const site = strays([KEPT, { ...STRAY, originalFileName: "other.png" }]);
    expect(await notesOn(site)).toEqual([]);
    expect(site.looks()).toBe(1);
  });

  it("is looked for until the list shows the asset", async () => {
    const site = strays([{ ...KEPT, id: idAt(-60) }], [KEPT]);
    expect(await notesOn(site)).toEqual([]);
    expect(site.looks()).toBe(2);
  });

  it.each([
    ["made within a second of the first attempt", { id: idAt(-1) }],
    ["made later", { id: idAt(60) }],
    ["of no known size", { size: undefined }],
  ])("is told where it is a record without a file, of that name, %s", async (_, changes) => {
    const [note, ...others] = await notesOn(strays([KEPT, { ...STRAY, ...changes }]));
    expect(others).toEqual([]);
    expect(note).toMatch(/did not answer the first attempt.* holds a record made .*"photo\.png" \(6/);
  });

  it.each([
    ["made earlier", { id: idAt(-2) }],
    ["with a file", { size: 1 }],
    ["of another name", { originalFileName: "portrait.png" }],
    ["of no name", { originalFileName: undefined }],
    ["that an answer named", { id: KEPT.id }],
  ])("is no record %s", async (_, changes) => {
    expect(await notesOn(strays([KEPT, { ...STRAY, ...changes }]))).toEqual([]);
  });

  it("is told of several in one sentence", async () => {
    const [note] = await notesOn(strays([KEPT, STRAY, { ...STRAY, id: idAt(1) }]));
    expect(note).toContain(
      `records made in the same moment that hold no file, "photo.png" (${STRAY.id}), "photo`,
    );
  });

  it("may be a record that no list shows yet, where one timed out or the list shows not even the asset", async () => {
    const unseen = [expect.stringContaining('may hold a second record named "photo.png"')];
    expect(await notesOn(strays([KEPT]), { timedOut: 1 })).toEqual(unseen);
    expect(await notesOn(strays([]))).toEqual(unseen);
    expect(await notesOn(strays([{ ...KEPT, id: idAt(-60), size: 3 }]))).toEqual(unseen);
  });

  it("may be anything where the search fails, which is told", async () => {
    expect(await notesOn(strays(DOWN))).toEqual([
      expect.stringMatching(/the search for it failed: The storage is/),
    ]);
  });
});

describe("the error of an upload whose attempts were not answered", () => {
  const errorOf = (site: ReturnType<typeof strays>, cause: unknown, changes = {}, call = callContext()) =>
    site.errorWith(attempts(changes), cause, call);

  it("is the failure itself where every attempt was answered", async () => {
    const site = strays([STRAY]);
    expect(await errorOf(site, DOWN, { unanswered: 0 })).toBe(DOWN);
    expect(site.looks()).toBe(0);
  });

  it("names the record that may be left, and that the same file completes it", async () => {
    const site = strays([STRAY]);
    expect(await errorOf(site, REJECTED)).toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringMatching(
        /^Webflow refused\. The site holds a record .*"photo\.png" \(6.*perhaps from/,
      ),
      next: "call again with the same file, which completes such a record",
      cause: REJECTED,
    });
    expect(site.looks()).toBe(1);
  });

  it("keeps its code and its advice where nothing was found, and says what may be there anyway", async () => {
    expect(await errorOf(strays([]), REJECTED)).toMatchObject({
      code: "WEBFLOW_REJECTED",
      message:
        'Webflow refused. Webflow may have made a record named "photo.png" for it anyway, which holds no file.',
      next: expect.stringMatching(/^change the name; then call again with the same file/),
    });
    expect(await errorOf(strays([]), DOWN)).toMatchObject({
      code: "STORAGE_UNAVAILABLE",
      next: "call again with the same file, which completes such a record",
    });
    expect(await errorOf(strays(DOWN), REJECTED)).toMatchObject({ code: "WEBFLOW_REJECTED" });
  });

  it("is news where the call was cancelled, or failed in a way that was not foreseen", async () => {
    const cancelled = callContext({ signal: AbortSignal.abort() });
    expect(await errorOf(strays([]), REJECTED, {}, cancelled)).toMatchObject({ code: "UPLOAD_INCOMPLETE" });
    expect(await errorOf(strays([]), new Error("x"))).toMatchObject({ code: "UPLOAD_INCOMPLETE" });
  });
});
