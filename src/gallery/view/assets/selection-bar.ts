import { button } from "../elements/buttons.js";
import { element } from "../elements/dom.js";
import { formatCounted } from "../elements/format.js";

/** Says how many assets are selected, and hands them over. */
export interface SelectionBar {
  readonly element: HTMLElement;
  show(count: number): void;
}

export function createSelectionBar(actions: { use(): void; clear(): void }): SelectionBar {
  const count = element("span", { class: "selection-count" });
  const bar = element(
    "section",
    { class: "selection", "aria-label": "Selection", hidden: true },
    count,
    button("Clear", "quiet", actions.clear),
    button("Use in the conversation", "primary", actions.use, "chat"),
  );
  return {
    element: bar,
    show(selected) {
      bar.hidden = selected === 0;
      count.textContent = `${formatCounted(selected, "asset")} selected`;
    },
  };
}
