/** Strokes on a 24 x 24 field. */
const PATHS = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  search: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L20 20",
  folder: "M3.5 7a2 2 0 0 1 2-2h3.6l2.2 2.5h7.2a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z",
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.6v.01",
  document: "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4M9 12h6M9 15.5h6",
  lottie: "M4 19c6 0 7-14 16-14M4 5v14h16",
  video: "M3.5 6h11v12h-11zM14.5 10.5l6-3v9l-6-3",
  other: "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4",
  expand: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
  shrink: "M20 10h-6V4M14 10l6-6M4 14h6v6M10 14l-6 6",
  copy: "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9",
  open: "M14 4h6v6M20 4l-9 9M18 14v5.5H4.5V6H10",
  chat: "M4.5 5h15v11h-8l-4 3.5V16h-3z",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17.3v.01",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

/** A picture for the eye only: whatever it says must also stand in words. */
export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
