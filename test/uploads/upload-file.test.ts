import { describe, expect, it } from "vitest";
import { parseAllowedHosts } from "../../src/core/allowed-hosts.js";
import { AssetError } from "../../src/core/errors.js";
import type { FolderStore } from "../../src/folders/folder-store.js";
import type { HostedState } from "../../src/uploads/hosted-file.js";
import type { AssetRecord } from "../../src/uploads/record/asset-record.js";
import { createUploader } from "../../src/uploads/upload-file.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import { noAnswer, WebflowFailure } from "../../src/webflow/data-api/error-mapping.js";
import type { Asset } from "../../src/webflow/data-api/responses.js";
import { callContext } from "../builders/call.js";
import { md5Of } from "../builders/site.js";

const SITE = "b".repeat(24);
const TEAM = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
const BYTES = Buffer.from("the bytes of a vase");
const FILE = { bytes: BYTES, md5: md5Of(BYTES), fileName: "vase.png", contentType: "image/png" };
const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });
const DOWN = noAnswer("Webflow is down");

/** A record of stage 1, by the first letter of its id. */
function aRecord(letter: string, changes: Partial<AssetRecord> = {}): AssetRecord {
  return {
    id: letter.repeat(24),
    fileName: FILE.fileName,
    contentType: FILE.contentType,
    urls: [`https://cdn.example/${letter}.png`, `https://storage.example/${letter}.png`],
    form: {
      url: new URL("https://storage.example/"),
      fields: new Map(),
      key: letter,
      contentType: FILE.contentType,
      expiresAt: Number.POSITIVE_INFINITY,
    },
    isOwn: true,
    ageMs: 0,
    isShared: async () => false,
    ...changes,
  };
}

const ABANDONED = { isOwn: false, form: undefined, ageMs: 300_001 };

interface Site {
  /** What stage 1 answers, the last one again and again. */
  readonly records?: readonly AssetRecord[];
  /** How many attempts at stage 1 got no answer. */
  readonly unanswered?: number;
  /** What each look at the asset finds. */
  readonly found?: readonly (Partial<Asset> | Error)[];
  /** The newest assets by the site's list. */
  readonly newest?: readonly Partial<Asset>[] | Error;
  readonly textsFail?: Error;
  readonly hosted?: HostedState;
  readonly storageFails?: Error;
  readonly strayNotes?: readonly string[];
}

function uploaderOn(site: Site) {
  const { records = [aRecord("a")], found = [{ size: BYTES.length }], newest = [] } = site;
  const did = {
    steps: [] as string[],
    looks: 0,
    made: 0,
    placed: [] as unknown[],
    added: [] as string[],
    claimed: [] as string[],
    released: 0,
    kept: [] as string[],
  };
  const uploader = createUploader({
    webflow: {
      async getAsset() {
        const asset = found[Math.min(did.looks, found.length - 1)];
        did.looks += 1;
        if (asset instanceof Error) throw asset;
        return asset;
      },
      async listAssets() {
        if (newest instanceof Error) throw newest;
        return { entries: newest, unreadable: 0, total: newest.length };
      },
      async updateAsset(id: string, texts: object) {
        did.steps.push("texts");
        if (site.textsFail) throw site.textsFail;
        return { id, ...texts };
      },
    } as unknown as WebflowClient,
    records: {
      begin: (target, file, claim = { isShared: async () => false, release: async () => {} }) => ({
        target,
        file,
        claim,
        unanswered: site.unanswered ?? 0,
        timedOut: 0,
        since: 0,
      }),
      async make() {
        const record = records[Math.min(did.made, records.length - 1)] as AssetRecord;
        did.made += 1;
        did.steps.push(`made ${record.id.charAt(0)}`);
        return record;
      },
      async remove(record) {
        did.steps.push(`removed ${record.id.charAt(0)}`);
        return undefined;
      },
      strays: {
        async notesOn(_unanswered, keptId) {
          did.kept.push(keptId);
          return [...(site.strayNotes ?? [])];
        },
        errorWith: async (_unanswered, cause) => new AssetError("UPLOAD_INCOMPLETE", "strays", "", { cause }),
      },
    },
    folders: {
      isNew: () => false,
      folderOfAsset: async () => TEAM,
      notePlaced: (id, folder) => did.placed.push([id.charAt(0), folder.path]),
    } as Partial<FolderStore> as FolderStore,
    listings: { noteAdded: (siteId) => did.added.push(siteId) },
    claims: {
      async take(siteId, md5) {
        did.claimed.push(`${siteId}/${md5}`);
        return {
          isShared: async () => false,
          release: async () => {
            did.released += 1;
          },
        };
      },
    },
    storage: {
      async post({ key }) {
        did.steps.push(`sent ${key}`);
        if (site.storageFails) throw site.storageFails;
        return { etag: FILE.md5, key };
      },
      close: async () => {},
    },
    hostedFiles: { compare: async () => site.hosted ?? "unknown", md5At: async () => undefined },
    uploadHosts: parseAllowedHosts("storage.example"),
    lagMs: 1,
  });
  const upload = (
    texts: { altText?: string; displayName?: string } = {},
    folder: typeof TEAM | undefined = TEAM,
  ) => uploader.upload({ siteId: SITE, folder }, { ...FILE, ...texts }, callContext());
  const uploadToRoot = () => uploader.upload({ siteId: SITE, folder: undefined }, FILE, callContext());
  return { did, upload, uploadToRoot };
}

