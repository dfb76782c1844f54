import type { AssetStore } from "../data/asset-store.js";
import type { Filters } from "../data/filters.js";
import type { NoticeActions } from "./listing-notices.js";

/** What the user can ask of the listing. */
export interface ListingActions extends NoticeActions {
  /** Narrows or widens what is shown; filters that are not named stay. */
  filter(changes: Filters): void;
  showFolder(folder: string | undefined): void;
}

/** `closeAsset` closes the open asset, which what comes may not hold. */
export function createListingActions(store: AssetStore, closeAsset: () => void): ListingActions {
  function filter(changes: Filters): void {
    closeAsset();
    void store.filter({ ...store.state.filters, ...changes });
  }

  return {
    filter,
    showFolder(folder) {
      // A folder that the user walks to takes the place of one that the assistant named by id.
      const { folderId: _, ...kept } = store.state.filters.kept ?? {};
      filter({ folder, kept });
    },
    showAll() {
      closeAsset();
      void store.filter({});
    },
    loadAll() {
      void store.all();
    },
    retry() {
      const { assets, filters } = store.state;
      void (assets.length > 0 ? store.more() : store.filter(filters));
    },
  };
}
