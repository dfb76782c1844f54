import { element } from "./dom.js";

/** Tiles without content, while the result is awaited. */
export function loadingGrid(): HTMLElement {
  const tiles = Array.from({ length: 8 }, () =>
    element("div", { class: "tile" }, element("span", { class: "thumbnail skeleton" })),
  );
  return element(
    "div",
    { "aria-busy": "true" },
    element("p", { class: "visually-hidden", role: "status" }, "Loading…"),
    element("div", { class: "grid-chunk", "aria-hidden": "true" }, ...tiles),
  );
}
