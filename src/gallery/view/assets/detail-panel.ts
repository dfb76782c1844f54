import { type Asset, type AssetDetails, isPicture } from "../data/asset.js";
import type { AssetChanges } from "../data/asset-calls.js";
import { button, iconButton } from "../elements/buttons.js";
import { cut, element, foreignText } from "../elements/dom.js";
import { icon } from "../elements/icons.js";
import type { AssetUses } from "../uses/asset-uses.js";
import { usesSection } from "../uses/uses-section.js";
import { assetFacts } from "./asset-facts.js";
import { createDetailPicture } from "./detail-picture.js";
import { type EditForm, editForm } from "./edit-form.js";

export interface DetailActions {
  close(): void;
  /** -1: the asset before, 1: the one after. */
  step(by: -1 | 1): void;
  showFolder(path: string): void;
  save(changes: AssetChanges): Promise<void>;
  uses(): Promise<AssetUses>;
  /** Deletes the asset for good. Throws the reason if it fails. */
  remove(evenIfUsed: boolean): Promise<void>;
  describe(): void;
  copyUrl(url: string): void;
  openLink(url: string): void;
}

/** One asset, large, with its facts and what can be changed about it. */
export interface DetailPanel {
  readonly element: HTMLElement;
  readonly form: EditForm;
  /** Fills in what only `getAsset` knows. */
  complete(details: AssetDetails): void;
  focus(): void;
}

export function createDetailPanel(asset: Asset, actions: DetailActions): DetailPanel {
  const readOnly = document.documentElement.dataset["readOnly"] !== undefined;
  const form = editForm(asset, readOnly ? undefined : actions.save);
  const facts = element("div", {});
  const heading = element("h2", { tabindex: "-1", class: "detail-name" }, foreignText(asset.name));
  let known: Asset | AssetDetails = asset;
  let pixels: string | undefined;
  const picture = createDetailPicture(asset, (measured) => {
    pixels = measured;
    showFacts();
  });

  function showFacts(): void {
    facts.replaceChildren(assetFacts(known, pixels, actions.showFolder));
  }

  const panel = element(
    "section",
    { class: "detail", "aria-label": `Asset ${cut(asset.name, 100)}`, onkeydown: closeOnEscape },
    element(
      "header",
      { class: "detail-head" },
      heading,
      iconButton("Previous asset", "back", () => actions.step(-1)),
      iconButton("Next asset", "next", () => actions.step(1)),
      iconButton("Close", "close", actions.close),
    ),
    picture.element,
    element(
      "div",
      { class: "detail-side" },
      form.element,
      isPicture(asset) &&
        !readOnly &&
        button("Ask the assistant for alt text", "plain", actions.describe, "chat"),
      usesSection({ uses: actions.uses, remove: readOnly ? undefined : actions.remove }),
      facts,
      asset.url !== undefined && addressRow(asset.url, actions),
    ),
  );

  function closeOnEscape(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.key !== "Escape") return;
    event.stopPropagation();
    actions.close();
  }

  showFacts();
  return {
    element: panel,
    form,
    complete(details) {
      known = details;
      showFacts();
      form.refresh(details);
      picture.sharpen(details);
    },
    focus() {
      heading.focus({ preventScroll: true });
      panel.scrollIntoView({ block: "nearest", behavior: "smooth" });
    },
  };
}

function addressRow(url: string, actions: DetailActions): HTMLElement {
  const field = element("input", {
    readonly: true,
    value: url,
    "aria-label": "URL",
    onfocus: () => field.select(),
  });
  const link = element("a", {
    class: "button plain",
    href: url,
    target: "_blank",
    rel: "noopener noreferrer",
    onclick: (event) => {
      event.preventDefault();
      actions.openLink(url);
    },
  });
  link.append(icon("open"), element("span", {}, "Open in browser"));
  return element(
    "div",
    { class: "address" },
    field,
    element(
      "div",
      { class: "actions" },
      button("Copy URL", "plain", () => actions.copyUrl(url), "copy"),
      link,
    ),
  );
}
