import type { CallContext } from "../../core/call-context.js";
import type { FolderStore } from "../../folders/folder-store.js";
import type { ListPage } from "../../webflow/data-api/lenient.js";
import { LARGEST_PAGE } from "../../webflow/data-api/list-reading.js";
import type { Asset } from "../../webflow/data-api/responses.js";
import type { AssetListing, ReadPage } from "./listing.js";
import type { ListedAsset } from "./listing-entries.js";

export interface FolderPagesOptions {
  readonly siteId: string;
  readonly folderId: string;
  readonly folders: Pick<FolderStore, "tree" | "folderOfAsset">;
  /** A page of what Webflow lists for the folder, or for the site if none is given. */
  readonly readPage: (
    page: { offset: number; limit: number; folderId?: string },
    call: CallContext,
  ) => Promise<ListPage<Asset>>;
  /** The listing of the whole site. */
  readonly openSite: () => AssetListing;
}

/**
 * Pages of a folder with all below it, even if the Data API ignores `folderId`, which it has known since May 2026:
 * then the rows, or the folders, show where each asset of the whole site is.
 */
export function createFolderPages(options: FolderPagesOptions): ReadPage {
  const { siteId, folderId, folders, readPage, openSite } = options;
  let filtered: Promise<readonly ListedAsset[]> | undefined;

  /** Whether it also returned an asset that is not in the folder. */
  async function isIgnored({ entries, total }: ListPage<Asset>, call: CallContext): Promise<boolean> {
    const tree = await folders.tree(siteId, call);
    const within = tree.idsWithin(folderId);
    const strays = entries.filter((asset) => {
      const folder = tree.folderOf(asset);
      return folder === undefined || !within.has(folder.id);
    });
    if (strays.some((asset) => tree.folderOf(asset) !== undefined)) return true;
    // An asset without a folder may be in the root, or in a folder that nothing names.
    if (strays.length === 0) return false;
    const whole = await readPage({ offset: 0, limit: LARGEST_PAGE }, call);
    return total === undefined ? sameRows(whole.entries, entries) : whole.total === total;
  }

  async function filterSite(call: CallContext): Promise<readonly ListedAsset[]> {
    const listing = openSite();
    await listing.readUpTo(Number.POSITIVE_INFINITY, call);
    const within = (await folders.tree(siteId, call)).idsWithin(folderId);
    const all = listing.entries.filter((asset) => asset !== undefined);
    const places = await Promise.all(all.map((asset) => folderIdOf(asset, call)));
    return all.filter((_, index) => within.has(places[index] ?? ""));
  }

  async function folderIdOf(asset: ListedAsset, call: CallContext): Promise<string | undefined> {
    if (asset.folderId !== undefined) return asset.folderId;
    return (await folders.folderOfAsset(siteId, asset.id, call))?.id;
  }

  async function filteredPage({ offset, limit }: { offset: number; limit: number }, call: CallContext) {
    filtered ??= filterSite(call).catch((error: unknown) => {
      filtered = undefined;
      throw error;
    });
    const assets = await filtered;
    const entries = assets.slice(offset, offset + limit);
    return { entries, unreadable: 0, total: assets.length, doubt: openSite().doubt };
  }

  return async (page, call) => {
    if (filtered !== undefined) return filteredPage(page, call);
    const answer = await readPage({ ...page, folderId }, call);
    return (await isIgnored(answer, call)) ? filteredPage(page, call) : answer;
  };
}

function sameRows(whole: readonly ListedAsset[], part: readonly ListedAsset[]): boolean {
  return part.every(({ id }, index) => whole[index]?.id === id);
}
