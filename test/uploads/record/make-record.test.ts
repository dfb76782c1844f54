import { describe, expect, it } from "vitest";
import { DeadlinePassed } from "../../../src/core/call-context.js";
import type { FolderStore } from "../../../src/folders/folder-store.js";
import type { AssetRecord, AssetRecords, Removal } from "../../../src/uploads/record/asset-record.js";
import { createMakeRecord } from "../../../src/uploads/record/make-record.js";
import type { UploadInProgress } from "../../../src/uploads/record/stray-records.js";
import { noAnswer, WebflowFailure } from "../../../src/webflow/data-api/error-mapping.js";
import { callContext } from "../../builders/call.js";

const FOLDER = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
const RECORD = { id: "a".repeat(24), isOwn: true } as AssetRecord;
const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });

interface Site {
  /** What stage 1 answers, the last of them again and again. */
  readonly answers: readonly (AssetRecord | Error)[];
  readonly isNew?: boolean;
  readonly isListed?: boolean;
  readonly inRoot?: boolean;
}

function makeOn({ answers, isNew = false, isListed = true, inRoot = false }: Site) {
  const did = { attempts: 0, removed: [] as Removal[], ages: [] as unknown[] };
  const records = {
    async make() {
      const answer = answers[Math.min(did.attempts, answers.length - 1)];
      did.attempts += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async remove(_record: AssetRecord, removal: Removal) {
      did.removed.push(removal);
    },
  } as unknown as AssetRecords;
  const folders = {
    isNew: () => isNew,
    async tree(_siteId: string, _call: unknown, maxAgeMs: unknown) {
      did.ages.push(maxAgeMs);
      return { byId: () => (isListed ? FOLDER : undefined) };
    },
  } as unknown as FolderStore;
  const target = { siteId: "b".repeat(24), folder: inRoot ? undefined : FOLDER };
  const make = createMakeRecord(records, folders, 1);
  return { did, make: (call = callContext()) => make({ target } as UploadInProgress, call) };
}

describe("stage 1 of an upload", () => {
  it("gives the record", async () => {
    expect(await makeOn({ answers: [RECORD] }).make()).toBe(RECORD);
  });

  it("waits for a folder that was made a moment ago, and for no other", async () => {
    const late = makeOn({ answers: [NOT_FOUND, NOT_FOUND, RECORD], isNew: true });
    expect(await late.make()).toBe(RECORD);
    const older = makeOn({ answers: [NOT_FOUND, RECORD] });
    await expect(older.make()).rejects.toBe(NOT_FOUND);
    expect(older.did.attempts).toBe(1);
  });

  it("waits for nothing where it went well, or failed otherwise", async () => {
    const well = makeOn({ answers: [RECORD], isNew: true });
    await well.make();
    expect(well.did.attempts).toBe(1);
    const down = noAnswer("the connection broke");
    const failed = makeOn({ answers: [down], isNew: true });
    await expect(failed.make()).rejects.toBe(down);
    expect(failed.did.attempts).toBe(1);
  });

  it("says of a 404 that the folder is gone, where a new list has not got it", async () => {
    for (const isNew of [false, true]) {
      const { did, make } = makeOn({ answers: [NOT_FOUND], isListed: false, isNew });
      await expect(make()).rejects.toMatchObject({
        code: "FOLDER_NOT_FOUND",
        message: expect.stringContaining('"Team"'),
        next: expect.stringContaining("folder instead of folderId"),
      });
      expect(did.ages).toEqual([0]);
    }
  });

  it("leaves a 404 as it is in the root, and any other failure", async () => {
    const root = makeOn({ answers: [NOT_FOUND], inRoot: true, isListed: false });
    await expect(root.make()).rejects.toBe(NOT_FOUND);
    const down = noAnswer("the connection broke");
    const failed = makeOn({ answers: [down], isListed: false });
    await expect(failed.make()).rejects.toBe(down);
    expect([...root.did.ages, ...failed.did.ages]).toEqual([]);
  });

  it.each([
    [undefined, "CANCELLED"],
    [new DeadlinePassed(), "TIMED_OUT"],
  ])("removes its record when the call was aborted meanwhile: %s", async (reason, code) => {
    const { did, make } = makeOn({ answers: [RECORD] });
    const call = callContext({ signal: AbortSignal.abort(reason) });
    await expect(make(call)).rejects.toMatchObject({ code });
    expect(did.removed).toEqual([{ cause: expect.objectContaining({ code }) }]);
  });

  it("removes no record that it did not make, and none while the call goes on", async () => {
    const foreign = { ...RECORD, isOwn: false };
    const { did, make } = makeOn({ answers: [foreign] });
    expect(await make(callContext({ signal: AbortSignal.abort() }))).toBe(foreign);
    expect(did.removed).toEqual([]);
    const own = makeOn({ answers: [RECORD] });
    await own.make();
    expect(own.did.removed).toEqual([]);
  });
});
