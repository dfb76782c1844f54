import { describe, expect, it } from "vitest";
import { parseAllowedHosts } from "../../src/core/allowed-hosts.js";
import { type CallContext, ServerEnding } from "../../src/core/call-context.js";
import { AssetError } from "../../src/core/errors.js";
import type { HostedState } from "../../src/uploads/hosted-file.js";
import { UNSHARED } from "../../src/uploads/known/claims.js";
import type { AssetRecord, Removal } from "../../src/uploads/record/asset-record.js";
import { createFileStore } from "../../src/uploads/store-file.js";
import type { Asset } from "../../src/webflow/data-api/responses.js";
import { FormExpired, type StoredObject } from "../../src/webflow/storage/post-form.js";
import { callContext } from "../builders/call.js";
import { md5Of } from "../builders/site.js";

const KEY = "site/photo.png";
const BYTES = Buffer.from("the bytes of a photo");
const FILE = { bytes: BYTES, md5: md5Of(BYTES), fileName: "photo.png", contentType: "image/png" };
const OWN: AssetRecord = {
  id: "a".repeat(24),
  fileName: FILE.fileName,
  contentType: FILE.contentType,
  urls: ["https://cdn.example/photo.png"],
  form: {
    url: new URL("https://storage.example/"),
    fields: new Map([["key", KEY]]),
    key: KEY,
    contentType: FILE.contentType,
    expiresAt: Number.POSITIVE_INFINITY,
  },
  isOwn: true,
  ageMs: 0,
  isShared: async () => false,
};
const FOREIGN: AssetRecord = { ...OWN, isOwn: false };
const CONFIRMED: StoredObject = { etag: FILE.md5, key: KEY };
const LOST = new AssetError("STORAGE_UNAVAILABLE", "The storage did not answer in time", "try again");

interface Surroundings {
  /** What the storage answers, one after the other; the last of them again and again. */
  readonly answers: readonly (StoredObject | AssetError)[];
  /** What each look at the hosted file tells, the last one again and again. */
  readonly hosted?: HostedState | readonly HostedState[];
  /** The record that a second stage 1 gives. */
  readonly renewed?: AssetRecord;
  /** What a record turns out to hold that is to be removed. */
  readonly filled?: Partial<Asset>;
  /** Why no record can be removed. */
  readonly refused?: AssetError;
}

/** A file store among a storage, a CDN and records that behave as the test says, and what it did with them. */
function surroundedBy({ answers, hosted = "unknown", renewed = OWN, filled, refused }: Surroundings) {
  const states = [hosted].flat();
  const did = {
    posts: 0,
    looks: 0,
    removed: [] as { id: string; removal: Removal }[],
    lookedIn: [] as CallContext[],
  };
  const store = createFileStore({
    storage: {
      async post(_form, bytes, _fileName, _call, onSent) {
        onSent?.(bytes.length / 2);
        const answer = answers[Math.min(did.posts, answers.length - 1)];
        did.posts += 1;
        if (answer instanceof AssetError) throw answer;
        return answer ?? CONFIRMED;
      },
      close: async () => {},
    },
    records: {
      begin: (target, file) => ({ target, file, claim: UNSHARED, unanswered: 0, timedOut: 0, since: 0 }),
      make: async () => renewed,
      async remove({ id }, removal) {
        did.removed.push({ id, removal });
        if (refused) throw refused;
        return filled as Asset | undefined;
      },
      strays: { notesOn: async () => [], errorWith: async (_unanswered, cause) => cause },
    },
    hostedFiles: {
      async compare(_url, _file, call) {
        const state = states[Math.min(did.looks, states.length - 1)] ?? "unknown";
        did.looks += 1;
        did.lookedIn.push(call);
        return state;
      },
      md5At: async () => undefined,
    },
    uploadHosts: parseAllowedHosts("storage.example"),
    lagMs: 1,
  });
  const ongoing = {
    target: { siteId: "b".repeat(24), folder: undefined },
    file: FILE,
    claim: UNSHARED,
    unanswered: 0,
    timedOut: 0,
    since: 0,
  };
  return {
    did,
    storeOwn: (record = OWN, call: CallContext = callContext()) => store.storeOwn(record, ongoing, call),
    store: (record: AssetRecord) => store.store(record, FILE, callContext()),
  };
}

