import type { Asset } from "../data/asset.js";
import { button } from "../elements/buttons.js";
import { element } from "../elements/dom.js";
import { formatCounted } from "../elements/format.js";

/** Which assets the user has selected, and the bar that says how many and hands them over. */
export interface Selection {
  readonly element: HTMLElement;
  has(asset: Asset): boolean;
  set(asset: Asset, isSelected: boolean): void;
  /** The asset is gone. */
  drop(id: string): void;
}

export interface SelectionActions {
  use(assets: readonly Asset[]): void;
  /** All were deselected at once. */
  cleared(): void;
}

export function createSelection({ use, cleared }: SelectionActions): Selection {
  const selected = new Map<string, Asset>();
  const count = element("span", { class: "selection-count" });
  const bar = element(
    "section",
    { class: "selection", "aria-label": "Selection", hidden: true },
    count,
    button("Clear", "quiet", clear),
    button("Use in the conversation", "primary", () => use([...selected.values()]), "chat"),
  );

  function show(): void {
    bar.hidden = selected.size === 0;
    count.textContent = `${formatCounted(selected.size, "asset")} selected`;
  }

  function clear(): void {
    selected.clear();
    show();
    cleared();
  }

  return {
    element: bar,
    has: ({ id }) => selected.has(id),
    set(asset, isSelected) {
      if (isSelected) selected.set(asset.id, asset);
      else selected.delete(asset.id);
      show();
    },
    drop(id) {
      selected.delete(id);
      show();
    },
  };
}
