import { describe, expect, it } from "vitest";
import { AssetError } from "../../src/core/errors.js";
import type { FolderStore } from "../../src/folders/folder-store.js";
import { createAssetTexts } from "../../src/uploads/asset-texts.js";
import type { HostedState } from "../../src/uploads/hosted-file.js";
import type { AssetRecord } from "../../src/uploads/record/asset-record.js";
import { createReuseAsset } from "../../src/uploads/reuse-asset.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import { noAnswer, WebflowFailure } from "../../src/webflow/data-api/error-mapping.js";
import type { Asset } from "../../src/webflow/data-api/responses.js";
import { callContext } from "../builders/call.js";

const SITE = "b".repeat(24);
const TEAM = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
const FILE = {
  bytes: Buffer.from("bytes"),
  md5: "0".repeat(32),
  fileName: "a.png",
  contentType: "image/png",
};
const FORM = {
  url: new URL("https://storage.example/"),
  fields: new Map(),
} as unknown as AssetRecord["form"];
const RECORD: AssetRecord = {
  id: "a".repeat(24),
  fileName: "a.png",
  contentType: "image/png",
  urls: ["https://cdn.example/a.png"],
  form: FORM,
  isOwn: false,
  ageMs: 61_000,
  isShared: async () => false,
};
const HELD: Partial<Asset> = { id: RECORD.id, size: 5, altText: "A vase" };
const EMPTY: Partial<Asset> = { id: RECORD.id, size: 0 };
const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });
const DOWN = noAnswer("Webflow is down");
const YOUNG = { ageMs: 60_000 };

interface Site {
  /** What is served under the record's URL. */
  readonly hosted?: HostedState;
  /** What each look at the asset finds, the last one again and again. */
  readonly found?: readonly (Partial<Asset> | Error)[];
  /** What a listing of the batch shows. */
  readonly inListing?: Partial<Asset>;
  /** The newest assets by the site's list. */
  readonly newest?: readonly Partial<Asset>[] | Error;
  /** Why nothing can be sent to the record. */
  readonly refused?: Error;
  readonly folder?: typeof TEAM;
}

function reuseOn({ hosted = "same", found = [HELD], inListing, newest = [], refused, folder }: Site) {
  const did = { looks: 0, sent: 0, updates: 0, listings: 0 };
  const webflow = {
    async getAsset() {
      const asset = found[Math.min(did.looks, found.length - 1)];
      did.looks += 1;
      if (asset instanceof Error) throw asset;
      return asset as Asset;
    },
    async listAssets() {
      if (newest instanceof Error) throw newest;
      return { entries: newest as Asset[], unreadable: 0, total: newest.length };
    },
    async updateAsset(id: string, texts: object) {
      did.updates += 1;
      return { id, ...texts };
    },
  } as unknown as WebflowClient;
  const reuse = createReuseAsset({
    webflow,
    folders: { folderOfAsset: async () => folder } as Partial<FolderStore> as FolderStore,
    hostedFiles: { compare: async () => hosted, md5At: async () => undefined },
    files: {
      async store(record) {
        did.sent += 1;
        if (refused) throw refused;
        return { record, notes: ["It was sent."] };
      },
      storeOwn: () => Promise.reject(new Error("It is not this upload's own")),
    },
    texts: createAssetTexts(webflow, 1),
    lagMs: 1,
  });
  const target = {
    siteId: SITE,
    folder: undefined,
    listed: async () => {
      did.listings += 1;
      return inListing as Asset;
    },
  };
  const take = (changes: Partial<AssetRecord> = {}, texts: { altText?: string; displayName?: string } = {}) =>
    reuse(target, { ...RECORD, ...changes }, { ...FILE, ...texts }, callContext());
  return { did, take, reuse };
}

const DOUBT = "Whether its file is really there could not be checked.";

