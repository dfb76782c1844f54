import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import { createAssetListing } from "../../../src/library/listing/listing.js";
import type { Asset } from "../../../src/webflow/data-api/responses.js";
import { callContext } from "../../builders/call.js";
import { codeOf } from "../../builders/outcome.js";

const ALL = Number.POSITIVE_INFINITY;

/** A site of these assets, newest first, that changes after the page with this number was read. */
function changingSite(count: number, changes: Readonly<Record<number, (ids: string[]) => void>> = {}) {
  const ids = Array.from({ length: count }, (_, index) => `asset-${count - index}`);
  let pages = 0;
  const listing = createAssetListing(
    "listing",
    async ({ offset, limit }) => {
      const assets = ids.slice(offset, offset + limit).map(anAsset);
      const page = { entries: assets, unreadable: 0, total: ids.length };
      pages += 1;
      changes[pages]?.(ids);
      return page;
    },
    () => 0,
  );
  return { listing, ids, pages: () => pages };
}

/** A list of 250 assets in pages of 100 whose totals are these; with `isStuck`, every page is the first. */
function claiming(totalOf: (rows: number) => number, { count = 250, isStuck = false } = {}) {
  const all = Array.from({ length: count }, (_, index) => anAsset(`asset-${index}`));
  return createAssetListing(
    "listing",
    async ({ offset, limit }) => {
      const assets = isStuck ? all.slice(0, limit) : all.slice(offset, offset + limit);
      return { entries: assets, unreadable: 0, total: totalOf(assets.length) };
    },
    () => 0,
  );
}

function anAsset(id: string): Asset {
  return { id, displayName: `${id}.png` } as Asset;
}

function idsOf({ entries }: ReturnType<typeof changingSite>["listing"]): string[] {
  return entries.flatMap((asset) => (asset ? [asset.id] : []));
}

describe("the listing of a site that changes while it is read", () => {
  it("has an asset that was added before the last page, and no other one twice", async () => {
    const { listing, ids } = changingSite(250, { 1: (all) => all.unshift("new") });
    await listing.readUpTo(ALL, callContext());
    expect(new Set(idsOf(listing))).toEqual(new Set(ids));
    expect([idsOf(listing).length, listing.total, listing.isComplete]).toEqual([251, 251, true]);
  });

  it("misses none of those that moved up because one was deleted, and has that one no more", async () => {
    const { listing, ids } = changingSite(250, { 1: (all) => all.splice(50, 1) });
    await listing.readUpTo(ALL, callContext());
    expect(new Set(idsOf(listing))).toEqual(new Set(ids));
    expect([listing.total, listing.isComplete]).toEqual([249, true]);
  });

  it("misses none although as many were added as were deleted", async () => {
    const { listing, ids } = changingSite(250, {
      1: (all) => {
        all.splice(50, 1);
        all.push("older");
      },
    });
    await listing.readUpTo(ALL, callContext());
    expect(new Set(idsOf(listing))).toEqual(new Set(ids));
    expect([listing.total, listing.doubt]).toEqual([250, undefined]);
  });

  it("says that some may be missing when the site never stood still", async () => {
    const always = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [index + 1, (all: string[]) => all.unshift(`new-${index}`)]),
    );
    const { listing } = changingSite(250, always);
    await listing.readUpTo(ALL, callContext());
    expect(listing.doubt).toContain("changed again and again");
  });

  it("keeps the place of what was read before, so that a walk goes on where it was", async () => {
    const { listing, ids } = changingSite(250);
    await listing.readUpTo(100, callContext());
    const before = idsOf(listing);
    ids.splice(10, 1);
    ids.unshift("newer", "new");
    await listing.readUpTo(ALL, callContext());
    expect(listing.entries.slice(0, 100).map((asset) => asset?.id)).toEqual(
      before.map((id) => (ids.includes(id) ? id : undefined)),
    );
    expect(new Set(idsOf(listing))).toEqual(new Set(ids));
  });

  it("is read three times over at most when the site never stands still", async () => {
    const grow = (all: string[]) => all.unshift(`new-${all.length}`);
    const always = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index + 1, grow]));
    const { listing, pages } = changingSite(250, always);
    await listing.readUpTo(ALL, callContext());
    expect(listing.isComplete).toBe(true);
    expect(pages()).toBeLessThanOrEqual(4 * 4);
  });

  it("costs one page for the first ones of a long site, and each page once when nothing changes", async () => {
    const { listing, pages } = changingSite(1_000);
    await listing.readUpTo(50, callContext());
    expect(pages()).toBe(1);
    await listing.readUpTo(ALL, callContext());
    expect(pages()).toBe(10);
  });

  it("goes on from where it was when a page could not be read", async () => {
    let isDown = true;
    const offsets: number[] = [];
    const listing = createAssetListing(
      "listing",
      async ({ offset, limit }) => {
        if (offset === 200 && isDown) throw new AssetError("RATE_LIMITED", "too many", "wait");
        offsets.push(offset);
        const ids = Array.from(
          { length: Math.min(limit, 300 - offset) },
          (_, index) => `asset-${offset + index}`,
        );
        return { entries: ids.map(anAsset), unreadable: 0, total: 300 };
      },
      () => 0,
    );
    expect(await codeOf(listing.readUpTo(ALL, callContext()))).toBe("RATE_LIMITED");
    expect([listing.wasInterrupted, listing.isComplete, listing.entries.length]).toEqual([true, false, 200]);
    isDown = false;
    await listing.readUpTo(ALL, callContext());
    expect([listing.wasInterrupted, listing.isComplete, listing.entries.length]).toEqual([false, true, 300]);
    expect(offsets).toEqual([0, 100, 200]);
  });
});

