import type { AssetWithUses, FindUsesRequest, FindUsesResult } from "../contract/find-uses.js";
import type { CallContext } from "../core/call-context.js";
import type { FolderStore } from "../folders/folder-store.js";
import { summaryOf } from "../library/asset-summary.js";
import { type ListingPosition, readListingCursor, writeListingCursor } from "../library/listing/cursor.js";
import type { AssetListing } from "../library/listing/listing.js";
import type { ListedAsset } from "../library/listing/listing-entries.js";
import { assertWebflowId } from "../webflow/ids.js";
import type { Sites } from "../webflow/sites.js";
import { fitPage } from "./fit-page.js";
import { verdictOf } from "./record/verdict.js";
import { describeUse, doubtOn, notReadOf } from "./report.js";
import { assetsInScope, readMap, type UsageMap, type UsageMaps } from "./usage-maps.js";

/**
 * Reports where assets are used. What one call cannot read is left for the next one with the same arguments
 * (`reading`). Throws INVALID_INPUT for a cursor of another query, FOLDER_NOT_FOUND, FOLDER_AMBIGUOUS.
 */
export type FindUses = (request: FindUsesRequest, call: CallContext) => Promise<FindUsesResult>;

export interface FindUsesDependencies {
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly maps: UsageMaps;
}

/** How much of a call's time is reserved for composing the answer, in milliseconds. */
const ANSWER_MS = 1_000;

export function createFindUses({ sites, folders, maps }: FindUsesDependencies): FindUses {
  return async (request, call) => {
    const { unreferenced = false, limit, cursor } = request;
    folders.check(request);
    const ids = (request.assetIds ?? []).map((id) => assertWebflowId(id, "assetIds"));
    const siteId = await sites.resolve(request.siteId, call);
    const folder = await folders.find(siteId, request, call);
    const question = ["findUses", siteId, folder?.id, request.assetIds, unreferenced];
    const position = cursor === undefined ? undefined : readListingCursor(cursor, question);
    const wanted = { refresh: request.refresh, needed: ids, isNextPage: cursor !== undefined };
    const map = await readMap(maps, siteId, wanted, call, call.deadline - ANSWER_MS);
    if (!map) return notEvenListed(siteId);
    const { listing, reading } = map;
    const tree = folder && (await folders.tree(siteId, call));
    const found = assetsInScope(listing, ids, folder, tree)
      .map((asset) => ({ asset, found: describe(asset, map) }))
      .filter(({ found: { verdict } }) => !unreferenced || verdict === "noReferenceFound");
    const start = position === undefined ? 0 : found.findIndex(isBehind(position, listing));
    const rest = start === -1 ? [] : found.slice(start);
    const notRead = [...doubtOn(listing), ...unknown(ids, listing), ...notReadOf(reading)];
    const coverage = { read: { ...reading.counts }, notRead };
    const shown = fitPage(
      rest.slice(0, limit).map((one) => one.found),
      coverage,
    );
    const last = rest[shown.length - 1]?.asset;
    return {
      siteId,
      status: reading.isComplete ? "complete" : "reading",
      assets: shown,
      total: found.length,
      ...(last &&
        shown.length < rest.length && {
          nextCursor: writeListingCursor(
            { listingId: listing.id, index: (listing.indexOf(last.id) ?? 0) + 1, lastAssetId: last.id },
            question,
          ),
        }),
      ...coverage,
    };
  };
}

function describe(asset: ListedAsset, { reading }: UsageMap): AssetWithUses {
  const { uses, more } = reading.usesOf(asset.id);
  return {
    id: asset.id,
    name: summaryOf(asset).name.slice(0, 80),
    verdict: verdictOf(uses, reading.isEnough && reading.seeks(asset.id)),
    uses: uses.map((use) => describeUse(use, reading.mainHost)),
    ...(more > 0 && { moreUses: more }),
  };
}

function isBehind(position: ListingPosition, listing: AssetListing) {
  const index =
    position.listingId === listing.id ? position.index : (listing.indexOf(position.lastAssetId) ?? -1) + 1;
  return ({ asset }: { asset: ListedAsset }): boolean => (listing.indexOf(asset.id) ?? 0) >= index;
}

function unknown(ids: readonly string[], listing: AssetListing): FindUsesResult["notRead"] {
  const missing = ids.filter((id) => listing.indexOf(id) === undefined);
  if (missing.length === 0) return [];
  return [
    {
      what: missing.slice(0, 5).join(", "),
      why: "not in the site's library; listAssets gives the ids of those that are",
    },
  ];
}

function notEvenListed(siteId: string): FindUsesResult {
  return {
    siteId,
    status: "reading",
    assets: [],
    total: 0,
    read: {},
    notRead: [
      { what: "everything", why: "the assets are still being listed; call again with the same arguments" },
    ],
  };
}
