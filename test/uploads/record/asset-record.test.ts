import { describe, expect, it } from "vitest";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import { createAssetRecords } from "../../../src/uploads/record/asset-record.js";
import type { WebflowClient } from "../../../src/webflow/data-api/client.js";
import { noAnswer, WebflowFailure } from "../../../src/webflow/data-api/error-mapping.js";
import type { Asset, CreatedAsset } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";

const SIGNED_AT = Date.UTC(2026, 2, 1, 12, 0, 0);
const FOLDER = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
const FILE = {
  bytes: Buffer.from("bytes"),
  md5: "0".repeat(32),
  fileName: "Team Photo.jpeg",
  contentType: "image/jpeg",
};
const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });

/** An id that Webflow gave so many milliseconds before it signed the form. */
function idOfAge(ageMs: number, end = "01"): string {
  return Math.floor((SIGNED_AT - ageMs) / 1000).toString(16) + end.padStart(16, "0");
}

/** What stage 1 answers for a new record, with whatever a test wants different. */
function created(changes: Partial<CreatedAsset> = {}): CreatedAsset {
  return {
    id: idOfAge(0),
    originalFileName: FILE.fileName,
    contentType: FILE.contentType,
    hostedUrl: undefined,
    assetUrl: undefined,
    uploadUrl: "https://storage.example/",
    parentFolder: FOLDER.id,
    createdOn: undefined,
    uploadDetails: { key: "site/photo.jpeg", "X-Amz-Date": "20260301T120000Z" },
    ...changes,
  };
}

interface Webflow {
  readonly answers?: readonly CreatedAsset[];
  /** What is found under the record's id. */
  readonly found?: Partial<Asset>;
  /** What becomes of each attempt to delete it, the last one again and again. */
  readonly deletions?: readonly ("done" | Error)[];
  /** How the attempt before the answer failed, if one did. */
  readonly failure?: Error;
}

function recordsOn({ answers = [created()], found, deletions = ["done"], failure }: Webflow) {
  const did = { looks: 0, deletions: 0 };
  let made = 0;
  const webflow = {
    async createAsset(_siteId, _asset, _call, onUncertain) {
      if (failure) onUncertain(failure);
      const answer = answers[made] ?? created();
      made += 1;
      return answer;
    },
    async getAsset() {
      did.looks += 1;
      if (!found) throw NOT_FOUND;
      return found as Asset;
    },
    async deleteAsset() {
      const outcome = deletions[Math.min(did.deletions, deletions.length - 1)];
      did.deletions += 1;
      if (outcome instanceof Error) throw outcome;
    },
  } as Partial<WebflowClient> as WebflowClient;
  const records = createAssetRecords(webflow, 1);
  const ongoing = records.begin({ siteId: "b".repeat(24), folder: FOLDER }, FILE);
  return { did, records, ongoing, make: () => records.make(ongoing, callContext()) };
}

describe("the record that stage 1 answers with", () => {
  it.each([
    ["was made in the moment in which its form was signed", {}],
    ["was made within a second of that, as its id rounds it", { id: idOfAge(1_000) }],
    [
      "was made then by the date it tells, whatever its id",
      { id: idOfAge(60_000), createdOn: "2026-03-01T11:59:59.500Z" },
    ],
    ["has the file name as storages alter it", { originalFileName: "team-photo.jpg" }],
    ["tells neither name nor folder", { originalFileName: undefined, parentFolder: undefined }],
  ])("is new when it %s", async (_, changes) => {
    const { isOwn } = await recordsOn({ answers: [created(changes)] }).make();
    expect(isOwn).toBe(true);
  });

  it.each([
    ["was made two seconds earlier", { id: idOfAge(2_000) }],
    ["was made earlier by the date that it tells", { createdOn: "2026-03-01T11:59:58.999Z" }],
    ["has another file name", { originalFileName: "portrait.jpeg" }],
    ["lies in another folder", { parentFolder: "e".repeat(24) }],
  ])("is somebody else's, or an older one, when it %s", async (_, changes) => {
    const { isOwn } = await recordsOn({ answers: [created({ createdOn: undefined, ...changes })] }).make();
    expect(isOwn).toBe(false);
  });

  it("is not this process's own when it comes without a form, however new it is", async () => {
    const id = Math.floor(Date.now() / 1000).toString(16) + "01".padStart(16, "0");
    const { isOwn } = await recordsOn({ answers: [created({ id, uploadDetails: undefined })] }).make();
    expect(isOwn).toBe(false);
  });

  it("is an older one when this process was given it before", async () => {
    const { make } = recordsOn({ answers: [created(), created()] });
    expect([(await make()).isOwn, (await make()).isOwn]).toEqual([true, false]);
  });

  it("has its age by Webflow's clock, which this machine's may be far from", async () => {
    const { ageMs } = await recordsOn({ answers: [created({ id: idOfAge(90_000) })] }).make();
    expect(ageMs).toBe(90_000);
  });

  it("counts each earlier attempt without an answer, and those that timed out separately", async () => {
    const { make, ongoing } = recordsOn({ failure: noAnswer("no answer in time", true) });
    await make();
    expect(ongoing).toMatchObject({ unanswered: 1, timedOut: 1 });
    const cut = recordsOn({ failure: noAnswer("the connection broke") });
    await cut.make();
    expect(cut.ongoing).toMatchObject({ unanswered: 1, timedOut: 0 });
  });
});

