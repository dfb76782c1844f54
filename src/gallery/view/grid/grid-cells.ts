import type { Asset } from "../data/asset.js";
import { element } from "../elements/dom.js";
import { type TileActions, tile } from "./tile.js";

/** The cells of the grid that exist: a tile each, one that Tab reaches, and at most one with an open panel. */
export interface GridCells {
  /** The asset whose tile Tab reaches. */
  readonly active: string | undefined;
  /** The asset whose panel is open. */
  readonly open: string | undefined;
  /** Makes the cell of an asset at this place in the whole list. */
  create(asset: Asset, index: number, total: number): HTMLElement;
  /** Draws the tile of an asset that has changed, where its cell exists; an open panel stays as it is. */
  renew(asset: Asset): void;
  setTotal(id: string, total: number): void;
  forget(assets: readonly Asset[]): void;
  activate(id: string | undefined): void;
  /** Puts `panel` into the cell of this asset; returns false when it does not exist. */
  expand(id: string, panel: HTMLElement): boolean;
  collapse(): void;
  focus(id: string): void;
}

/** `hintId`: the element that says which keys move between tiles. */
export function createGridCells(actions: TileActions, hintId: string): GridCells {
  const cells = new Map<string, HTMLElement>();
  let active: string | undefined;
  let open: { id: string; panel: HTMLElement } | undefined;

  function prepare(cell: HTMLElement, id: string): void {
    setTabStop(cell, id === active);
    opener(cell)?.setAttribute("aria-describedby", hintId);
    setExpanded(cell, id === open?.id);
  }

  function activate(id: string | undefined): void {
    if (id === active) return;
    setTabStop(cellOf(active), false);
    active = id;
    setTabStop(cellOf(active), true);
  }

  function cellOf(id: string | undefined): HTMLElement | undefined {
    return id === undefined ? undefined : cells.get(id);
  }

  function collapse(): void {
    if (!open) return;
    open.panel.remove();
    setExpanded(cells.get(open.id), false);
    open = undefined;
  }

  return {
    get active() {
      return active;
    },
    get open() {
      return open?.id;
    },
    create(asset, index, total) {
      const cell = element("div", { role: "listitem", class: "cell" }, tile(asset, actions));
      cell.setAttribute("aria-posinset", String(index + 1));
      cell.setAttribute("aria-setsize", String(total));
      cell.addEventListener("focusin", () => activate(asset.id));
      if (open?.id === asset.id) cell.append(open.panel);
      prepare(cell, asset.id);
      cells.set(asset.id, cell);
      return cell;
    },
    renew(asset) {
      const cell = cells.get(asset.id);
      if (!cell) return;
      cell.querySelector(".tile")?.replaceWith(tile(asset, actions));
      prepare(cell, asset.id);
    },
    setTotal: (id, total) => cells.get(id)?.setAttribute("aria-setsize", String(total)),
    forget(assets) {
      for (const { id } of assets) cells.delete(id);
    },
    activate,
    expand(id, panel) {
      collapse();
      const cell = cells.get(id);
      if (!cell) return false;
      cell.append(panel);
      setExpanded(cell, true);
      open = { id, panel };
      return true;
    },
    collapse,
    focus: (id) => opener(cells.get(id))?.focus(),
  };
}

function opener(cell: HTMLElement | undefined): HTMLElement | null | undefined {
  return cell?.querySelector<HTMLElement>(".tile-open");
}

function setExpanded(cell: HTMLElement | undefined, isExpanded: boolean): void {
  opener(cell)?.setAttribute("aria-expanded", String(isExpanded));
}

/** One tile at a time can be reached with Tab; the arrow keys go on from there. */
function setTabStop(cell: HTMLElement | undefined, isStop: boolean): void {
  for (const control of cell?.querySelectorAll<HTMLElement>(".tile-open, .tile-box input") ?? []) {
    control.tabIndex = isStop ? 0 : -1;
  }
}
