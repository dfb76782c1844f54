import { type Asset, isPicture, kindOf, typeLabel } from "../data/asset.js";
import { element } from "../elements/dom.js";
import { icon } from "../elements/icons.js";

/** The asset's picture; for files that have none, or whose picture does not come, a tile with its type. */
export function thumbnail(asset: Asset): HTMLElement {
  const frame = element("span", { class: "thumbnail" });
  if (!isPicture(asset) || !asset.url) {
    frame.append(typeTile(asset));
    return frame;
  }
  const image = element("img", {
    src: asset.thumbnailUrl ?? asset.url,
    alt: asset.altText ?? "",
    loading: "lazy",
    decoding: "async",
    referrerpolicy: "no-referrer",
    class: asset.contentType === "image/svg+xml" ? "whole" : undefined,
    onload: () => markIfSeeThrough(frame, asset),
    onerror: () => {
      frame.classList.remove(SEE_THROUGH);
      image.replaceWith(typeTile(asset));
    },
  });
  frame.append(image);
  return frame;
}

export const SEE_THROUGH = "see-through";

/** What can be transparent is shown on a ground that is neither light nor dark; JPEG cannot. */
export function markIfSeeThrough(frame: HTMLElement, { contentType }: Asset): void {
  frame.classList.toggle(SEE_THROUGH, contentType !== "image/jpeg");
}

/** What stands for a file that has no picture: its kind and type. */
export function typeTile(asset: Asset): HTMLElement {
  const kind = kindOf(asset);
  return element("span", { class: "type-tile" }, icon(kind), element("span", {}, typeLabel(asset)));
}
