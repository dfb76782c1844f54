import { button, setEnabled } from "../buttons.js";
import { createClientActions } from "../client-actions.js";
import { element, keepFocus } from "../dom.js";
import { formatCount, formatCounted } from "../format.js";
import type { Screen, Surroundings } from "../screen.js";
import type { Asset, AssetPage } from "./asset.js";
import { createAssetViewer } from "./asset-viewer.js";
import type { Filters } from "./filters.js";
import { createFolderBar } from "./folder-bar.js";
import { type FolderCounts, foldersOf, readFolders } from "./folders.js";
import { createGrid } from "./grid.js";
import { createLibrary, type LibraryState } from "./library.js";
import { listingNotices } from "./listing-notices.js";
import { inOrder, type Order } from "./order.js";
import { useRequest } from "./requests.js";
import { createSelectionBar } from "./selection-bar.js";
import { createToolbar } from "./toolbar.js";

/** The assets as pictures, with all that can be done to find, look at and hand over some of them. */
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
  const selected = new Map<string, Asset>();
  let order: Order = "listed";
  let sorted: readonly Asset[] = [];
  let folders: FolderCounts = new Map();

  const client = createClientActions(host, announcer);
  const library = createLibrary(host, siteId, show);
  const folderBar = createFolderBar((folder) => showFolder(folder));
  const toolbar = createToolbar({ filter, sort });
  const selection = createSelectionBar({ use: useSelected, clear: clearSelection });
  const grid = createGrid({
    open: (asset) => viewer.toggle(asset),
    select,
    isSelected: ({ id }) => selected.has(id),
  });
  const viewer = createAssetViewer({ grid, library, client, showFolder, neighbour });
  const count = element("p", { class: "count" });
  const notices = element("div", {});
  const more = button("Show more", "plain", () => void library.more());
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

  function show(state: LibraryState): void {
    keepFocus(root, folderBar.here, () => draw(state));
  }

  function draw(state: LibraryState): void {
    sorted = inOrder(state.assets, order);
    toolbar.show(state.filters);
    folderBar.show(folders, state.filters.folder);
    grid.element.classList.toggle("is-outdated", state.loading === "other");
    grid.show(sorted);
    root.setAttribute("aria-busy", String(state.loading !== "no"));
    count.textContent = countText(state);
    if (state.loading === "no") announcer.whisper(countText(state));
    notices.replaceChildren(...listingNotices(state, order, { retry, showAll, loadAll }));
    footer.hidden = !state.hasMore;
    more.textContent = moreText(state);
    setEnabled(more, state.loading === "no");
  }

  function countText({ assets, total, loading }: LibraryState): string {
    if (loading === "other") return "Loading…";
    if (assets.length === total) return formatCounted(total, "asset");
    return `${formatCount(assets.length)} of ${formatCounted(total, "asset")}`;
  }

  function moreText({ loading, assets, total }: LibraryState): string {
    return loading === "more" ? "Loading…" : `Show more (${formatCount(total - assets.length)} left)`;
  }

  function filter(changes: Filters): void {
    viewer.close();
    void library.filter({ ...library.state.filters, ...changes });
  }

  function showFolder(folder: string | undefined): void {
    // A folder that the user walks to takes the place of one that the assistant named by id.
    const { folderId: _, ...kept } = library.state.filters.kept ?? {};
    filter({ folder, kept });
  }

  function showAll(): void {
    viewer.close();
    void library.filter({});
  }

  function loadAll(): void {
    void library.all();
  }

  function retry(): void {
    const { assets, filters } = library.state;
    void (assets.length > 0 ? library.more() : library.filter(filters));
  }

  function sort(wanted: Order): void {
    order = wanted;
    viewer.close();
    show(library.state);
  }

  function neighbour(id: string, by: -1 | 1): Asset | undefined {
    const at = sorted.findIndex((asset) => asset.id === id);
    return at === -1 ? undefined : sorted[at + by];
  }

  function select(asset: Asset, isSelected: boolean): void {
    if (isSelected) selected.set(asset.id, asset);
    else selected.delete(asset.id);
    selection.show(selected.size);
  }

  function clearSelection(): void {
    selected.clear();
    selection.show(0);
    for (const box of root.querySelectorAll<HTMLInputElement>(".tile-box input")) box.checked = false;
  }

  function useSelected(): void {
    void client.say(useRequest([...selected.values()]), "The assistant has your selection.");
  }

  async function loadFolders(): Promise<void> {
    folders = await readFolders(host, library.siteId).catch(() => foldersOf(library.state.assets));
    keepFocus(root, folderBar.here, () => folderBar.show(folders, library.state.filters.folder));
  }

  return {
    element: root,
    open(page, filters) {
      library.open(page, filters);
      void loadFolders();
    },
    load(filters) {
      void library.filter(filters).then(loadFolders);
    },
  };
}
