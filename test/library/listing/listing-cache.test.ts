import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Emulator, startEmulator } from "../../../src/emulator/emulator.js";
import { createAssetListing } from "../../../src/library/listing/listing.js";
import { createListingCache, type ListingCache } from "../../../src/library/listing/listing-cache.js";
import { createWebflowClient, type WebflowClient } from "../../../src/webflow/data-api/client.js";
import type { Asset } from "../../../src/webflow/data-api/responses.js";
import { createPacer } from "../../../src/webflow/rate-limit/pacing.js";
import { callContext } from "../../builders/call.js";
import { codeOf } from "../../builders/outcome.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
let emulator: Emulator;
let webflow: WebflowClient;
let listings: ListingCache;
let clock: number;

beforeEach(async () => {
  emulator = await startEmulator();
  emulator.seedLibrary({ folders: 0, assets: 250 });
  clock = Date.parse("2026-05-01T12:00:00Z");
  webflow = createWebflowClient({
    token: emulator.token,
    apiBaseUrl: emulator.apiBaseUrl,
    pacer: createPacer(),
    retryPolicy: { attempts: 1, baseMs: 1, capMs: 1 },
  });
  listings = createListingCache(webflow, { now: () => clock });
});

afterEach(() => emulator.close());

const openAll = async () => {
  const listing = listings.open(emulator.siteId);
  await listing.readUpTo(Number.POSITIVE_INFINITY, callContext());
  return listing;
};

describe("a listing", () => {
  it("believes an absurd total only as long as pages come that hold something", async () => {
    let pages = 0;
    const readPage = async ({ offset, limit }: { offset: number; limit: number }) => {
      pages += 1;
      const assets = Array.from({ length: Math.max(0, Math.min(limit, 250 - offset)) }, (_, index) =>
        anAsset(String(offset + index).padStart(24, "0")),
      );
      return { entries: assets, unreadable: 0, total: 2 ** 52 };
    };
    const listing = createAssetListing("listing", readPage, () => clock);
    await listing.readUpTo(Number.POSITIVE_INFINITY, callContext());
    expect(listing.total).toBe(250);
    expect(pages).toBeLessThan(100);
  });

  it("opens the same listing again for half a minute", async () => {
    const first = await openAll();
    clock += 29 * SECOND;
    expect(await openAll()).toBe(first);
    clock += 2 * SECOND;
    expect(await openAll()).not.toBe(first);
  });

  it("is opened no more after something was added to the site, but walks through it go on", async () => {
    const first = await openAll();
    listings.noteAdded(emulator.siteId);
    expect(await openAll()).not.toBe(first);
    expect(listings.resume(first.id)).toBe(first);
  });

  it("is kept for a walk that pauses up to ten minutes", async () => {
    const { id } = await openAll();
    clock += 9 * MINUTE;
    expect(listings.resume(id)?.id).toBe(id);
    clock += 9 * MINUTE;
    expect(listings.resume(id)?.id).toBe(id);
    clock += 11 * MINUTE;
    expect(listings.resume(id)).toBeUndefined();
  });

  it("a listing that is longer than one call may read is gone on with by the next call, a minute later", async () => {
    const fault = emulator.faults.add({
      on: "listAssets",
      kind: "status",
      status: 500,
      when: "before",
      skip: 2,
    });
    expect(await codeOf(openAll())).toBe("WEBFLOW_UNAVAILABLE");
    fault.remove();
    emulator.requests.clear();
    clock += MINUTE;
    const listing = await openAll();
    expect(listing.entries).toHaveLength(250);
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(1);
  });

  it("is read whole from a server that gives smaller pages than it is asked for", async () => {
    const readPage: Parameters<typeof createAssetListing>[1] = ({ offset, limit }, call) =>
      webflow.listAssets(emulator.siteId, { offset, limit: Math.min(limit, 40) }, call);
    const listing = createAssetListing("small", readPage, () => clock);
    await listing.readUpTo(Number.POSITIVE_INFINITY, callContext());
    expect(listing.entries).toHaveLength(250);
    expect(emulator.requests.count({ operation: "listAssets" })).toBe(7);
  });

  it("a listing that a change overtook while it was being read is opened no more", async () => {
    const listing = listings.open(emulator.siteId);
    const reading = listing.readUpTo(250, callContext());
    listings.noteDeleted("0123456789abcdef01234567");
    await reading;
    expect(await openAll()).not.toBe(listing);
  });

  it("knows an asset for as long as it may be opened", async () => {
    const [asset] = (await openAll()).entries;
    expect(listings.known(emulator.siteId, asset?.id ?? "")).toEqual(asset);
    clock += 31 * SECOND;
    expect(listings.known(emulator.siteId, asset?.id ?? "")).toBeUndefined();
  });
});

function anAsset(id: string): Asset {
  return {
    id,
    siteId: undefined,
    displayName: `${id}.png`,
    originalFileName: undefined,
    contentType: "image/png",
    size: 1,
    hostedUrl: undefined,
    altText: undefined,
    folderId: undefined,
    createdOn: undefined,
    lastUpdated: undefined,
    variants: [],
  };
}
