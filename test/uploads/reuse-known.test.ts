import { describe, expect, it } from "vitest";
import type { FolderStore } from "../../src/folders/folder-store.js";
import { buildFolderTree } from "../../src/folders/folder-tree.js";
import type { PreparedFile } from "../../src/uploads/file/prepare-file.js";
import type { HostedState } from "../../src/uploads/hosted-file.js";
import { NO_LEDGER } from "../../src/uploads/known/ledger.js";
import { createReuseKnown } from "../../src/uploads/reuse-known.js";
import type { WebflowClient } from "../../src/webflow/data-api/client.js";
import { noAnswer, WebflowFailure } from "../../src/webflow/data-api/error-mapping.js";
import type { Asset } from "../../src/webflow/data-api/responses.js";
import { callContext } from "../builders/call.js";
import { aFolder } from "../builders/folders-in-memory.js";

const SITE = "b".repeat(24);
const ID = "a".repeat(24);
const TEAM = { id: "f".repeat(24), path: "Team", names: ["Team"], assetIds: [] };
const FILE: PreparedFile = {
  bytes: Buffer.from("bytes"),
  md5: "0".repeat(32),
  fileName: "vase.png",
  contentType: "image/png",
  ledgerKeys: ["key"],
  notes: [],
};
const ASSET: Partial<Asset> = {
  id: ID,
  siteId: SITE,
  size: 5,
  originalFileName: "Vase.png",
  contentType: "image/x-png",
  hostedUrl: "https://cdn.example/vase.png",
  altText: "A vase",
};
const NOT_FOUND = new WebflowFailure("ASSET_NOT_FOUND", "Webflow answered 404", "", { status: 404 });
const DOWN = noAnswer("Webflow is down");

interface Site {
  readonly folders?: readonly string[];
  readonly asset?: Partial<Asset> | Error;
  /** The size of the asset that the ledger has. */
  readonly remembered?: number | undefined;
  readonly hosted?: HostedState;
  readonly place?: typeof TEAM;
}

function reuseOn({ folders = [], asset = ASSET, hosted = "same", place, ...site }: Site) {
  const remembered = "remembered" in site ? site.remembered : 5;
  const did = { compared: [] as unknown[], texts: [] as unknown[], looks: 0 };
  const reuse = createReuseKnown({
    webflow: {
      async getAsset() {
        did.looks += 1;
        if (asset instanceof Error) throw asset;
        return asset;
      },
      async updateAsset(id: string, texts: object) {
        did.texts.push(texts);
        return { id, ...texts };
      },
    } as unknown as WebflowClient,
    lagMs: 1,
    folders: {
      tree: async () =>
        buildFolderTree(folders.map((name, index) => aFolder(name, name, folders[index - 1]))),
      folderOfAsset: async () => place,
    } as Partial<FolderStore> as FolderStore,
    ledger: {
      ...NO_LEDGER,
      find: async (site, key) =>
        remembered === undefined || site !== SITE || key !== "key" ? undefined : { id: ID, size: remembered },
    },
    hostedFiles: {
      async compare(url, file) {
        did.compared.push([url, file]);
        return hosted;
      },
      md5At: async () => undefined,
    },
  });
  return {
    did,
    reuse: (changes: Partial<PreparedFile> = {}) =>
      reuse(SITE, "Team/New", { ...FILE, ...changes }, callContext()),
  };
}

describe("a file that is known, for a folder that does not exist", () => {
  it("is taken where it is, and the folder is not made", async () => {
    const { did, reuse } = reuseOn({ folders: ["Team"], place: TEAM });
    expect(await reuse()).toEqual({
      status: "reused",
      id: ID,
      fileName: "Vase.png",
      contentType: "image/x-png",
      url: "https://cdn.example/vase.png",
      folder: TEAM,
      altText: "A vase",
      notes: [expect.stringMatching(/in the folder "Team".*The folder "Team\/New" was not created/)],
    });
    expect(did.compared).toEqual([["https://cdn.example/vase.png", { md5: FILE.md5, size: 5 }]]);
  });

  it("is described by the file where Webflow tells nothing, and is in the root", async () => {
    const bare = { id: ID, siteId: undefined, size: 5, altText: "" };
    expect(await reuseOn({ asset: bare }).reuse()).toMatchObject({
      fileName: "vase.png",
      contentType: "image/png",
      url: "",
      altText: undefined,
      notes: [expect.stringContaining("in the root")],
    });
  });

  it("gets the texts that it has not got, and keeps the others", async () => {
    const { did, reuse } = reuseOn({ asset: { ...ASSET, altText: "" } });
    expect(await reuse({ altText: "Mine" })).toMatchObject({ altText: "Mine" });
    expect(did.texts).toEqual([{ altText: "Mine", displayName: undefined }]);
    const kept = await reuseOn({}).reuse({ altText: "Mine" });
    expect(kept?.notes).toHaveLength(2);
  });

  it.each<[string, Site]>([
    ["the ledger does not know it", { remembered: undefined }],
    ["the ledger knows an asset of another size", { remembered: 4, asset: { ...ASSET, size: 4 } }],
    ["the asset has another size by now", { asset: { ...ASSET, size: 4 } }],
    ["the asset is another site's", { asset: { ...ASSET, siteId: "c".repeat(24) } }],
    ["the asset is gone", { asset: NOT_FOUND }],
    ["other bytes are served", { hosted: "different" }],
    ["what is served is not known", { hosted: "unknown" }],
  ])("is uploaded like any other where %s", async (_, site) => {
    expect(await reuseOn(site).reuse()).toBeUndefined();
  });

  it("is not even looked at where it has no key, or its folder exists", async () => {
    expect(await reuseOn({}).reuse({ ledgerKeys: [] })).toBeUndefined();
    const { did, reuse } = reuseOn({ folders: ["Team", "New"] });
    expect(await reuse()).toBeUndefined();
    expect(did.looks).toBe(0);
  });

  it("fails where Webflow cannot be asked", async () => {
    await expect(reuseOn({ asset: DOWN }).reuse()).rejects.toBe(DOWN);
  });
});
