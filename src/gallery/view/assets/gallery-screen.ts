import { button } from "../buttons.js";
import { copyText } from "../clipboard.js";
import { element } from "../dom.js";
import { formatCount, formatCounted } from "../format.js";
import { failurePanel, messagePanel } from "../message-panel.js";
import type { Screen, Surroundings } from "../screen.js";
import type { Asset, AssetPage } from "./asset.js";
import { createDetailPanel, type DetailPanel } from "./detail-panel.js";
import { type Filters, isFiltered } from "./filters.js";
import { createFolderBar } from "./folder-bar.js";
import { type FolderCounts, foldersOf, readFolders } from "./folders.js";
import { createGrid } from "./grid.js";
import { createLibrary, type LibraryState } from "./library.js";
import { inOrder, type Order } from "./order.js";
import { describeRequest, useRequest } from "./requests.js";
import { createSelectionBar } from "./selection-bar.js";
import { createToolbar } from "./toolbar.js";

export interface GalleryScreen extends Screen {
  open(page: AssetPage, filters: Filters): void;
  /** Asks the server for the assets that pass. */
  load(filters: Filters): void;
}

export function createGalleryScreen({ host, announcer }: Surroundings): GalleryScreen {
  const selected = new Map<string, Asset>();
  let order: Order = "listed";
  let sorted: readonly Asset[] = [];
  let folders: FolderCounts = new Map();
  let opened: { asset: Asset; panel: DetailPanel } | undefined;

  const library = createLibrary(host, show);
  const folderBar = createFolderBar((folder) => filter({ folder }));
  const toolbar = createToolbar({ filter, sort });
  const selection = createSelectionBar({ use: () => void useSelected(), clear: clearSelection });
  const grid = createGrid({ open, select, isSelected: ({ id }) => selected.has(id) });
  const count = element("p", { class: "count" });
  const notice = element("div", { class: "notice-place" });
  const footer = element("footer", { class: "more" });
  const root = element(
    "div",
    { class: "gallery-screen" },
    element("header", { class: "head" }, folderBar.breadcrumb, count),
    toolbar.element,
    folderBar.children,
    notice,
    grid.element,
    footer,
    selection.element,
  );

  function filter(changes: Filters): void {
    close();
    // A folder that the user walks to takes the place of one that the assistant named by id.
    const { folderId: _, ...kept } = library.state.filters.kept ?? {};
    const base = "folder" in changes ? { ...library.state.filters, kept } : library.state.filters;
    void library.filter({ ...base, ...changes });
  }

  function note(text: string, ...actions: HTMLElement[]): HTMLElement {
    return element("div", { class: "notice" }, element("p", {}, text), ...actions);
  }

  function show(state: LibraryState): void {
    sorted = inOrder(state.assets, order);
    toolbar.show(state.filters);
    folderBar.show(folders, state.filters.folder);
    grid.element.toggleAttribute("inert", state.loading === "other");
    root.setAttribute("aria-busy", String(state.loading !== "no"));
    count.textContent = state.loading === "other" ? "Loading…" : countText(state);
    if (state.loading === "no") announcer.whisper(countText(state));
    grid.show(sorted);
    notice.replaceChildren(...notices(state));
    footer.replaceChildren(...moreButtons(state));
  }

  function countText({ assets, total }: LibraryState): string {
    if (assets.length === total) return formatCounted(total, "asset");
    return `${formatCount(assets.length)} of ${formatCounted(total, "asset")}`;
  }

  function notices(state: LibraryState): HTMLElement[] {
    if (state.error !== undefined) {
      const again = button("Try again", "primary", () => void library.filter(state.filters));
      return [failurePanel(state.error, again)];
    }
    if (state.assets.length === 0 && state.loading === "no") return [emptyPanel(state)];
    if (state.isClosed) return [note("This client lets the gallery show only what the assistant loaded.")];
    if (order !== "listed" && state.hasMore) {
      const text = `Sorted among the ${formatCount(state.assets.length)} assets that are loaded. `;
      return [
        note(
          text,
          button("Load all", "quiet", () => void library.all()),
        ),
      ];
    }
    return [];
  }

  function emptyPanel({ filters }: LibraryState): HTMLElement {
    if (!isFiltered(filters))
      return messagePanel("image", "No assets yet", "Ask the assistant to upload some.");
    const clear = button("Show all assets", "primary", () => {
      close();
      void library.filter({});
    });
    return messagePanel("search", "Nothing found", "No asset passes these filters.", clear);
  }

  function moreButtons({ hasMore, loading, assets, total }: LibraryState): HTMLElement[] {
    if (!hasMore) return [];
    const label = loading === "more" ? "Loading…" : `Show more (${formatCount(total - assets.length)} left)`;
    const more = button(label, "plain", () => void library.more());
    more.toggleAttribute("disabled", loading !== "no");
    return [more];
  }

  function sort(wanted: Order): void {
    order = wanted;
    close();
    show(library.state);
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

  async function useSelected(): Promise<void> {
    await hand(useRequest([...selected.values()]), "The assistant has your selection.");
  }

  async function hand(text: string, done: string): Promise<void> {
    if (await host.say(text)) return announcer.tell(done);
    const copied = await copyText(text);
    announcer.tell(
      copied
        ? "This client takes no messages from the gallery; the text was copied, paste it yourself."
        : "This client takes no messages from the gallery.",
    );
  }

  function open(asset: Asset): void {
    if (opened?.asset.id === asset.id) {
      close();
      return;
    }
    const panel = createDetailPanel(asset, {
      close,
      step: (by) => step(by),
      showFolder: (folder) => filter({ folder }),
      save: (changes) => library.update(asset.id, changes),
      describe: () => void hand(describeRequest(asset), "The assistant was asked."),
      copy: (url) => void copy(url),
      openLink: (url) => void openLink(url),
    });
    opened = { asset, panel };
    if (grid.expand(asset.id, panel.element)) panel.focus();
    void complete(asset, panel);
  }

  async function complete(asset: Asset, panel: DetailPanel): Promise<void> {
    try {
      const details = await library.details(asset.id);
      if (opened?.panel === panel) panel.complete(details);
    } catch {
      // The listing's own facts stand; what getAsset adds is a bonus.
    }
  }

  function close(): void {
    if (!opened) return;
    const { asset, panel } = opened;
    const hadFocus = panel.element.contains(document.activeElement);
    opened = undefined;
    grid.collapse();
    if (hadFocus) grid.focus(asset.id);
  }

  function step(by: -1 | 1): void {
    const at = sorted.findIndex(({ id }) => id === opened?.asset.id);
    const asset = sorted[at + by];
    if (asset) open(asset);
  }

  async function copy(url: string): Promise<void> {
    announcer.tell(
      (await copyText(url)) ? "URL copied." : "Copying is blocked here: select the URL and copy it.",
    );
  }

  async function openLink(url: string): Promise<void> {
    if (!(await host.openLink(url))) announcer.tell("This client opens no links: copy the URL instead.");
  }

  async function loadFolders(): Promise<void> {
    const { siteId } = library;
    folders = await readFolders(host, siteId).catch(() => foldersOf(library.state.assets));
    folderBar.show(folders, library.state.filters.folder);
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