describe("stage 2 of an upload", () => {
  it("believes an ETag that is the MD5 of what was sent under the key that was signed, without a look", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [CONFIRMED] });
    expect(await storeOwn()).toEqual({ record: OWN, notes: [] });
    expect(did).toMatchObject({ posts: 1, looks: 0, removed: [] });
  });

  it.each([
    ["the ETag of other bytes", { etag: md5Of(Buffer.from("others")), key: KEY }],
    ["no ETag", { etag: undefined, key: KEY }],
    ["another key than was signed", { etag: FILE.md5, key: "site/other.png" }],
  ])("looks at the hosted file when the storage tells %s", async (_, answer) => {
    const { did, storeOwn } = surroundedBy({ answers: [answer], hosted: "same" });
    expect(await storeOwn()).toEqual({ record: OWN, notes: [] });
    expect(did).toMatchObject({ posts: 1, looks: 1, removed: [] });
  });

  it("requires no key if the storage returns none, or none was signed", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [{ etag: FILE.md5, key: undefined }, CONFIRMED] });
    await storeOwn();
    const { form } = OWN;
    await storeOwn({ ...OWN, form: form && { ...form, key: undefined } });
    expect(did).toMatchObject({ posts: 2, looks: 0 });
  });

  it("sends the bytes again while the hosted file is another one", async () => {
    const { did, storeOwn } = surroundedBy({
      answers: [{ etag: "0".repeat(32), key: KEY }, CONFIRMED],
      hosted: "different",
    });
    expect((await storeOwn()).notes).toEqual([]);
    expect(did).toMatchObject({ posts: 2, looks: 1, removed: [] });
  });

  it("waits for the hosted file, which a CDN may not have at once", async () => {
    const { did, storeOwn } = surroundedBy({
      answers: [{ etag: undefined, key: KEY }],
      hosted: ["absent", "unknown", "same"],
    });
    expect((await storeOwn()).notes).toEqual([]);
    expect(did).toMatchObject({ posts: 1, looks: 3 });
  });

  it("tells how much of the file was sent, between the record and the end", async () => {
    const told: unknown[] = [];
    const { storeOwn } = surroundedBy({ answers: [CONFIRMED] });
    await storeOwn(OWN, callContext({ progress: (...report) => told.push(report) }));
    expect(told).toEqual([
      ["Sent 10 of 20 bytes", 4.5, 6],
      ["Verified", 6, 6],
    ]);
  });

  it("gives up after three times, and removes its record with the wrong file in it", async () => {
    const { did, storeOwn } = surroundedBy({
      answers: [{ etag: "0".repeat(32), key: KEY }],
      hosted: "different",
    });
    await expect(storeOwn()).rejects.toMatchObject({ code: "STORAGE_REJECTED" });
    expect(did).toMatchObject({ posts: 3, removed: [{ id: OWN.id, removal: { holdsWrongFile: true } }] });
  });

  it("removes its record with the wrong file in it when sending it again fails", async () => {
    const { did, storeOwn } = surroundedBy({
      answers: [{ etag: "0".repeat(32), key: KEY }, LOST],
      hosted: "different",
    });
    await expect(storeOwn()).rejects.toMatchObject({ code: "STORAGE_REJECTED", cause: LOST });
    expect(did.removed).toMatchObject([{ id: OWN.id, removal: { holdsWrongFile: true } }]);
  });

  it.each([
    ["nothing about what was stored", { etag: undefined, key: undefined }],
    ["of another key", { etag: "0".repeat(32), key: "site/other.png" }],
  ])("believes no success that tells %s while the hosted file is missing", async (_, answer) => {
    const { did, storeOwn } = surroundedBy({ answers: [answer], hosted: "absent" });
    await expect(storeOwn()).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    expect(did).toMatchObject({ posts: 3, removed: [{ id: OWN.id }] });
  });

  it("believes a success that names the key although the hosted file is not served yet", async () => {
    const { did, storeOwn } = surroundedBy({
      answers: [{ etag: "0".repeat(32), key: KEY }],
      hosted: "absent",
    });
    expect((await storeOwn()).notes).toEqual([expect.stringContaining("could not be compared")]);
    expect(did).toMatchObject({ posts: 1, removed: [] });
  });

  it("says so when neither the storage nor the hosted file confirms the bytes", async () => {
    const { storeOwn } = surroundedBy({ answers: [{ etag: undefined, key: undefined }] });
    expect((await storeOwn()).notes).toEqual([expect.stringContaining("could not be compared")]);
  });

  it("sends nothing without a form, nor to a host that is not on the list", async () => {
    const { did, store } = surroundedBy({ answers: [CONFIRMED] });
    const elsewhere = OWN.form && { ...OWN.form, url: new URL("https://elsewhere.example/") };
    await expect(store({ ...OWN, form: undefined })).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE" });
    await expect(store({ ...OWN, form: elsewhere })).rejects.toMatchObject({ code: "URL_BLOCKED" });
    expect(did.posts).toBe(0);
  });
});