describe("an upload of a file that is new to the site", () => {
  it("makes a record, sends the file, and tells where it is", async () => {
    const { did, upload } = uploaderOn({});
    expect(await upload()).toEqual({
      status: "uploaded",
      id: "a".repeat(24),
      fileName: "vase.png",
      contentType: "image/png",
      url: "https://cdn.example/a.png",
      folder: TEAM,
      altText: undefined,
      notes: [],
    });
    expect(did).toMatchObject({
      steps: ["made a", "sent a"],
      looks: 0,
      placed: [["a", "Team"]],
      added: [SITE],
    });
    expect(did).toMatchObject({ claimed: [`${SITE}/${FILE.md5}`], released: 1, kept: ["a".repeat(24)] });
  });

  it("remembers no folder for a file in the root", async () => {
    const { did, uploadToRoot } = uploaderOn({});
    expect(await uploadToRoot()).toMatchObject({ folder: undefined });
    expect(did.placed).toEqual([]);
  });

  it("asks Webflow for the URL where the record tells none", async () => {
    const records = [aRecord("a", { urls: [] })];
    const url = async (hostedUrl: string | undefined) =>
      (await uploaderOn({ records, found: [{ hostedUrl }] }).upload()).url;
    expect(await url("https://cdn.example/later.png")).toBe("https://cdn.example/later.png");
    expect(await url(undefined)).toBe("");
  });

  it.each([
    [{ altText: "A vase" }, "A vase"],
    [{ altText: "" }, undefined],
    [{ displayName: "Vase" }, undefined],
  ])("sets its texts after the file: %j", async (texts, altText) => {
    const { did, upload } = uploaderOn({});
    expect(await upload(texts)).toMatchObject({ altText, notes: [] });
    expect(did.steps).toEqual(["made a", "sent a", "texts"]);
  });

  it("claims no alt text that could not be set, and says which text is missing", async () => {
    expect(await uploaderOn({ textsFail: DOWN }).upload({ altText: "A vase" })).toMatchObject({
      altText: undefined,
      notes: [expect.stringContaining("its alt text could not be set")],
    });
  });

  it("is made anew where its record came without a form, three times at most", async () => {
    const formless = (letter: string) => aRecord(letter, { form: undefined });
    const { did, upload } = uploaderOn({ records: [formless("a"), aRecord("c")] });
    expect(await upload()).toMatchObject({ id: "c".repeat(24), notes: [] });
    expect(did.steps).toEqual(["made a", "removed a", "made c", "sent c"]);
    const never = uploaderOn({ records: [formless("a"), formless("c"), formless("d")], hosted: "absent" });
    await expect(never.upload()).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE" });
    expect(never.did.steps).toEqual(["made a", "removed a", "made c", "removed c", "made d", "removed d"]);
  });
});

describe("an upload that was uncertain on its way", () => {
  const shared = aRecord("a", { isShared: async () => true });

  it.each([
    ["an attempt got no answer", { unanswered: 1 }],
    ["another process is at work on the same bytes", { records: [shared] }],
  ])("is looked at where %s, and fine where it is found or nobody knows", async (_, site) => {
    for (const found of [{}, DOWN]) {
      const { did, upload } = uploaderOn({ ...site, found: [found] });
      expect(await upload()).toMatchObject({ status: "uploaded", notes: [] });
      expect(did.looks).toBe(1);
    }
  });

  it.each([
    ["the list shows it", [{ id: "c".repeat(24) }, { id: "a".repeat(24) }]],
    ["the list cannot be read", DOWN],
  ])("stands where it is not found, but %s", async (_, newest) => {
    const { did, upload } = uploaderOn({ unanswered: 1, found: [NOT_FOUND], newest });
    expect(await upload()).toMatchObject({
      id: "a".repeat(24),
      notes: ["The file is uploaded, but Webflow does not find its asset yet."],
    });
    expect(did.made).toBe(1);
  });

  it.each([
    { altText: "A vase" },
    { displayName: "Vase" },
  ])("names the texts that it could not set where its asset is not found: %j", async (texts) => {
    const { upload } = uploaderOn({ textsFail: NOT_FOUND, newest: DOWN });
    expect(await upload(texts)).toMatchObject({
      altText: undefined,
      notes: [expect.stringMatching(/its (?:alt text|display name) could not be set/)],
    });
  });

  it("is made anew where its record vanished, and names the first one", async () => {
    const { did, upload } = uploaderOn({
      unanswered: 1,
      records: [aRecord("a"), aRecord("c")],
      found: [NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, {}],
      newest: [{ id: "d".repeat(24) }],
    });
    expect(await upload()).toMatchObject({
      id: "c".repeat(24),
      notes: [`A first record, ${"a".repeat(24)}, could no longer be found once it held the file.`],
    });
    expect(did.steps).toEqual(["made a", "sent a", "made c", "sent c"]);
  });

  it("is not sent again where stage 1 knows the record that is not found", async () => {
    const { did, upload } = uploaderOn({ unanswered: 1, found: [NOT_FOUND] });
    expect(await upload()).toMatchObject({
      status: "uploaded",
      folder: TEAM,
      notes: ["The file is uploaded, but Webflow does not find its asset yet."],
    });
    expect(did.steps).toEqual(["made a", "sent a", "made a"]);
  });

  it("fails when three records vanished, one after the other", async () => {
    const records = ["a", "c", "d", "e"].map((letter) => aRecord(letter));
    const { did, upload } = uploaderOn({ unanswered: 1, records, found: [NOT_FOUND] });
    await expect(upload()).rejects.toMatchObject({
      cause: { code: "UPLOAD_INCOMPLETE", message: expect.stringContaining(`${"d".repeat(24)} vanished`) },
    });
    expect(did.made).toBe(3);
  });
});

