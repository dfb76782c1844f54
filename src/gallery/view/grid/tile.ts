import { type Asset, isPicture, lacksAltText } from "../data/asset.js";
import { folderName } from "../data/folders.js";
import { cut, element, foreignText } from "../elements/dom.js";
import { formatSize } from "../elements/format.js";
import { thumbnail } from "./thumbnail.js";

export interface TileActions {
  open(asset: Asset): void;
  select(asset: Asset, selected: boolean): void;
  isSelected(asset: Asset): boolean;
}

/** One asset of the grid: a button that opens it, and a box that selects it. */
export function tile(asset: Asset, actions: TileActions): HTMLElement {
  const box = element("input", {
    type: "checkbox",
    "aria-label": `Select ${cut(asset.name, 100)}`,
    checked: actions.isSelected(asset),
    onchange: () => actions.select(asset, box.checked),
  });
  return element(
    "div",
    { class: "tile" },
    element(
      "button",
      { type: "button", class: "tile-open", "aria-expanded": "false", onclick: () => actions.open(asset) },
      thumbnail(asset),
      isPicture(asset) && lacksAltText(asset) && element("span", { class: "badge" }, "No alt text"),
      element("span", { class: "tile-name" }, foreignText(asset.name)),
      element("span", { class: "tile-facts" }, ...facts(asset)),
    ),
    element("label", { class: "tile-box" }, box),
  );
}

function facts({ size, folder }: Asset): (string | HTMLElement)[] {
  if (!folder) return [formatSize(size)];
  return [formatSize(size), " · ", foreignText(folderName(folder), 80)];
}
