import type { Host } from "./host.js";

/** Tells the client the size of the document whenever it has changed, at most once a frame. CSS pixels. */
export function reportSize(host: Host): void {
  let reported = "";
  let scheduled = false;

  function report(): void {
    scheduled = false;
    const { width, height } = document.documentElement.getBoundingClientRect();
    const size = `${Math.ceil(width)} ${Math.ceil(height)}`;
    if (size === reported) return;
    reported = size;
    host.reportSize(Math.ceil(width), Math.ceil(height));
  }

  new ResizeObserver(() => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(report);
  }).observe(document.documentElement);
}
