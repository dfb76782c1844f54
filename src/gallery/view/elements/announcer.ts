import { element } from "./dom.js";

/** Says short messages to screen readers, and shows them for a moment to everybody else. */
export interface Announcer {
  readonly element: HTMLElement;
  /** Shown and spoken. */
  tell(message: string): void;
  /** Spoken only: for what the eye sees anyway. */
  whisper(message: string): void;
}

const SHOWN_MS = 4_000;

export function createAnnouncer(): Announcer {
  const spoken = element("p", { class: "visually-hidden", role: "status" });
  const shown = element("p", { class: "toast", hidden: true, "aria-hidden": "true" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    element: element("div", { class: "toast-place" }, spoken, shown),
    tell(message) {
      spoken.textContent = message;
      shown.textContent = message;
      shown.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        shown.hidden = true;
      }, SHOWN_MS);
    },
    whisper(message) {
      spoken.textContent = message;
    },
  };
}