describe("a record that the site already had", () => {
  it("is taken as it is where its file is served, or has the size of the file by Webflow", async () => {
    for (const hosted of ["same", "absent", "unknown"] as const) {
      const { did, take } = reuseOn({ hosted });
      expect(await take()).toEqual({
        status: "reused",
        folder: undefined,
        altText: "A vase",
        notes: [`The site already had these bytes: "a.png" (${RECORD.id}).`],
      });
      expect(did.sent).toBe(0);
    }
  });

  it("is taken where its file is served although Webflow shows none, or cannot be asked", async () => {
    for (const found of [EMPTY, DOWN]) {
      const { did, take } = reuseOn({ found: [found] });
      expect(await take()).toMatchObject({ status: "reused", notes: [expect.any(String)] });
      expect(did.sent).toBe(0);
    }
  });

  it("is taken with a doubt where neither what is served nor Webflow tells", async () => {
    const { did, take } = reuseOn({ hosted: "unknown", found: [DOWN] });
    expect(await take()).toMatchObject({
      status: "reused",
      altText: undefined,
      notes: [expect.any(String), DOUBT],
    });
    expect(did.sent).toBe(0);
  });

  it.each([
    ["nothing is served, and Webflow cannot be asked", "absent", DOWN],
    ["Webflow shows no file, and what is served is not known", "unknown", EMPTY],
    ["Webflow shows no size, and what is served is not known", "unknown", { id: RECORD.id }],
  ] as const)("is sent its file again to be sure where %s", async (_, hosted, found) => {
    const { did, take } = reuseOn({ hosted, found: [found] });
    expect(await take()).toMatchObject({
      status: "reused",
      notes: [expect.stringMatching(/not certain .* so the file was sent again/), "It was sent."],
    });
    expect(did.sent).toBe(1);
  });

  it("is taken with a doubt where it is not certain that its file is there and nothing can be sent", async () => {
    const { did, take } = reuseOn({ hosted: "absent", found: [DOWN] });
    expect(await take({ form: undefined })).toMatchObject({
      status: "reused",
      notes: [expect.any(String), DOUBT],
    });
    expect(did.sent).toBe(0);
  });

  it.each([
    ["different", HELD],
    ["unknown", { ...HELD, size: 6 }],
    ["absent", { ...HELD, size: 4 }],
  ] as const)("is refused where it holds other bytes: served %s, by Webflow %j", async (hosted, found) => {
    const { did, take } = reuseOn({ hosted, found: [found] });
    await expect(take()).rejects.toMatchObject({
      code: "WEBFLOW_REJECTED",
      message: expect.stringMatching(/hosted file is a different one/),
    });
    expect(did.sent).toBe(0);
  });

  it("is refused as deleted where Webflow keeps not finding it after a minute, whatever is still served", async () => {
    await expect(reuseOn({ found: [NOT_FOUND] }).take()).rejects.toMatchObject({
      code: "WEBFLOW_REJECTED",
      message: expect.stringMatching(/was deleted and no longer exists/),
    });
    expect(await reuseOn({ found: [NOT_FOUND] }).take(YOUNG)).toMatchObject({ status: "reused" });
  });

  it("is looked for anew while Webflow may not find it yet", async () => {
    const { did, take } = reuseOn({ found: [NOT_FOUND, HELD] });
    expect(await take()).toMatchObject({ status: "reused", altText: "A vase" });
    expect(did.looks).toBe(2);
  });
});

describe("a record without a file", () => {
  const absent = { hosted: "absent", found: [EMPTY] } as const;

  it("is completed, and says that an earlier upload had not finished, or may still be in progress", async () => {
    const { did, take } = reuseOn(absent);
    const old = await take();
    const young = await take(YOUNG);
    expect(old).toMatchObject({
      status: "uploaded",
      notes: [expect.stringMatching(/had not finished; its record a+ was completed/), "It was sent."],
    });
    expect(young).toMatchObject({
      notes: [expect.stringMatching(/or is in progress elsewhere/), "It was sent."],
    });
    expect(did.sent).toBe(2);
  });

  it("is completed where Webflow does not find it yet, and nothing is served", async () => {
    const { did, take } = reuseOn({ hosted: "absent", found: [NOT_FOUND], newest: [EMPTY] });
    expect(await take(YOUNG)).toMatchObject({ status: "uploaded" });
    expect(did.sent).toBe(1);
  });

  it("is abandoned where nothing can be sent to it, once nobody can still be at work on it", async () => {
    const { take } = reuseOn(absent);
    expect(await take({ form: undefined, ageMs: 300_001 })).toBe("abandoned");
    expect(await take({ form: undefined, ageMs: 300_000 })).not.toBe("abandoned");
    expect(await take({ ageMs: 300_001 })).toMatchObject({ status: "uploaded" });
    expect(await reuseOn({}).take({ form: undefined, ageMs: 300_001 })).toMatchObject({ status: "reused" });
  });

  it("has vanished where it is found no more once its file was sent", async () => {
    expect(await reuseOn({ hosted: "absent", found: [EMPTY, NOT_FOUND], newest: [EMPTY] }).take()).toBe(
      "vanished",
    );
  });

  it("has vanished, while it is new, only where the list does not show it either", async () => {
    const gone = { hosted: "absent", found: [EMPTY, NOT_FOUND] } as const;
    expect(await reuseOn({ ...gone, newest: [{ id: "c".repeat(24) }] }).take(YOUNG)).toBe("vanished");
    expect(await reuseOn({ ...gone, newest: [{ id: "c".repeat(24) }, EMPTY] }).take(YOUNG)).toMatchObject({
      status: "uploaded",
    });
    expect(await reuseOn({ ...gone, newest: DOWN }).take(YOUNG)).toMatchObject({ status: "uploaded" });
  });

  it("keeps the texts that it was given meanwhile, or by the last look where there was no other", async () => {
    const described = { ...HELD, altText: "By a colleague" };
    expect(
      await reuseOn({ ...absent, found: [EMPTY, described] }).take({}, { altText: "Mine" }),
    ).toMatchObject({
      altText: "By a colleague",
    });
    expect(
      await reuseOn({ ...absent, found: [{ ...EMPTY, altText: "First" }, DOWN] }).take(
        {},
        { altText: "Mine" },
      ),
    ).toMatchObject({ altText: "First" });
  });

  it("says which record is left without a file where it cannot be completed", async () => {
    await expect(reuseOn({ ...absent, refused: DOWN }).take()).rejects.toMatchObject({
      code: "UPLOAD_INCOMPLETE",
      message: expect.stringMatching(/^Webflow is down\. .*record a+ .* shows no file/),
      next: "call again with the same file, which completes it",
      cause: DOWN,
    });
    const incomplete = new AssetError("UPLOAD_INCOMPLETE", "no form", "");
    await expect(reuseOn({ ...absent, refused: incomplete }).take()).rejects.toBe(incomplete);
  });
});

