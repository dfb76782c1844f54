import type { ListAssetsRequest } from "../../contract/list-assets.js";
import { searchable } from "../../core/text.js";
import { assetTypeOf } from "../../files/asset-type.js";
import type { ListedAsset } from "./listing-entries.js";

/** Which assets a listing should contain; all conditions must hold, and none means all assets. */
export type AssetFilter = Pick<ListAssetsRequest, "query" | "type" | "missingAltText" | "minSize">;

/** What a filter looks at in an asset. */
type FilteredFacts = Partial<Omit<ListedAsset, "id">>;

/** Whether the filter accepts every asset. */
export function isEmptyFilter({ query, type, missingAltText, minSize }: AssetFilter): boolean {
  return !query && type === undefined && !missingAltText && !minSize;
}

/** The filter as a predicate. */
export function assetMatcher(filter: AssetFilter): (asset: FilteredFacts) => boolean {
  const { type, missingAltText = false, minSize = 0 } = filter;
  const text = searchable(filter.query ?? "");
  return (asset) =>
    (asset.size ?? 0) >= minSize &&
    (!missingAltText || !hasAltText(asset)) &&
    (type === undefined || assetTypeOf(asset.contentType ?? "", asset.originalFileName ?? "") === type) &&
    (text === "" || textsOf(asset).some((own) => searchable(own).includes(text)));
}

function hasAltText({ altText = "" }: FilteredFacts): boolean {
  return altText.trim() !== "";
}

function textsOf({ displayName = "", originalFileName = "", altText = "" }: FilteredFacts): string[] {
  return [displayName, originalFileName, altText];
}
