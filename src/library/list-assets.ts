import type { ListAssetsRequest, ListAssetsResult } from "../contract/list-assets.js";
import { countFitting } from "../core/answer-size.js";
import type { CallContext } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import type { FolderStore } from "../folders/folder-store.js";
import type { PlacedFolder } from "../folders/folder-tree.js";
import { isNotFound } from "../webflow/data-api/error-mapping.js";
import type { Locales } from "../webflow/locales.js";
import type { Sites } from "../webflow/sites.js";
import { summaryOf } from "./asset-summary.js";
import { type ListingPosition, readListingCursor, writeListingCursor } from "./listing/cursor.js";
import { type AssetFilter, assetMatcher, isEmptyFilter } from "./listing/filter.js";
import type { AssetListing } from "./listing/listing.js";
import type { ListingCache } from "./listing/listing-cache.js";
import type { ListedAsset } from "./listing/listing-entries.js";

/**
 * One page of the assets of a site, or of a folder with all below it, in Webflow's order: as many as are asked for,
 * or as a model can afford. A walk from page to page sees the listing with which it began, except for what this
 * process has changed since. Throws INVALID_INPUT for a cursor of another query, and if the listing has changed so
 * that the walk cannot go on; FOLDER_NOT_FOUND, FOLDER_AMBIGUOUS.
 */
export type ListAssets = (request: ListAssetsRequest, call: CallContext) => Promise<ListAssetsResult>;

export interface ListAssetsDependencies {
  readonly sites: Sites;
  readonly folders: FolderStore;
  readonly listings: ListingCache;
  readonly locales: Locales;
}

interface Walk {
  readonly listing: AssetListing;
  /** Index of the next entry to look at. */
  readonly start: number;
}

export function createListAssets({ sites, folders, listings, locales }: ListAssetsDependencies): ListAssets {
  async function resume(
    position: ListingPosition,
    open: () => AssetListing,
    call: CallContext,
  ): Promise<Walk> {
    const kept = listings.resume(position.listingId);
    if (kept) return { listing: kept, start: position.index };
    const listing = open();
    await listing.readUpTo(position.index, call);
    if (listing.indexOf(position.lastAssetId) === undefined)
      await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    const last = listing.indexOf(position.lastAssetId);
    if (last === undefined) throw changedSince(position);
    return { listing, start: last + 1 };
  }

  async function read(
    position: ListingPosition | undefined,
    open: () => AssetListing,
    limit: number,
    isShown: ShownAssets,
    call: CallContext,
  ): Promise<{ listing: AssetListing; page: ListingPage }> {
    const walk = position ? await resume(position, open, call) : { listing: open(), start: 0 };
    return { listing: walk.listing, page: await readPage(walk, limit, isShown, call) };
  }

  /** A folder that is known from before may since have been deleted in the Designer. */
  function folderIsGone(folder: PlacedFolder, siteId: string): AssetError {
    folders.forget(siteId);
    return new AssetError(
      "FOLDER_NOT_FOUND",
      `The folder "${folder.path}" (${folder.id}) is no longer on the site`,
      "call listFolders to see those that exist",
    );
  }

  async function treeFor(siteId: string, assets: readonly ListedAsset[], call: CallContext) {
    const tree = await folders.tree(siteId, call);
    const hasNewFolder = assets.some(({ folderId }) => folderId !== undefined && !tree.byId(folderId));
    return hasNewFolder ? folders.tree(siteId, call, 0) : tree;
  }

  return async (request, call) => {
    const { limit, cursor, query, type, missingAltText, minSize } = request;
    folders.check(request);
    const siteId = await sites.resolve(request.siteId, call);
    const folder = await folders.find(siteId, request, call);
    const localeId = await locales.resolve(siteId, request.locale, call);
    const question = [siteId, folder?.id, query, type, missingAltText, minSize, localeId];

    const open = (): AssetListing => listings.open(siteId, folder?.id, localeId);
    const primary = localeId === undefined ? undefined : listings.open(siteId, folder?.id);
    await primary?.readUpTo(Number.POSITIVE_INFINITY, call);
    const isSame = (asset: ListedAsset): boolean => primary !== undefined && hasTextOf(primary, asset);
    const filter = { query, type, missingAltText, minSize };
    const shown = isEmptyFilter(filter) ? undefined : shownBy(filter, isSame);
    const position = cursor === undefined ? undefined : readListingCursor(cursor, question);
    const { listing, page } = await read(position, open, limit, shown, call).catch((error) => {
      throw folder && isNotFound(error) ? folderIsGone(folder, siteId) : error;
    });
    const tree = await treeFor(siteId, page.assets, call);
    const assets = page.assets.map((asset) => {
      const { altText, ...facts } = summaryOf(asset);
      const folder = tree.folderOf(asset)?.path;
      return { ...facts, folder, altText, ...(isSame(asset) && { sameAsPrimary: true }) };
    });
    const fitting = assets.slice(0, countFitting(assets));
    const last = fitting.at(-1);
    const isCut = fitting.length < assets.length;
    const index = isCut && last ? (listing.indexOf(last.id) ?? 0) + 1 : page.end;
    return {
      siteId,
      assets: fitting,
      total: page.total,
      ...notesOn(listing.doubt, page.total === 0 ? query : undefined),
      ...((page.hasMore || isCut) &&
        last && {
          nextCursor: writeListingCursor({ listingId: listing.id, index, lastAssetId: last.id }, question),
        }),
    };
  };
}

