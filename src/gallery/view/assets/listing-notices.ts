import type { AssetStoreState } from "../data/asset-store.js";
import { isFiltered } from "../data/filters.js";
import type { Order } from "../data/order.js";
import { button } from "../elements/buttons.js";
import { element } from "../elements/dom.js";
import { formatCount } from "../elements/format.js";
import { failurePanel, messagePanel } from "../elements/message-panel.js";

export interface NoticeActions {
  retry(): void;
  showAll(): void;
  loadAll(): void;
}

/** What to say besides the tiles: why there are none, or what they leave out. */
export function listingNotices(state: AssetStoreState, order: Order, actions: NoticeActions): HTMLElement[] {
  if (state.error !== undefined)
    return [failurePanel(state.error, button("Try again", "primary", actions.retry))];
  if (state.loading === "other") return [];
  if (state.assets.length === 0) return [emptyPanel(state, actions)];
  const notices: HTMLElement[] = [];
  if (state.isClosed) notices.push(note("This app shows only the assets that the assistant loaded."));
  if (Object.keys(state.filters.kept ?? {}).length > 0) {
    const showAll = button("Show all assets", "quiet", actions.showAll);
    notices.push(note("The assistant applied further filters.", showAll));
  }
  if (order !== "listed" && state.hasMore) {
    const loadAll = button("Load all", "quiet", actions.loadAll);
    notices.push(
      note(`Only the ${formatCount(state.assets.length)} assets loaded so far are sorted.`, loadAll),
    );
  }
  return notices;
}

function emptyPanel({ filters }: AssetStoreState, { showAll }: NoticeActions): HTMLElement {
  if (!isFiltered(filters)) {
    return messagePanel("image", "No assets yet", "Ask the assistant to upload some.");
  }
  const clear = button("Show all assets", "primary", showAll);
  return messagePanel("search", "No results", "No assets match these filters.", clear);
}

function note(text: string, ...actions: HTMLElement[]): HTMLElement {
  return element("div", { class: "notice" }, element("p", {}, text), ...actions);
}
