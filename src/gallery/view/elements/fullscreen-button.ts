import type { Host, HostContext } from "../host/host.js";
import { iconButton } from "./buttons.js";
import { element } from "./dom.js";

/** Takes the whole window and gives it back, where the client offers that. */
export function createFullscreenButton(host: Host): {
  element: HTMLElement;
  show(context: HostContext): void;
} {
  const place = element("div", { class: "fullscreen-place" });
  return {
    element: place,
    show({ displayMode, availableDisplayModes }) {
      const modes: unknown[] = Array.isArray(availableDisplayModes) ? availableDisplayModes : [];
      const isFull = displayMode === "fullscreen";
      const wanted = isFull ? "inline" : "fullscreen";
      const label = isFull ? "Exit full screen" : "Full screen";
      const toggle = iconButton(
        label,
        isFull ? "shrink" : "expand",
        () => void host.requestDisplayMode(wanted),
      );
      place.replaceChildren(...(modes.includes(wanted) ? [toggle] : []));
    },
  };
}
