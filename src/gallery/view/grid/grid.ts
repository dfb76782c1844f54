import type { Asset } from "../data/asset.js";
import { element } from "../elements/dom.js";
import { createGridCells, type GridCells } from "./grid-cells.js";
import type { TileActions } from "./tile.js";
import { watchChunks } from "./window-chunks.js";

/** The tiles, of which only those near the visible part exist once there are many. */
export interface Grid {
  readonly element: HTMLElement;
  show(assets: readonly Asset[]): void;
  /** Puts `panel` below the row of this asset, in place of an earlier one; returns false when it is not here. */
  expand(id: string, panel: HTMLElement): boolean;
  collapse(): void;
  /** Moves the focus to an asset's tile. */
  focus(id: string): void;
}

/** Fills whole rows with any number of columns that the style sheet has (2, 3, 4, 6, 8, 12). */
const CHUNK = 24;
/** Up to here every tile exists. */
const WINDOWED_FROM = 200;

interface Chunk {
  readonly element: HTMLElement;
  /** The place of its first asset in the whole list. */
  readonly offset: number;
  assets: readonly Asset[];
  isDrawn: boolean;
}

export function createGrid(actions: TileActions): Grid {
  const list = element("div", { class: "grid", role: "list", "aria-label": "Assets", onkeydown: moveFocus });
  const hint = element("p", { class: "visually-hidden", id: "grid-hint" }, "Arrow keys move between assets.");
  const cells = createGridCells(actions, hint.id);
  let assets: readonly Asset[] = [];
  const chunks: Chunk[] = [];

  const watcher = watchChunks((near) => {
    for (const [index, chunk] of chunks.entries()) {
      if (near.has(index) || isPinned(chunk) || assets.length <= WINDOWED_FROM) draw(chunk);
      else erase(chunk);
    }
  });

  function isPinned({ element: box, assets: own }: Chunk): boolean {
    return box.contains(document.activeElement) || own.some(({ id }) => id === cells.open);
  }

  function draw(chunk: Chunk): void {
    if (!chunk.isDrawn) drawChunk(chunk, cells, assets.length);
  }

  function erase(chunk: Chunk): void {
    eraseChunk(chunk, cells, heightOf(chunk.assets.length, list));
  }

  function show(next: readonly Asset[]): void {
    const kept = wholeChunksInCommon(assets, next);
    assets = next;
    if (!assets.some(({ id }) => id === cells.active)) cells.activate(assets[0]?.id);
    if (!assets.some(({ id }) => id === cells.open)) cells.collapse();
    for (const { assets: gone, element: box } of chunks.splice(kept)) {
      cells.forget(gone);
      box.remove();
    }
    for (const chunk of chunks) renewChunk(chunk, cells, assets);
    for (let offset = kept * CHUNK; offset < assets.length; offset += CHUNK) addChunk(offset);
    watcher.watch(chunks.map(({ element: box }) => box));
  }

  function addChunk(offset: number): void {
    const box = element("div", { class: "grid-chunk", role: "none" });
    const chunk = { element: box, offset, assets: assets.slice(offset, offset + CHUNK), isDrawn: false };
    chunks.push(chunk);
    list.append(box);
    if (assets.length <= WINDOWED_FROM || offset === 0 || isPinned(chunk)) draw(chunk);
    else erase(chunk);
  }

  /** Draws the chunk that holds this asset. */
  function reveal(id: string): void {
    const chunk = chunks.find((candidate) => candidate.assets.some((asset) => asset.id === id));
    if (chunk) draw(chunk);
  }

  function moveFocus(event: Event): void {
    const target = event.target as HTMLElement;
    if (!(event instanceof KeyboardEvent) || !target.classList.contains("tile-open")) return;
    const at = assets.findIndex(({ id }) => id === cells.active);
    const to = nextIndex(event.key, at, assets.length, measure(list).columns);
    if (to === undefined) return;
    event.preventDefault();
    const asset = assets[to];
    if (asset) focus(asset.id);
  }

  function focus(id: string): void {
    reveal(id);
    cells.focus(id);
  }

  new ResizeObserver(() => {
    for (const chunk of chunks) if (!chunk.isDrawn) erase(chunk);
  }).observe(list);

  return {
    element: element("div", {}, hint, list),
    show,
    expand(id, panel) {
      cells.collapse();
      reveal(id);
      return cells.expand(id, panel);
    },
    collapse: cells.collapse,
    focus,
  };
}

function drawChunk(chunk: Chunk, cells: GridCells, total: number): void {
  chunk.isDrawn = true;
  chunk.element.style.height = "";
  chunk.element.replaceChildren(
    ...chunk.assets.map((asset, index) => cells.create(asset, chunk.offset + index, total)),
  );
}

/** Leaves an empty box of the same height. */
function eraseChunk(chunk: Chunk, cells: GridCells, height: number): void {
  if (chunk.isDrawn) {
    chunk.isDrawn = false;
    cells.forget(chunk.assets);
    chunk.element.replaceChildren();
  }
  chunk.element.style.height = `${height}px`;
}

/** The same assets in the same places, some of which have changed. */
function renewChunk(chunk: Chunk, cells: GridCells, assets: readonly Asset[]): void {
  const before = chunk.assets;
  chunk.assets = assets.slice(chunk.offset, chunk.offset + CHUNK);
  for (const [index, asset] of chunk.assets.entries()) {
    cells.setTotal(asset.id, assets.length);
    if (asset !== before[index]) cells.renew(asset);
  }
}

function heightOf(count: number, list: HTMLElement): number {
  const { columns, tileHeight, gap } = measure(list);
  const rows = Math.ceil(count / columns);
  return rows * (tileHeight + gap) - gap;
}

function measure(list: HTMLElement): { columns: number; tileHeight: number; gap: number } {
  const first = list.firstElementChild;
  const style = first ? getComputedStyle(first) : undefined;
  const columns = style?.gridTemplateColumns.split(" ").length ?? 1;
  const tileHeight = list.querySelector(".tile")?.getBoundingClientRect().height ?? 200;
  return { columns, tileHeight, gap: Number.parseFloat(style?.rowGap ?? "0") || 0 };
}

/** How many chunks at the start hold the same assets (by id) before and after. */
function wholeChunksInCommon(before: readonly Asset[], after: readonly Asset[]): number {
  const differs = before.findIndex(({ id }, index) => after[index]?.id !== id);
  if (differs === -1 && before.length === after.length) return Math.ceil(before.length / CHUNK);
  return Math.floor((differs === -1 ? before.length : differs) / CHUNK);
}

function nextIndex(key: string, at: number, count: number, columns: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to !== undefined && to >= 0 && to < count ? to : undefined;
}
