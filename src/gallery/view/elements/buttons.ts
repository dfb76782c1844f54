import { element } from "./dom.js";
import { type IconName, icon } from "./icons.js";

type Look = "primary" | "plain" | "quiet";

/** A button with words, and an icon where that helps the eye. */
export function button(
  label: string,
  look: Look,
  onclick: () => void,
  iconName?: IconName,
): HTMLButtonElement {
  return element(
    "button",
    {
      type: "button",
      class: `button ${look}`,
      onclick(event) {
        if (isEnabled(event.currentTarget as Element)) onclick();
      },
    },
    iconName && icon(iconName),
    element("span", {}, label),
  );
}

/** Unlike `disabled` this leaves the focus where it is. */
export function setEnabled(target: Element, isAble: boolean): void {
  target.setAttribute("aria-disabled", String(!isAble));
}

export function isEnabled(target: Element): boolean {
  return target.getAttribute("aria-disabled") !== "true";
}

/** A button that shows an icon only; `label` is its name. */
export function iconButton(label: string, iconName: IconName, onclick: () => void): HTMLButtonElement {
  return element(
    "button",
    { type: "button", class: "button icon-only", "aria-label": label, title: label, onclick },
    icon(iconName),
  );
}