describe("an upload of bytes that the site already has", () => {
  const foreign = (letter: string, changes: Partial<AssetRecord> = {}) =>
    aRecord(letter, { isOwn: false, ageMs: 61_000, ...changes });

  it("takes the asset, and tells where it lies and what it is called there", async () => {
    const held = { size: BYTES.length, altText: "By a colleague" };
    const { did, upload } = uploaderOn({ records: [foreign("a")], hosted: "same", found: [held] });
    expect(await upload({ altText: "Mine" })).toMatchObject({
      status: "reused",
      folder: TEAM,
      altText: "By a colleague",
      notes: [expect.any(String), expect.stringContaining("It keeps its current alt text")],
    });
    expect(did).toMatchObject({ steps: ["made a"], placed: [], added: [SITE] });
  });

  it("has another record made where the one that it completed vanished, three times at most", async () => {
    const gone = [{ size: 0 }, ...Array.from({ length: 5 }, () => NOT_FOUND)];
    const { did, upload } = uploaderOn({
      records: [foreign("a"), aRecord("c")],
      hosted: "absent",
      found: gone,
    });
    expect(await upload()).toMatchObject({
      status: "uploaded",
      id: "c".repeat(24),
      notes: [expect.stringContaining(`A first record, ${"a".repeat(24)}`)],
    });
    expect(did.steps).toEqual(["made a", "sent a", "made c", "sent c"]);
    const always = uploaderOn({
      records: ["a", "c", "d", "e"].map((letter) => foreign(letter)),
      hosted: "absent",
      found: [...gone, ...gone, ...gone],
    });
    await expect(always.upload()).rejects.toMatchObject({
      cause: { code: "UPLOAD_INCOMPLETE", message: expect.stringContaining("vanished") },
    });
    expect(always.did.made).toBe(3);
  });

  it("removes a record that nobody can complete, and has another one made", async () => {
    const { did, upload } = uploaderOn({
      records: [aRecord("a", ABANDONED), aRecord("c")],
      hosted: "absent",
      found: [{ size: 0 }],
    });
    expect(await upload()).toMatchObject({ status: "uploaded", id: "c".repeat(24), notes: [] });
    expect(did.steps).toEqual(["made a", "removed a", "made c", "sent c"]);
  });

  it("never removes a record of somebody else's for want of another one", async () => {
    const { did, upload } = uploaderOn({
      records: ["a", "c", "d"].map((letter) => aRecord(letter, ABANDONED)),
      hosted: "absent",
      found: [{ size: 0 }],
    });
    await expect(upload()).rejects.toMatchObject({ code: "UPLOAD_INCOMPLETE" });
    expect(did.steps).toEqual(["made a", "removed a", "made c", "removed c", "made d"]);
  });
});

describe("every upload", () => {
  it("tells what it may have left beside the asset", async () => {
    const notes = (
      await uploaderOn({ textsFail: DOWN, strayNotes: ["a stray"] }).upload({ altText: "A vase" })
    ).notes;
    expect(notes).toEqual([expect.stringContaining("alt text"), "a stray"]);
  });

  it("every upload that fails tells what it may have left, and gives back its claim", async () => {
    const { did, upload } = uploaderOn({ storageFails: DOWN });
    await expect(upload()).rejects.toMatchObject({ message: "strays", cause: DOWN });
    expect(did).toMatchObject({ released: 1, added: [SITE], kept: [] });
    expect(did.steps).toEqual(["made a", "sent a", "removed a"]);
  });

  it("waits for another one of the same bytes", async () => {
    const { did, upload } = uploaderOn({ records: [aRecord("a"), aRecord("c")] });
    await Promise.all([upload(), upload()]);
    expect(did.steps).toEqual(["made a", "sent a", "made c", "sent c"]);
  });
});