describe("the removal of a record", () => {
  const cause = new Error("The storage is down");

  it("deletes a record that holds no file", async () => {
    const { did, records, make } = recordsOn({ found: { size: 0 } });
    expect(await records.remove(await make(), { cause }, callContext())).toBeUndefined();
    expect(did.deletions).toBe(1);
  });

  it("leaves a record alone that somebody has given a file meanwhile, and reports it", async () => {
    const { did, records, make } = recordsOn({ found: { size: 5 } });
    expect(await records.remove(await make(), { cause }, callContext())).toMatchObject({ size: 5 });
    expect(did.deletions).toBe(0);
  });

  it("is left to another process of this computer that is at work on the same bytes, and the error names the record", async () => {
    const { did, records } = recordsOn({ found: { size: 0 } });
    const claim = { isShared: async () => true, release: async () => {} };
    const ongoing = records.begin({ siteId: "b".repeat(24), folder: FOLDER }, FILE, claim);
    const record = await records.make(ongoing, callContext());
    await expect(records.remove(record, { cause }, callContext())).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringContaining(record.id),
    });
    expect(did.deletions).toBe(0);
  });

  it("deletes the wrong file with its record, without a look at its size", async () => {
    const { did, records, make } = recordsOn({ found: { size: 5 } });
    await records.remove(await make(), { cause, holdsWrongFile: true }, callContext());
    expect(did).toMatchObject({ looks: 0, deletions: 1 });
  });

  it("goes on when the call is cancelled, without a look, which would cost time", async () => {
    const { did, records, make } = recordsOn({ found: { size: 5 } });
    await records.remove(await make(), { cause }, callContext({ signal: AbortSignal.abort() }));
    expect(did).toMatchObject({ looks: 0, deletions: 1 });
  });

  it("is done when Webflow does not find the record, and tries again in case it did not find it yet", async () => {
    const gone = recordsOn({ deletions: [NOT_FOUND] });
    expect(await gone.records.remove(await gone.make(), { cause }, callContext())).toBeUndefined();
    const late = recordsOn({ deletions: [NOT_FOUND, "done"] });
    await late.records.remove(await late.make(), { cause }, callContext());
    expect(late.did.deletions).toBe(2);
  });

  it("that fails names the record, why it was to go, and how to be rid of it", async () => {
    const { records, make } = recordsOn({ found: { size: 0 }, deletions: [noAnswer("Webflow is down")] });
    await expect(records.remove(await make(), { cause }, callContext())).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringMatching(/record 6.*within 4 s.*Webflow is down/s),
      next: expect.stringMatching(/deleteAssets/),
      cause,
    });
  });
});

describe("the notes on an upload that arrived", () => {
  it("do not take its result away when its time ends while they are looked for", async () => {
    const { records, ongoing } = recordsOn({});
    const call = { ...callContext(), signal: AbortSignal.abort(new DeadlinePassed()) };
    expect(await records.strays.notesOn(ongoing, idOfAge(0), call)).toEqual([]);
  });
});

describe("a record with other bytes in it that cannot be removed", () => {
  it("is not called empty, and nobody is sent to complete it", async () => {
    const { records, make } = recordsOn({ deletions: [new Error("no answer")] });
    const removal = records.remove(await make(), { cause: undefined, holdsWrongFile: true }, callContext());
    await expect(removal).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringContaining("holds other bytes than the file"),
      next: expect.stringMatching(/^call deleteAssets/),
    });
  });
});