describe("a batch's listing of the site", () => {
  it("is believed where it shows a file, and the asset is not looked at", async () => {
    const { did, take } = reuseOn({ hosted: "unknown", inListing: { ...HELD, altText: "Listed" } });
    expect(await take()).toMatchObject({ status: "reused", altText: "Listed" });
    expect(did.looks).toBe(0);
  });

  it("is not enough where it shows no file, no size, or not the asset", async () => {
    for (const inListing of [EMPTY, { id: RECORD.id }, undefined]) {
      const { did, take } = reuseOn({ ...(inListing && { inListing }) });
      await take();
      expect(did.looks).toBe(1);
    }
  });

  it.each([{ altText: "Mine" }, { displayName: "Mine" }])("is too old for texts: %j", async (texts) => {
    const { did, take } = reuseOn({ inListing: HELD });
    await take({}, texts);
    expect(did).toMatchObject({ looks: 1, listings: 0 });
  });

  it("is not asked where there is none", async () => {
    const { reuse, did } = reuseOn({});
    expect(await reuse({ siteId: SITE, folder: undefined }, RECORD, FILE, callContext())).toMatchObject({
      status: "reused",
    });
    expect(did.looks).toBe(1);
  });
});

describe("what the caller wanted of a reused asset", () => {
  it("is told where it lies in another place", async () => {
    const { reuse } = reuseOn({ folder: TEAM });
    const into = (folder: typeof TEAM | undefined) =>
      reuse({ siteId: SITE, folder }, RECORD, FILE, callContext());
    expect(await into(undefined)).toMatchObject({
      folder: TEAM,
      notes: [expect.any(String), expect.stringContaining('It lies in the folder "Team"')],
    });
    expect(await into(TEAM)).toMatchObject({ notes: [expect.any(String)] });
    expect(
      await reuseOn({}).reuse({ siteId: SITE, folder: TEAM }, RECORD, FILE, callContext()),
    ).toMatchObject({
      notes: [expect.any(String), expect.stringContaining("It lies in the root")],
    });
  });

  it.each([
    { altText: "Mine" },
    { displayName: "Mine" },
  ])("is not set where its texts cannot be read, which is told: %j", async (texts) => {
    const { did, take } = reuseOn({ found: [DOWN] });
    expect(await take({}, texts)).toMatchObject({
      altText: undefined,
      notes: [expect.any(String), expect.stringContaining("could not be read and were left unchanged")],
    });
    expect(did.updates).toBe(0);
  });

  it("is not set in an asset that Webflow does not find yet", async () => {
    const found = { found: [NOT_FOUND] };
    const completed = { hosted: "absent", found: [EMPTY, NOT_FOUND], newest: [EMPTY] } as const;
    for (const site of [found, completed])
      expect(await reuseOn(site).take(YOUNG, { altText: "Mine" })).toMatchObject({
        altText: undefined,
        notes: expect.arrayContaining([expect.stringContaining("could not be read and were left unchanged")]),
      });
  });

  it("ends with the call", async () => {
    const { reuse, did } = reuseOn({ hosted: "absent", found: [EMPTY] });
    const cancelled = callContext({ signal: AbortSignal.abort() });
    await expect(reuse({ siteId: SITE, folder: undefined }, RECORD, FILE, cancelled)).rejects.toMatchObject({
      code: "CANCELLED",
    });
    expect(did.sent).toBe(0);
  });
});
