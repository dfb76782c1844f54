import { element } from "./dom.js";
import { readFailure } from "./failure-text.js";
import { type IconName, icon } from "./icons.js";

/** A calm full-width word to the user, where there is nothing else to show. */
export function messagePanel(
  iconName: IconName,
  title: string,
  text?: string,
  ...actions: HTMLElement[]
): HTMLElement {
  return element(
    "section",
    { class: "message-panel" },
    icon(iconName),
    element("h2", {}, title),
    text !== undefined && element("p", { dir: "auto" }, text),
    actions.length > 0 && element("div", { class: "actions" }, ...actions),
  );
}

/** A failed call: what happened, and what to do about it. */
export function failurePanel(message: string, ...actions: HTMLElement[]): HTMLElement {
  const { what, next, code } = readFailure(message);
  const panel = messagePanel("warning", what, next, ...actions);
  panel.setAttribute("role", "alert");
  if (code) panel.append(element("p", { class: "code" }, code));
  return panel;
}