describe("an upload whose last answer of the storage is lost", () => {
  it("keeps its record when the hosted file shows that the bytes had arrived", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted: "same" });
    expect(await storeOwn()).toEqual({ record: OWN, notes: [] });
    expect(did).toMatchObject({ looks: 1, removed: [] });
  });

  it.each([
    "absent",
    "unknown",
    "different",
  ] as const)("removes its record when the hosted file is %s", async (hosted) => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted });
    await expect(storeOwn()).rejects.toBe(LOST);
    expect(did.removed).toEqual([{ id: OWN.id, removal: { cause: LOST, holdsWrongFile: false } }]);
  });

  it("removes its record once the call is cancelled", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted: "absent" });
    await expect(storeOwn(OWN, callContext({ signal: AbortSignal.abort() }))).rejects.toBe(LOST);
    expect(did.removed).toMatchObject([{ id: OWN.id }]);
  });

  it("looks at the hosted file for a second when the call is cancelled, and else for as long as the call has", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted: "absent" });
    const call = callContext();
    await expect(storeOwn(OWN, call)).rejects.toBe(LOST);
    const before = Date.now();
    await expect(storeOwn(OWN, callContext({ signal: AbortSignal.abort() }))).rejects.toBe(LOST);
    const [first, second] = did.lookedIn;
    expect(first).toBe(call);
    expect(second?.signal.aborted).toBe(false);
    expect(second?.deadline).toBeGreaterThanOrEqual(before + 1_000);
    expect(second?.deadline).toBeLessThanOrEqual(Date.now() + 1_001);
  });

  it("keeps its record when another computer's upload brings the file a little later", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted: ["absent", "absent", "same"] });
    const cancelled = callContext({ signal: AbortSignal.abort() });
    expect(await storeOwn(OWN, cancelled)).toEqual({ record: OWN, notes: [] });
    expect(did.removed).toEqual([]);
  });

  it("does not wait for that when the server ends", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted: ["absent", "absent", "same"] });
    const ended = callContext({ signal: AbortSignal.abort(new ServerEnding()) });
    await expect(storeOwn(OWN, ended)).rejects.toBe(LOST);
    expect(did).toMatchObject({ looks: 1, removed: [{ id: OWN.id }] });
  });

  it("counts what has arrived as stored, although the call is cancelled, and names it in the log", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST], hosted: "same" });
    const errors: string[] = [];
    const log = { ...callContext().log, error: (message: string) => errors.push(message) };
    const cancelled = callContext({ signal: AbortSignal.abort(), log });
    expect(await storeOwn(OWN, cancelled)).toEqual({ record: OWN, notes: [] });
    expect([did.removed, errors]).toEqual([[], [expect.stringContaining(OWN.id)]]);
  });

  it("takes an asset of as many bytes, which the record turns out to be, for its own, and says what was not compared", async () => {
    const { storeOwn } = surroundedBy({ answers: [LOST], filled: { size: BYTES.length } });
    const { record, notes } = await storeOwn();
    expect([record, notes]).toEqual([OWN, [expect.stringContaining("could not be compared")]]);
  });

  it("claims no asset of another size that the record turns out to be, and names it", async () => {
    const { storeOwn } = surroundedBy({ answers: [LOST], filled: { size: BYTES.length + 1 } });
    await expect(storeOwn()).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringContaining(OWN.id),
    });
  });

  it("removes no record that it did not make", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [LOST] });
    await expect(storeOwn(FOREIGN)).rejects.toBe(LOST);
    expect(did.removed).toEqual([]);
  });
});

describe("an upload whose form expires", () => {
  it("continues with a fresh form for the same record, which stays its own", async () => {
    const { did, storeOwn } = surroundedBy({ answers: [new FormExpired(), CONFIRMED], renewed: FOREIGN });
    expect(await storeOwn()).toEqual({ record: OWN, notes: [] });
    expect(did.removed).toEqual([]);
  });

  it("removes the first record when the fresh form comes with another", async () => {
    const renewed = { ...OWN, id: "c".repeat(24) };
    const { did, storeOwn } = surroundedBy({ answers: [new FormExpired(), CONFIRMED], renewed });
    expect(await storeOwn()).toEqual({ record: renewed, notes: [] });
    expect(did.removed).toMatchObject([{ id: OWN.id }]);
  });

  it("names the first record where it turns out to hold a file by then", async () => {
    const renewed = { ...OWN, id: "c".repeat(24) };
    const { storeOwn } = surroundedBy({
      answers: [new FormExpired(), CONFIRMED],
      renewed,
      filled: { size: 1 },
    });
    expect((await storeOwn()).notes).toEqual([`The asset ${OWN.id} holds this file, too.`]);
  });

  it("continues with the second record, and names the first if that cannot be removed", async () => {
    const renewed = { ...OWN, id: "c".repeat(24) };
    const refused = new AssetError("UPLOAD_INCOMPLETE", `${OWN.id} was left`, "");
    const { storeOwn } = surroundedBy({ answers: [new FormExpired(), CONFIRMED], renewed, refused });
    expect(await storeOwn()).toEqual({ record: renewed, notes: [`${OWN.id} was left.`] });
  });

  it("leaves alone what the fresh form came with when that is somebody else's, and it fails", async () => {
    const renewed = { ...FOREIGN, id: "c".repeat(24) };
    const { did, storeOwn } = surroundedBy({ answers: [new FormExpired(), LOST], renewed });
    await expect(storeOwn()).rejects.toBe(LOST);
    expect(did.removed).toMatchObject([{ id: OWN.id }]);
  });
});
