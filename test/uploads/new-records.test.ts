import { afterEach, describe, expect, it, vi } from "vitest";
import { UNSHARED } from "../../src/uploads/known/claims.js";
import { createAssetRecords } from "../../src/uploads/record/asset-record.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import { noAnswer } from "../../src/webflow/data-api/error-mapping.js";
import type { Asset, CreatedAsset } from "../../src/webflow/data-api/responses.js";
import { callContext } from "../builders/call.js";

/** Webflow's clock is an hour ahead of this machine's. */
const HERE = Date.UTC(2026, 2, 1, 11, 0, 0);
const SIGNED_AT = Date.UTC(2026, 2, 1, 12, 0, 0);
const SITE = "b".repeat(24);
const FOLDER = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
const FILE = {
  bytes: Buffer.from("bytes"),
  md5: "0".repeat(32),
  fileName: "photo.png",
  contentType: "image/png",
};
const FORM = { key: "site/photo.png", "X-Amz-Date": "20260301T120000Z", "Content-Type": "image/x-png" };

afterEach(() => {
  vi.useRealTimers();
});

function idOfAge(ageMs: number, end = "01"): string {
  return Math.floor((SIGNED_AT - ageMs) / 1000).toString(16) + end.padStart(16, "0");
}

function created(changes: Partial<CreatedAsset> = {}): CreatedAsset {
  return {
    id: idOfAge(0),
    originalFileName: undefined,
    contentType: undefined,
    hostedUrl: undefined,
    assetUrl: undefined,
    uploadUrl: "https://storage.example/",
    parentFolder: undefined,
    createdOn: undefined,
    uploadDetails: FORM,
    ...changes,
  };
}

interface Webflow {
  readonly answers: readonly CreatedAsset[];
  /** How long stage 1 takes, and whether an attempt before its answer was lost. */
  readonly takesMs?: number;
  readonly isUncertain?: boolean;
  readonly listed?: readonly Partial<Asset>[];
}

function recordsOn({ answers, takesMs = 0, isUncertain = false, listed = [] }: Webflow) {
  vi.useFakeTimers({ toFake: ["Date"], now: HERE });
  const asked: unknown[] = [];
  let deletions = 0;
  const webflow = {
    async createAsset(_siteId, asset, _call, onUncertain) {
      asked.push(asset);
      if (isUncertain) onUncertain(noAnswer("the connection broke"));
      vi.setSystemTime(Date.now() + takesMs);
      return answers[Math.min(asked.length, answers.length) - 1] as CreatedAsset;
    },
    async listAssets() {
      return { entries: listed as Asset[], unreadable: 0, total: listed.length };
    },
    async deleteAsset() {
      deletions += 1;
    },
  } as Partial<WebflowClient> as WebflowClient;
  return { records: createAssetRecords(webflow, 1), asked, deletions: () => deletions };
}

const inTeam = { siteId: SITE, folder: FOLDER };
const inRoot = { siteId: SITE, folder: undefined };

describe("a new record", () => {
  it("is made with the name, the MD5 and the folder of the file", async () => {
    const { records, asked } = recordsOn({ answers: [created()] });
    await records.make(records.begin(inTeam, FILE), callContext());
    await records.make(records.begin(inRoot, FILE), callContext());
    expect(asked).toEqual([
      { fileName: "photo.png", fileHash: FILE.md5, parentFolder: FOLDER.id },
      { fileName: "photo.png", fileHash: FILE.md5, parentFolder: undefined },
    ]);
  });

  it("belongs to whoever made it in the root, too, and not where it lies in a folder", async () => {
    const { records } = recordsOn({
      answers: [created(), created({ id: idOfAge(0, "02"), parentFolder: FOLDER.id })],
    });
    expect((await records.make(records.begin(inRoot, FILE), callContext())).isOwn).toBe(true);
    expect((await records.make(records.begin(inRoot, FILE), callContext())).isOwn).toBe(false);
  });

  it("is described by what Webflow says, else by its form, else by the file", async () => {
    const said = {
      originalFileName: "Photo.png",
      contentType: "image/y-png",
      hostedUrl: "https://cdn.example/1",
    };
    const urls = { hostedUrl: "https://cdn.example/1", assetUrl: "https://storage.example/1" };
    const { records } = recordsOn({
      answers: [
        created(said),
        created({ id: idOfAge(0, "02"), ...urls }),
        created({ id: idOfAge(0, "03"), uploadDetails: undefined }),
      ],
    });
    const make = () => records.make(records.begin(inRoot, FILE), callContext());
    expect(await make()).toMatchObject({
      fileName: "Photo.png",
      contentType: "image/y-png",
      urls: ["https://cdn.example/1"],
    });
    expect(await make()).toMatchObject({
      fileName: "photo.png",
      contentType: "image/x-png",
      urls: ["https://cdn.example/1", "https://storage.example/1"],
    });
    expect(await make()).toMatchObject({ contentType: "image/png", urls: [], form: undefined });
  });

  it("may be older by as long as an attempt before its answer took, and no more", async () => {
    const older = created({ id: idOfAge(5_000) });
    const isOwn = async (webflow: Omit<Webflow, "answers">) => {
      const { records } = recordsOn({ answers: [older], ...webflow });
      return (await records.make(records.begin(inRoot, FILE), callContext())).isOwn;
    };
    expect(await isOwn({ takesMs: 10_000, isUncertain: true })).toBe(true);
    expect(await isOwn({ takesMs: 2_000, isUncertain: true })).toBe(false);
    expect(await isOwn({ takesMs: 10_000 })).toBe(false);
  });

  it("has its age by Webflow's clock, as its last form told it, where it comes without one", async () => {
    const answers = [created(), created({ id: idOfAge(7_000, "02"), uploadDetails: undefined })];
    const { records } = recordsOn({ answers });
    expect(records.begin(inRoot, FILE).since).toBe(HERE);
    await records.make(records.begin(inRoot, FILE), callContext());
    expect(records.begin(inRoot, FILE).since).toBe(SIGNED_AT);
    const { ageMs } = await records.make(records.begin(inRoot, FILE), callContext());
    expect(ageMs).toBe(7_000);
  });

  it("is no stray of the upload that got it", async () => {
    const named = { id: idOfAge(0), originalFileName: "photo.png", size: 0 };
    const stray = { ...named, id: idOfAge(0, "99") };
    const { records } = recordsOn({ answers: [created()], isUncertain: true, listed: [named, stray] });
    const ongoing = records.begin(inRoot, FILE);
    const { id } = await records.make(ongoing, callContext());
    const [note, ...others] = await records.strays.notesOn(ongoing, id, callContext());
    expect(others).toEqual([]);
    expect(note).toContain(stray.id);
    expect(note).not.toContain(named.id);
    const error = await records.strays.errorWith(ongoing, noAnswer("it broke"), callContext());
    expect(error).toMatchObject({ code: "UPLOAD_INCOMPLETE", message: expect.stringContaining(stray.id) });
  });

  it("is left where another process is at work on the same bytes, and named", async () => {
    const { records, deletions } = recordsOn({ answers: [created()] });
    const shared = { ...UNSHARED, isShared: async () => true };
    const record = await records.make(records.begin(inRoot, FILE, shared), callContext());
    const cause = noAnswer("The storage is down.");
    await expect(records.remove(record, { cause }, callContext())).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringMatching(/^The storage is down\. .*was left, because another process/),
      cause,
    });
    expect(deletions()).toBe(0);
  });
});
