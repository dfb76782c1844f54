import { describe, expect, it } from "vitest";
import type { CallContext } from "../../src/core/call-context.js";
import { createSameBytes } from "../../src/sync/same-bytes.js";
import type { Ledger, LedgerEntry } from "../../src/uploads/known/ledger.js";
import { callContext } from "../builders/call.js";
import { codeOf } from "../builders/outcome.js";
import { checkedFile, placedAsset } from "../builders/sync-files.js";

const FILE = checkedFile("a.png", { md5: "m" });
const ASSET = placedAsset("1", "a.png");

/** A ledger and a site of which hosted files have these MD5s, and what both were asked. */
function setUp(known: Record<string, LedgerEntry> = {}, hosted: Record<string, string> = {}) {
  const looks: string[] = [];
  const recorded: unknown[] = [];
  const ledger: Ledger = {
    find: async (_, key) => known[key],
    record: async (...entry) => {
      recorded.push(entry);
    },
    flush: async () => {},
  };
  const hostedFiles = {
    md5At: async (url: string) => {
      looks.push(url);
      return hosted[url];
    },
  };
  const on = createSameBytes({ ledger, hostedFiles });
  const compare = (file = FILE, asset = ASSET, call: CallContext = callContext()) =>
    on("site", call)(file, asset);
  return { compare, on, looks, recorded };
}

const URL_OF_ASSET = ASSET.hostedUrl ?? "";

describe("whether an asset holds the bytes of a file", () => {
  it("is believed where the ledger knows that the file became this asset, as it is or optimized", async () => {
    const { compare, looks } = setUp({ m: { id: "1", size: 100 } });
    expect(await compare()).toBe(true);
    expect(await setUp().compare({ ...FILE, rememberedId: "1" })).toBe(true);
    expect(looks).toEqual([]);
  });

  it("is found out from the hosted file where the ledger knows nothing, and then remembered", async () => {
    const { compare, looks, recorded } = setUp({}, { [URL_OF_ASSET]: "m" });
    expect(await compare()).toBe(true);
    expect(looks).toEqual([URL_OF_ASSET]);
    expect(recorded).toEqual([["site", ["m"], { id: "1", size: 100 }]]);
  });

  it("is not the case where the hosted file has other bytes, and then nothing is remembered", async () => {
    const { compare, recorded } = setUp({}, { [URL_OF_ASSET]: "other" });
    expect(await compare()).toBe(false);
    expect(recorded).toEqual([]);
  });

  it("is not the case where nothing can be looked at or found out", async () => {
    expect(await setUp({}, {}).compare()).toBe(false);
    const { compare, looks } = setUp({}, { undefined: "m" });
    expect(await compare(FILE, { ...ASSET, hostedUrl: undefined })).toBe(false);
    expect(looks).toEqual([]);
  });

  it("is not looked up in other folders where the ledger knows which asset has the bytes", async () => {
    const other = { m: { id: "2", size: 100 } };
    const { compare, looks } = setUp(other, { [URL_OF_ASSET]: "m" });
    expect(await compare(FILE, { ...ASSET, folderPath: "Photos/Old" })).toBe(false);
    expect(looks).toEqual([]);
    expect(await compare()).toBe(true);
  });

  it("is looked up all the same where what the ledger knows has another size", async () => {
    const { compare } = setUp({ m: { id: "2", size: 99 } }, { [URL_OF_ASSET]: "m" });
    expect(await compare(FILE, { ...ASSET, folderPath: "Photos/Old" })).toBe(true);
  });
});

describe("a hosted file", () => {
  it("is looked at once, for all files of its size and in later calls", async () => {
    const { compare, on, looks } = setUp({}, { [URL_OF_ASSET]: "other" });
    const sameBytes = on("site", callContext());
    await Promise.all([sameBytes(FILE, ASSET), sameBytes(checkedFile("b.png"), ASSET)]);
    await compare();
    expect(looks).toEqual([URL_OF_ASSET]);
  });

  it("is looked at again by a later call where nothing was found out", async () => {
    const { compare, looks } = setUp();
    await compare();
    await compare();
    expect(looks).toHaveLength(2);
  });

  it("says nothing to a call that was cancelled meanwhile", async () => {
    const call = callContext({ signal: AbortSignal.abort() });
    expect(await codeOf(setUp({}, { [URL_OF_ASSET]: "m" }).compare(FILE, ASSET, call))).toBe("CANCELLED");
  });
});
