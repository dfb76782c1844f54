import { ASSET_KINDS } from "../data/asset.js";
import type { Filters } from "../data/filters.js";
import { ORDERS, type Order } from "../data/order.js";
import { debounced, element } from "../elements/dom.js";
import { icon } from "../elements/icons.js";

/** Search, filters and order. */
export interface Toolbar {
  readonly element: HTMLElement;
  show(filters: Filters): void;
}

export interface ToolbarActions {
  filter(changes: Pick<Filters, "query" | "type" | "missingAltText">): void;
  sort(order: Order): void;
}

const TYPING_MS = 300;
const KIND_NAMES = {
  image: "Images",
  document: "Documents",
  lottie: "Lottie animations",
  video: "Videos",
  other: "Other files",
} as const;

export function createToolbar(actions: ToolbarActions): Toolbar {
  const query = element("input", {
    type: "search",
    placeholder: "Search names and alt texts",
    "aria-label": "Search assets",
    autocomplete: "off",
    spellcheck: "false",
    dir: "auto",
    oninput: debounced(filter, TYPING_MS),
  });
  const kinds = ASSET_KINDS.map((kind) => element("option", { value: kind }, KIND_NAMES[kind]));
  const type = element(
    "select",
    { "aria-label": "Type", onchange: filter },
    element("option", { value: "" }, "All types"),
    ...kinds,
  );
  const missing = element(
    "button",
    { type: "button", class: "toggle", "aria-pressed": "false", onclick: toggleMissing },
    icon("check"),
    "Missing alt text",
  );
  const orders = Object.entries(ORDERS).map(([order, name]) => element("option", { value: order }, name));
  const order = element(
    "select",
    { "aria-label": "Sort", onchange: () => actions.sort(order.value as Order) },
    ...orders,
  );
  let shown = "";

  function toggleMissing(): void {
    missing.setAttribute("aria-pressed", String(!isMissing()));
    filter();
  }

  function isMissing(): boolean {
    return missing.getAttribute("aria-pressed") === "true";
  }

  function filter(): void {
    const wanted = {
      query: query.value.trim() || undefined,
      type: ASSET_KINDS.find((kind) => kind === type.value),
      missingAltText: isMissing() || undefined,
    };
    if (JSON.stringify(wanted) === shown) return;
    shown = JSON.stringify(wanted);
    actions.filter(wanted);
  }

  return {
    element: element(
      "div",
      { class: "toolbar", role: "search" },
      element("label", { class: "search" }, icon("search"), query),
      type,
      order,
      missing,
    ),
    show({ query: text, type: kind, missingAltText }) {
      if (document.activeElement !== query) query.value = text ?? "";
      type.value = kind ?? "";
      missing.setAttribute("aria-pressed", String(missingAltText === true));
      shown = JSON.stringify({ query: text, type: kind, missingAltText: missingAltText || undefined });
    },
  };
}
