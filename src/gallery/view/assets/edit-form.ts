import type { Asset } from "../data/asset.js";
import type { AssetChanges } from "../data/asset-calls.js";
import { button, isEnabled, setEnabled } from "../elements/buttons.js";
import { element } from "../elements/dom.js";
import { failureLine } from "../elements/failure-text.js";

/** Alt text and display name, to change in place. It is no `<form>`: a sandbox without `allow-forms` submits none. */
export interface EditForm {
  readonly element: HTMLElement;
  /** Whether something was typed and not saved. */
  isChanged(): boolean;
  /** Takes over newer values, unless something was typed. */
  refresh(asset: Asset): void;
}

const READ_ONLY = "Read-only: nothing can be changed or deleted here.";

/** The server's limits, in characters. */
const ALT_TEXT_MAX = 500;
const NAME_MAX = 255;

type Save = (changes: AssetChanges) => Promise<void>;

/** `save` is undefined where texts can only be read. */
export function editForm(asset: Asset, save: Save | undefined): EditForm {
  const readonly = save === undefined;
  /** What the fields hold when nothing was typed: not always the very text that was put into them. */
  let unchanged = { name: "", altText: "" };
  const name = element("input", {
    id: "display-name",
    autocomplete: "off",
    dir: "auto",
    readonly,
    oninput: update,
    onkeydown: saveOnEnter,
  });
  const altText = element("textarea", {
    id: "alt-text",
    rows: 3,
    dir: "auto",
    readonly,
    placeholder: readonly ? "" : "Describe what the picture shows",
    "aria-describedby": "alt-text-count",
    oninput: update,
  });
  const count = element("span", { id: "alt-text-count", class: "hint" });
  const outcome = element("p", { class: "outcome", role: "status" });
  const submit = button("Save", "primary", () => void saveChanges());

  function changes(): AssetChanges {
    return {
      ...(name.value !== unchanged.name && name.value.trim() !== "" && { displayName: name.value.trim() }),
      ...(altText.value !== unchanged.altText && { altText: altText.value.trim() }),
    };
  }

  function isChanged(): boolean {
    return Object.keys(changes()).length > 0;
  }

  function update(): void {
    const { length } = altText.value;
    count.textContent = `${length} of ${ALT_TEXT_MAX} characters`;
    const isTooLong = length > ALT_TEXT_MAX || name.value.length > NAME_MAX;
    altText.setAttribute("aria-invalid", String(length > ALT_TEXT_MAX));
    name.setAttribute("aria-invalid", String(name.value.length > NAME_MAX));
    setEnabled(submit, isChanged() && !isTooLong);
    if (isChanged()) show("");
  }

  function fill(asset: Asset): void {
    name.value = asset.name;
    altText.value = asset.altText ?? "";
    unchanged = { name: name.value, altText: altText.value };
    update();
  }

  function show(message: string, isError = false): void {
    outcome.textContent = message;
    outcome.classList.toggle("danger", isError);
  }

  function saveOnEnter(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (isEnabled(submit)) void saveChanges();
  }

  async function saveChanges(): Promise<void> {
    const typed = { name: name.value, altText: altText.value };
    setEnabled(submit, false);
    show("Saving…");
    try {
      await save?.(changes());
      unchanged = typed;
      update();
      if (!isChanged()) show("Saved.");
    } catch (error) {
      show(failureLine(error), true);
      setEnabled(submit, true);
    }
  }

  fill(asset);
  return {
    element: element(
      "div",
      { class: "edit-form", role: "group", "aria-label": "Texts" },
      element("label", { for: altText.id }, "Alt text"),
      altText,
      count,
      element("label", { for: name.id }, "Display name"),
      name,
      readonly ? readOnlyHint() : element("div", { class: "actions" }, submit, outcome),
    ),
    isChanged,
    refresh(newer) {
      if (!isChanged()) fill(newer);
    },
  };
}

function readOnlyHint(): HTMLElement {
  return element("p", { class: "hint" }, READ_ONLY);
}
