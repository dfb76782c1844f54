import type { Asset } from "../../webflow/data-api/responses.js";

/** What a listing keeps of each asset. */
export type ListedAsset = Pick<
  Asset,
  "id" | "displayName" | "originalFileName" | "contentType" | "size" | "hostedUrl" | "altText" | "folderId"
>;

/** The assets of one listing. Each keeps its index for good, even if others are removed. */
export interface ListingEntries {
  /** What has been read so far. A removed asset leaves its place empty. */
  readonly all: readonly (ListedAsset | undefined)[];
  /** How many assets there are, not counting empty places. */
  readonly size: number;
  /** The index of an asset that was read and not removed. */
  indexOf(assetId: string): number | undefined;
  get(assetId: string): ListedAsset | undefined;
  /** Replaces the asset of the same id, or appends it. */
  put(asset: ListedAsset): void;
  /** Returns whether the asset was there. */
  remove(assetId: string): boolean;
  /** Removes every asset whose id is not among these. */
  keepOnly(assetIds: ReadonlySet<string>): void;
}

export function createListingEntries(): ListingEntries {
  const all: (ListedAsset | undefined)[] = [];
  const indexes = new Map<string, number>();

  function remove(assetId: string): boolean {
    const index = indexes.get(assetId);
    if (index === undefined) return false;
    indexes.delete(assetId);
    all[index] = undefined;
    return true;
  }

  const indexOf = (assetId: string): number | undefined => indexes.get(assetId);

  return {
    all,
    get size() {
      return indexes.size;
    },
    indexOf,
    get: (assetId) => all[indexOf(assetId) ?? -1],
    put(asset) {
      const index = indexes.get(asset.id) ?? all.length;
      indexes.set(asset.id, index);
      all[index] = reduced(asset);
    },
    remove,
    keepOnly(assetIds) {
      for (const known of [...indexes.keys()]) if (!assetIds.has(known)) remove(known);
    },
  };
}

function reduced(asset: ListedAsset): ListedAsset {
  const { id, displayName, originalFileName, contentType, size, hostedUrl, altText, folderId } = asset;
  return { id, displayName, originalFileName, contentType, size, hostedUrl, altText, folderId };
}
