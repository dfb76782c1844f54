import { element } from "./dom.js";

/** A notice while the browser is offline. */
export function connectivityNotice(): HTMLElement {
  const notice = element(
    "p",
    { class: "notice", role: "status", hidden: navigator.onLine },
    "You’re offline. Some pictures may be missing.",
  );
  for (const change of ["offline", "online"]) {
    addEventListener(change, () => {
      notice.hidden = navigator.onLine;
    });
  }
  return notice;
}
