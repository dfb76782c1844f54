import type { Asset, AssetPage } from "../data/asset.js";
import { type AssetStoreState, createAssetStore } from "../data/asset-store.js";
import type { Filters } from "../data/filters.js";
import { type FolderCounts, foldersOf, readFolders } from "../data/folders.js";
import { inOrder, type Order } from "../data/order.js";
import { button, setEnabled } from "../elements/buttons.js";
import { createClientActions } from "../elements/client-actions.js";
import { element, keepFocus } from "../elements/dom.js";
import { formatCount, formatCounted } from "../elements/format.js";
import type { Screen, Surroundings } from "../elements/screen.js";
import { createGrid } from "../grid/grid.js";
import { createAssetViewer } from "./asset-viewer.js";
import { createFolderBar } from "./folder-bar.js";
import { createListingActions } from "./listing-actions.js";
import { listingNotices } from "./listing-notices.js";
import { useRequest } from "./requests.js";
import { createSelection } from "./selection.js";
import { createToolbar } from "./toolbar.js";

/** The assets as pictures, to find, look at, edit and hand over. */
export interface GalleryScreen extends Screen {
  /** Shows a page that the client sent. */
  open(page: AssetPage, filters: Filters): void;
  /** Asks the server for the assets that pass. */
  load(filters: Filters): void;
}

/** `siteId`: the site that the assistant asked for, if it named one. */
export function createGalleryScreen(
  { host, announcer }: Surroundings,
  siteId: string | undefined,
): GalleryScreen {
  let order: Order = "listed";
  let sorted: readonly Asset[] = [];
  let folders: FolderCounts = new Map();

  const client = createClientActions(host, announcer);
  const store = createAssetStore(host, siteId, show);
  const actions = createListingActions(store, () => viewer.close());
  const folderBar = createFolderBar(actions.showFolder);
  const toolbar = createToolbar({ filter: actions.filter, sort });
  const selection = createSelection({ use: useSelected, cleared: () => uncheckAll(root) });
  const grid = createGrid({
    open: (asset) => viewer.toggle(asset),
    select: selection.set,
    isSelected: selection.has,
  });
  const viewer = createAssetViewer({
    grid,
    store,
    client,
    showFolder: actions.showFolder,
    deleted,
    neighbour,
  });
  const count = element("p", { class: "count" });
  const notices = element("div", {});
  const more = button("Show more", "plain", () => void store.more());
  const footer = element("footer", { class: "more" }, more);
  const root = element(
    "div",
    {},
    element("header", { class: "head" }, folderBar.breadcrumb, count),
    toolbar.element,
    folderBar.children,
    notices,
    grid.element,
    footer,
    selection.element,
  );

  function show(state: AssetStoreState): void {
    keepFocus(root, folderBar.here, () => draw(state));
  }

  function draw(state: AssetStoreState): void {
    sorted = inOrder(state.assets, order);
    toolbar.show(state.filters);
    folderBar.show(folders, state.filters.folder);
    grid.element.classList.toggle("is-outdated", state.loading === "other");
    grid.show(sorted);
    root.setAttribute("aria-busy", String(state.loading !== "no"));
    count.textContent = countText(state);
    if (state.loading === "no") announcer.whisper(countText(state));
    notices.replaceChildren(...listingNotices(state, order, actions));
    footer.hidden = !state.hasMore;
    more.textContent = moreText(state);
    setEnabled(more, state.loading === "no");
  }

  function sort(wanted: Order): void {
    order = wanted;
    viewer.close();
    show(store.state);
  }

  function neighbour(id: string, by: -1 | 1): Asset | undefined {
    const at = sorted.findIndex((asset) => asset.id === id);
    return at === -1 ? undefined : sorted[at + by];
  }

  function deleted(id: string): void {
    selection.drop(id);
    announcer.tell("Asset deleted.");
  }

  function useSelected(assets: readonly Asset[]): void {
    void client.say(useRequest(assets), "Selection sent to the assistant.");
  }

  async function loadFolders(): Promise<void> {
    folders = await readFolders(host, store.siteId).catch(() => foldersOf(store.state.assets));
    keepFocus(root, folderBar.here, () => folderBar.show(folders, store.state.filters.folder));
  }

  return {
    element: root,
    open(page, filters) {
      store.open(page, filters);
      void loadFolders();
    },
    load(filters) {
      void store.filter(filters).then(loadFolders);
    },
  };
}

function countText({ assets, total, loading }: AssetStoreState): string {
  if (loading === "other") return "Loading…";
  if (assets.length === total) return formatCounted(total, "asset");
  return `${formatCount(assets.length)} of ${formatCounted(total, "asset")}`;
}

function moreText({ loading, assets, total }: AssetStoreState): string {
  return loading === "more" ? "Loading…" : `Show more (${formatCount(total - assets.length)} left)`;
}

function uncheckAll(root: HTMLElement): void {
  for (const box of root.querySelectorAll<HTMLInputElement>(".tile-box input")) box.checked = false;
}
