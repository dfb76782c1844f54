import { element } from "./dom.js";

/** A line that is there while the browser is offline. */
export function connectivityNotice(): HTMLElement {
  const notice = element(
    "p",
    { class: "notice", role: "status", hidden: navigator.onLine },
    "You are offline: pictures may be missing until the connection is back.",
  );
  addEventListener("offline", () => {
    notice.hidden = false;
  });
  addEventListener("online", () => {
    notice.hidden = true;
  });
  return notice;
}
