import type { Finding } from "../../contract/audit-assets.js";
import { assetTypeOf } from "../../files/asset-type.js";
import { summaryOf } from "../asset-summary.js";
import { assetMatcher } from "../listing/filter.js";
import type { ListedAsset } from "../listing/listing-entries.js";
import type { DuplicateGroup } from "./duplicates.js";
import { isUnclearName, stemOf } from "./unclear-names.js";

const TYPES = ["image", "document", "lottie", "video", "other"] as const;
/** Larger images make pages load slowly; Webflow accepts up to 4 MB. */
export const HEAVY_BYTES = 500_000;
const MOST_EXAMPLES = 5;

/** `call` spells a call of listAssets with these arguments, for the folder being audited. */
export type WriteCall = (tool: string, args: object) => string;

/** What the list of assets alone shows: totals, heavy images, missing alt texts, names that say nothing. */
export function libraryFindings(assets: readonly ListedAsset[], call: WriteCall): Finding[] {
  const isImage = assetMatcher({ type: "image" });
  const images = assets.filter(isImage);
  const heavy = images
    .filter(({ size = 0 }) => size >= HEAVY_BYTES)
    .sort((a, b) => (b.size ?? 0) - (a.size ?? 0));
  const lacksAlt = assetMatcher({ missingAltText: true });
  const stems = new Set(assets.map((asset) => stemOf(summaryOf(asset).name).toLowerCase()));
  const unclear = assets.filter((asset) =>
    isUnclearName(summaryOf(asset).name, (stem) => stems.has(stem.toLowerCase())),
  );
  return [
    finding("assets", assets, call("listAssets", {})),
    ...TYPES.map((type) =>
      finding(`of type ${type}`, assets.filter(hasType(type)), call("listAssets", { type })),
    ),
    {
      ...finding(
        "images of 500 kB or more",
        heavy,
        call("listAssets", { type: "image", minSize: HEAVY_BYTES }),
      ),
      examples: heavy.slice(0, MOST_EXAMPLES).map((asset) => `${nameOf(asset)}, ${kilobytes(asset.size)} kB`),
    },
    {
      what: "images without alt text",
      count: images.filter(lacksAlt).length,
      list: call("listAssets", { type: "image", missingAltText: true }),
    },
    {
      what: "unclear names",
      count: unclear.length,
      examples: unclear.slice(0, MOST_EXAMPLES).map(nameOf),
      list: "listAssets with query, for instance IMG_ or Screenshot; viewAsset shows what they are",
    },
  ].filter(({ count }, index) => index === 0 || count > 0);
}

/** Groups of assets with the same bytes. */
export function duplicateFindings(groups: readonly DuplicateGroup[]): Finding[] {
  if (groups.length === 0) return [];
  return [
    {
      what: "groups of exact duplicates; bytes counts all but one of each",
      count: groups.length,
      bytes: groups.reduce((sum, { wasted }) => sum + wasted, 0),
      examples: groups
        .slice(0, MOST_EXAMPLES)
        .map(({ assets }) => assets.slice(0, 3).map(nameOf).join(" = ")),
      list: "findUses with the ids of a group shows which of them is used",
    },
  ];
}

/** Name and id, so that the next call can refer to it. */
export function nameOf(asset: ListedAsset): string {
  return `${summaryOf(asset).name.slice(0, 40)} (${asset.id})`;
}

function finding(what: string, assets: readonly ListedAsset[], list: string): Finding {
  return { what, count: assets.length, bytes: assets.reduce((sum, { size = 0 }) => sum + size, 0), list };
}

function hasType(type: (typeof TYPES)[number]) {
  return ({ contentType = "", originalFileName = "" }: ListedAsset): boolean =>
    assetTypeOf(contentType, originalFileName) === type;
}

function kilobytes(bytes = 0): number {
  return Math.round(bytes / 1000);
}