/** A listing whose pages tell no total, of a server that has `count` assets, and the offsets that it was asked for. */
function withoutTotals(count: number, serve: (ids: string[], offset: number, limit: number) => string[]) {
  const ids = Array.from({ length: count }, (_, index) => `asset-${index}`);
  const offsets: number[] = [];
  const listing = createAssetListing(
    "listing",
    async ({ offset, limit }) => {
      if (offsets.push(offset) > 50) throw new Error("there is no end to it");
      const assets = serve(ids, offset, limit).map(anAsset);
      return { entries: assets, unreadable: 0, total: undefined };
    },
    () => 0,
  );
  return { listing, offsets };
}

describe("the listing of a site whose answers tell no total", () => {
  it.each([0, 1, 3, 99, 100, 101, 199, 200, 1_000])("has all of %i assets", async (count) => {
    const { listing } = withoutTotals(count, (ids, offset, limit) => ids.slice(offset, offset + limit));
    await listing.readUpTo(1, callContext());
    const seen = listing.entries.map((asset) => asset?.id);
    expect([new Set(seen).size, seen.length, listing.total]).toEqual([count, count, count]);
    expect([listing.isComplete, listing.doubt]).toEqual([true, undefined]);
  });

  it.each([1, 7, 50])("has all of them where pages are cut to %i rows", async (most) => {
    const { listing } = withoutTotals(20, (ids, offset, limit) =>
      ids.slice(offset, offset + Math.min(most, limit)),
    );
    await listing.readUpTo(ALL, callContext());
    expect([listing.total, listing.isComplete, listing.doubt]).toEqual([20, true, undefined]);
  });

  it.each([3, 250])("ends where all %i come at once, whatever the offset", async (count) => {
    const { listing, offsets } = withoutTotals(count, (ids) => ids);
    await listing.readUpTo(ALL, callContext());
    expect([listing.total, listing.doubt, offsets.length]).toEqual([count, undefined, 2]);
  });

  it("says that there may be more where every offset has the same full page", async () => {
    const { listing, offsets } = withoutTotals(250, (ids) => ids.slice(0, 100));
    await listing.readUpTo(ALL, callContext());
    expect([listing.total, offsets.length]).toEqual([100, 2]);
    expect(listing.doubt).toContain("may be more assets");
  });
});

it("reads a page with records that are no assets once", async () => {
  const rows = Array.from({ length: 250 }, (_, index) => (index % 40 === 0 ? undefined : `asset-${index}`));
  let pages = 0;
  const listing = createAssetListing(
    "listing",
    async ({ offset, limit }) => {
      pages += 1;
      const page = rows.slice(offset, offset + limit);
      const assets = page.filter((id) => id !== undefined).map(anAsset);
      return { entries: assets, unreadable: page.length - assets.length, total: rows.length };
    },
    () => 0,
  );
  await listing.readUpTo(ALL, callContext());
  expect([listing.total, pages, listing.doubt]).toEqual([243, 3, undefined]);
});

describe("the listing of a server whose totals cannot be true", () => {
  it.each([
    ["the rows of the page", (rows: number) => rows],
    ["nothing", () => 0],
    ["less than what comes", () => 120],
  ])("is read to its end where they count %s", async (_, totalOf) => {
    const listing = claiming(totalOf);
    await listing.readUpTo(ALL, callContext());
    expect([idsOf(listing).length, listing.total, listing.doubt]).toEqual([250, 250, undefined]);
  });

  it("is complete without a doubt where one full page is all there is, whatever the offset", async () => {
    const listing = claiming(() => 100, { count: 100, isStuck: true });
    await listing.readUpTo(ALL, callContext());
    expect([listing.total, listing.isComplete, listing.doubt]).toEqual([100, true, undefined]);
  });
});
