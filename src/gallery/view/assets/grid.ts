import type { Asset } from "../data/asset.js";
import { element } from "../elements/dom.js";
import { type TileActions, tile } from "./tile.js";
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
  const cells = new Map<string, HTMLElement>();
  let assets: readonly Asset[] = [];
  const chunks: Chunk[] = [];
  let active: string | undefined;
  let open: { id: string; panel: HTMLElement } | undefined;

  const watcher = watchChunks((near) => {
    for (const [index, chunk] of chunks.entries()) {
      if (near.has(index) || isPinned(chunk) || assets.length <= WINDOWED_FROM) draw(chunk);
      else erase(chunk);
    }
  });

  function isPinned({ element: box, assets: own }: Chunk): boolean {
    return box.contains(document.activeElement) || own.some(({ id }) => id === open?.id);
  }

  function draw(chunk: Chunk): void {
    if (chunk.isDrawn) return;
    chunk.isDrawn = true;
    chunk.element.style.height = "";
    chunk.element.replaceChildren(...chunk.assets.map((asset, index) => cell(asset, chunk.offset + index)));
  }

  function erase(chunk: Chunk): void {
    if (chunk.isDrawn) {
      chunk.isDrawn = false;
      for (const { id } of chunk.assets) cells.delete(id);
      chunk.element.replaceChildren();
    }
    chunk.element.style.height = `${heightOf(chunk.assets.length)}px`;
  }

  function cell(asset: Asset, index: number): HTMLElement {
    const made = element("div", { role: "listitem", class: "cell" }, tile(asset, actions));
    made.setAttribute("aria-posinset", String(index + 1));
    made.setAttribute("aria-setsize", String(assets.length));
    made.addEventListener("focusin", () => activate(asset.id));
    if (open?.id === asset.id) made.append(open.panel);
    prepare(made, asset.id);
    cells.set(asset.id, made);
    return made;
  }

  function prepare(found: HTMLElement, id: string): void {
    setTabStop(found, id === active);
    opener(found)?.setAttribute("aria-describedby", hint.id);
    opener(found)?.setAttribute("aria-expanded", String(id === open?.id));
  }

  function activate(id: string): void {
    if (id === active) return;
    const before = active === undefined ? undefined : cells.get(active);
    if (before) setTabStop(before, false);
    active = id;
    const now = cells.get(id);
    if (now) setTabStop(now, true);
  }

  function heightOf(count: number): number {
    const { columns, tileHeight, gap } = measure();
    const rows = Math.ceil(count / columns);
    return rows * (tileHeight + gap) - gap;
  }

  function measure(): { columns: number; tileHeight: number; gap: number } {
    const first = list.firstElementChild;
    const style = first ? getComputedStyle(first) : undefined;
    const columns = style?.gridTemplateColumns.split(" ").length ?? 1;
    const tileHeight = list.querySelector(".tile")?.getBoundingClientRect().height ?? 200;
    return { columns, tileHeight, gap: Number.parseFloat(style?.rowGap ?? "0") || 0 };
  }

  function show(next: readonly Asset[]): void {
    const kept = wholeChunksInCommon(assets, next);
    assets = next;
    if (!assets.some(({ id }) => id === active)) active = assets[0]?.id;
    if (!assets.some(({ id }) => id === open?.id)) collapse();
    for (const chunk of chunks.splice(kept)) remove(chunk);
    for (const chunk of chunks) renew(chunk);
    for (let offset = kept * CHUNK; offset < assets.length; offset += CHUNK) addChunk(offset);
    watcher.watch(chunks.map(({ element: box }) => box));
  }

  function remove(chunk: Chunk): void {
    for (const { id } of chunk.assets) cells.delete(id);
    chunk.element.remove();
  }

  /** The same assets in the same places, some of which have changed; an open panel stays as it is. */
  function renew(chunk: Chunk): void {
    const before = chunk.assets;
    chunk.assets = assets.slice(chunk.offset, chunk.offset + CHUNK);
    for (const [index, asset] of chunk.assets.entries()) {
      const found = cells.get(asset.id);
      found?.setAttribute("aria-setsize", String(assets.length));
      if (!found || asset === before[index]) continue;
      found.querySelector(".tile")?.replaceWith(tile(asset, actions));
      prepare(found, asset.id);
    }
  }

  function addChunk(offset: number): void {
    const box = element("div", { class: "grid-chunk", role: "none" });
    const chunk = { element: box, offset, assets: assets.slice(offset, offset + CHUNK), isDrawn: false };
    chunks.push(chunk);
    list.append(box);
    if (assets.length <= WINDOWED_FROM || offset === 0 || isPinned(chunk)) draw(chunk);
    else erase(chunk);
  }

  function reveal(id: string): HTMLElement | undefined {
    const chunk = chunks.find((candidate) => candidate.assets.some((asset) => asset.id === id));
    if (chunk) draw(chunk);
    return cells.get(id);
  }

  function moveFocus(event: Event): void {
    const target = event.target as HTMLElement;
    if (!(event instanceof KeyboardEvent) || !target.classList.contains("tile-open")) return;
    const at = assets.findIndex(({ id }) => id === active);
    const to = nextIndex(event.key, at, assets.length, measure().columns);
    if (to === undefined) return;
    event.preventDefault();
    const asset = assets[to];
    if (asset) focus(asset.id);
  }

  function focus(id: string): void {
    const found = reveal(id);
    if (found) opener(found)?.focus();
  }

  function collapse(): void {
    if (!open) return;
    open.panel.remove();
    const found = cells.get(open.id);
    if (found) opener(found)?.setAttribute("aria-expanded", "false");
    open = undefined;
  }

  new ResizeObserver(() => {
    for (const chunk of chunks) if (!chunk.isDrawn) erase(chunk);
  }).observe(list);

  return {
    element: element("div", {}, hint, list),
    show,
    expand(id, panel) {
      collapse();
      const found = reveal(id);
      if (!found) return false;
      found.append(panel);
      opener(found)?.setAttribute("aria-expanded", "true");
      open = { id, panel };
      return true;
    },
    collapse,
    focus,
  };
}

/** How many chunks at the start hold the same assets (by id) before and after. */
function wholeChunksInCommon(before: readonly Asset[], after: readonly Asset[]): number {
  const differs = before.findIndex(({ id }, index) => after[index]?.id !== id);
  if (differs === -1 && before.length === after.length) return Math.ceil(before.length / CHUNK);
  return Math.floor((differs === -1 ? before.length : differs) / CHUNK);
}

function opener(cell: HTMLElement): HTMLElement | null {
  return cell.querySelector<HTMLElement>(".tile-open");
}

/** One tile at a time can be reached with Tab; the arrow keys go on from there. */
function setTabStop(cell: HTMLElement, isStop: boolean): void {
  for (const control of cell.querySelectorAll<HTMLElement>(".tile-open, .tile-box input")) {
    control.tabIndex = isStop ? 0 : -1;
  }
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