/** `unmatched` is the text that no asset has. */
function notesOn(doubt: string | undefined, unmatched = ""): { notes?: string[] } {
  const notes = [
    ...(doubt === undefined ? [] : [`Incomplete: ${doubt}.`]),
    ...(/[*?]/.test(unmatched) ? ["query is looked for as it is, without wildcards."] : []),
  ];
  return notes.length > 0 ? { notes } : {};
}

interface ListingPage {
  readonly assets: readonly ListedAsset[];
  /** Index after the last entry that was looked at. */
  readonly end: number;
  readonly total: number;
  readonly hasMore: boolean;
}

/** Which assets a filter accepts; undefined: all of them. */
type ShownAssets = ((asset: ListedAsset) => boolean) | undefined;

/** In another locale, a text equal to the primary's counts as missing: it may never have been translated. */
function shownBy(filter: AssetFilter, isSame: (asset: ListedAsset) => boolean): ShownAssets {
  const matches = assetMatcher({ ...filter, missingAltText: false });
  const lacksAlt = assetMatcher({ missingAltText: true });
  return (asset) => matches(asset) && (!filter.missingAltText || lacksAlt(asset) || isSame(asset));
}

/** Whether an asset has, in another locale, the same alt text as in the primary one. */
function hasTextOf(primary: AssetListing, { id, altText }: ListedAsset): boolean {
  return Boolean(altText?.trim()) && primary.get(id)?.altText === altText;
}

/** A filter needs the whole listing for its total; without one, only what the page shows is read. */
async function readPage({ listing, start }: Walk, limit: number, matches: ShownAssets, call: CallContext) {
  const isShown = (entry: ListedAsset | undefined): entry is ListedAsset =>
    entry !== undefined && (matches === undefined || matches(entry));
  const isFiltered = matches !== undefined;
  if (isFiltered) await listing.readUpTo(Number.POSITIVE_INFINITY, call);

  const assets: ListedAsset[] = [];
  let end = start;
  while (assets.length < limit) {
    if (end >= listing.entries.length) await listing.readUpTo(end + limit - assets.length, call);
    if (end >= listing.entries.length) break;
    const entry = listing.entries[end];
    if (isShown(entry)) assets.push(entry);
    end += 1;
  }
  return {
    assets,
    end,
    total: isFiltered ? listing.entries.filter(isShown).length : listing.total,
    hasMore: !listing.isComplete || listing.entries.slice(end).some(isShown),
  };
}

function changedSince({ lastAssetId }: ListingPosition): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The listing changed: the asset ${lastAssetId}, the last one of the previous page, is no longer in it`,
    "leave cursor out to start again",
  );
}
