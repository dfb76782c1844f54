import { describe, expect, it } from "vitest";
import { AssetError } from "../../../src/core/errors.js";
import { createAssetListing } from "../../../src/library/listing/listing.js";
import type { Asset } from "../../../src/webflow/responses.js";
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
      const page = {
        assets: ids.slice(offset, offset + limit).map(anAsset),
        pagination: { total: ids.length },
      };
      pages += 1;
      changes[pages]?.(ids);
      return page;
    },
    () => 0,
  );
  return { listing, ids, pages: () => pages };
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
        return { assets: ids.map(anAsset), pagination: { total: 300 } };
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
