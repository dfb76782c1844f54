import { expect, test, vi } from "vitest";
import { createListingCache } from "../../../src/library/listing/listing-cache.js";
import { type LedgerEntry, NO_LEDGER } from "../../../src/uploads/known/ledger.js";
import { createUploadRecall } from "../../../src/uploads/known/recall-uploads.js";
import { assetSchema } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";

const SITE = "65f0aa000000000000000001";
const ENTRY: LedgerEntry = { id: "65f0aa0000000000000000a1", size: 100 };

/** A site of these assets, told as of so many, and the calls that it got. */
function aSite(assets: { id: string; size: number }[], total = assets.length) {
  let calls = 0;
  const listings = createListingCache({
    async listAssets() {
      calls += 1;
      return {
        entries: assets.map((asset) => assetSchema.parse(asset)),
        unreadable: 0,
        total,
      };
    },
  });
  return { listings, calls: () => calls };
}

const ledger = {
  ...NO_LEDGER,
  find: async (_: string, key: string) => (key === "known" ? ENTRY : undefined),
};

test("an asset that the ledger knows and the listing shows with its size is found", async () => {
  const { listings } = aSite([ENTRY]);
  const recall = createUploadRecall(SITE, 10, { ledger, listings });
  expect((await recall.find("known", callContext()))?.id).toBe(ENTRY.id);
});

test("an asset with another size than was uploaded is not found: its file is not the one that was sent", async () => {
  for (const size of [0, 99, 101]) {
    const { listings } = aSite([{ ...ENTRY, size }]);
    expect(
      await createUploadRecall(SITE, 10, { ledger, listings }).find("known", callContext()),
    ).toBeUndefined();
  }
});

test("an asset that the site does not list any more is not found", async () => {
  const { listings } = aSite([{ id: "65f0aa0000000000000000ff", size: 100 }]);
  expect(
    await createUploadRecall(SITE, 10, { ledger, listings }).find("known", callContext()),
  ).toBeUndefined();
});

test("the listing is not read for what the ledger does not know", async () => {
  const { listings, calls } = aSite([ENTRY]);
  await createUploadRecall(SITE, 10, { ledger, listings }).find("unknown", callContext());
  expect(calls()).toBe(0);
});

test("a listing that costs more pages than it may save calls is not read to its end", async () => {
  const { listings, calls } = aSite([ENTRY], 10_000);
  expect(
    await createUploadRecall(SITE, 10, { ledger, listings }).find("known", callContext()),
  ).toBeUndefined();
  expect(calls()).toBe(1);
});

test("single assets are looked at until that has cost as much as the listing, which is read once", async () => {
  const { listings, calls } = aSite([ENTRY], 500);
  const recall = createUploadRecall(SITE, 10, { ledger, listings });
  const found: boolean[] = [];
  for (let count = 0; count < 8; count += 1)
    found.push((await recall.listed(ENTRY.id, callContext())) !== undefined);
  expect(found).toEqual([false, false, false, false, true, true, true, true]);
  const afterwards = calls();
  await recall.listed(ENTRY.id, callContext());
  expect(calls()).toBe(afterwards);
});

test("the first three assets are looked at although the listing is short", async () => {
  const { listings, calls } = aSite([ENTRY]);
  const recall = createUploadRecall(SITE, 10, { ledger, listings });
  for (let count = 0; count < 3; count += 1)
    expect(await recall.listed(ENTRY.id, callContext())).toBeUndefined();
  expect(calls()).toBe(0);
  expect(await recall.listed(ENTRY.id, callContext())).toMatchObject({ id: ENTRY.id });
});

test("a listing of more than a minute ago is read again, when that is worth it again", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const { listings, calls } = aSite([ENTRY], 500);
    const recall = createUploadRecall(SITE, 10, { ledger, listings });
    const looked = async () => (await recall.listed(ENTRY.id, callContext())) !== undefined;
    for (let count = 0; count < 5; count += 1) await looked();
    const first = calls();
    vi.setSystemTime(Date.now() + 59_999);
    expect([await looked(), calls()]).toEqual([true, first]);
    vi.setSystemTime(Date.now() + 1);
    expect([await looked(), await looked(), await looked()]).toEqual([false, false, true]);
  } finally {
    vi.useRealTimers();
  }
});

test("nothing is found in a listing that cannot be read", async () => {
  const listings = createListingCache({
    listAssets: () => Promise.reject(new Error("no listing today")),
  });
  const recall = createUploadRecall(SITE, 10, { ledger, listings });
  expect(await recall.find("known", callContext())).toBeUndefined();
});

test("a listing of as many pages as calls may be saved is read", async () => {
  const { listings } = aSite([ENTRY], 500);
  expect(await createUploadRecall(SITE, 5, { ledger, listings }).find("known", callContext())).toBeDefined();
});

test("an asset that is not in the listing has to be looked at itself", async () => {
  const { listings } = aSite([ENTRY]);
  const recall = createUploadRecall(SITE, 10, { ledger, listings });
  for (let count = 0; count < 6; count += 1)
    expect(await recall.listed("65f0aa0000000000000000ff", callContext())).toBeUndefined();
});

test("a listing that cannot be read is not tried again for every asset", async () => {
  let calls = 0;
  const listings = createListingCache({
    async listAssets() {
      calls += 1;
      throw new Error("no listing today");
    },
  });
  const recall = createUploadRecall(SITE, 10, { ledger, listings });
  for (let count = 0; count < 10; count += 1)
    expect(await recall.listed(ENTRY.id, callContext())).toBeUndefined();
  expect(calls).toBe(1);
});
