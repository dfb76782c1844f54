import type { Asset } from "../data/asset.js";
import type { AssetStore } from "../data/asset-store.js";
import type { ClientActions } from "../elements/client-actions.js";
import type { Grid } from "../grid/grid.js";
import { createDetailPanel, type DetailPanel } from "./detail-panel.js";
import { describeRequest } from "./requests.js";

/** Opens one asset at a time in the grid. */
export interface AssetViewer {
  /** Opens the asset, or closes it when it is the open one. */
  toggle(asset: Asset): void;
  close(): void;
}

export interface AssetViewerParts {
  readonly grid: Grid;
  readonly store: AssetStore;
  readonly client: ClientActions;
  showFolder(path: string): void;
  /** The asset is gone. */
  deleted(id: string): void;
  /** The asset that many places away in what is shown. */
  neighbour(id: string, by: -1 | 1): Asset | undefined;
}

export function createAssetViewer(parts: AssetViewerParts): AssetViewer {
  const { grid, store, client, showFolder, deleted, neighbour } = parts;
  /** Panels in which something was typed and not saved. */
  const drafts = new Map<string, DetailPanel>();
  let opened: { id: string; panel: DetailPanel } | undefined;

  function createPanel(asset: Asset): DetailPanel {
    return createDetailPanel(asset, {
      close,
      step(by) {
        const next = neighbour(asset.id, by);
        if (next) open(next);
      },
      showFolder,
      save: (changes) => store.update(asset.id, changes),
      uses: () => store.uses(asset.id),
      remove: (evenIfUsed) => remove(asset.id, evenIfUsed),
      describe: () => void client.say(describeRequest(asset), "Sent to the assistant."),
      copyUrl: (url) => void client.copyUrl(url),
      openLink: (url) => void client.openLink(url),
    });
  }

  async function remove(id: string, evenIfUsed: boolean): Promise<void> {
    await store.remove(id, evenIfUsed);
    drafts.delete(id);
    if (opened?.id === id) opened = undefined;
    deleted(id);
  }

  function open(asset: Asset): void {
    keepDraft();
    const panel = drafts.get(asset.id) ?? createPanel(asset);
    opened = { id: asset.id, panel };
    grid.expand(asset.id, panel.element);
    panel.focus();
    void complete(asset.id, panel);
  }

  async function complete(id: string, panel: DetailPanel): Promise<void> {
    try {
      panel.complete(await store.details(id));
    } catch {
      // The listing's own facts stand.
    }
  }

  function keepDraft(): void {
    if (!opened) return;
    const { id, panel } = opened;
    if (panel.form.isChanged()) drafts.set(id, panel);
    else drafts.delete(id);
  }

  function close(): void {
    if (!opened) return;
    const { id, panel } = opened;
    keepDraft();
    opened = undefined;
    const hadFocus = panel.element.contains(document.activeElement);
    grid.collapse();
    if (hadFocus) grid.focus(id);
  }

  return {
    toggle(asset) {
      if (opened?.id === asset.id) close();
      else open(asset);
    },
    close,
  };
}
