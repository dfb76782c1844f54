import { type Asset, type AssetDetails, fittingUrl, isPicture } from "../data/asset.js";
import { element } from "../elements/dom.js";
import { markIfSeeThrough, SEE_THROUGH, typeTile } from "../grid/thumbnail.js";

/** The asset's picture as large as there is room for. */
export interface DetailPicture {
  readonly element: HTMLElement;
  /** Shows the version that fits, now that the versions are known. */
  sharpen(details: AssetDetails): void;
}

/** `measured` hears the pixels (`width × height`) of the asset itself once they are known. */
export function createDetailPicture(asset: Asset, measured: (pixels: string) => void): DetailPicture {
  const frame = element("div", { class: "detail-picture" });
  if (!isPicture(asset)) {
    frame.append(typeTile(asset));
    return { element: frame, sharpen: () => {} };
  }
  const image = element("img", {
    src: asset.thumbnailUrl ?? asset.url,
    alt: asset.altText ?? "",
    referrerpolicy: "no-referrer",
    onload() {
      markIfSeeThrough(frame, asset);
      const { src, naturalWidth, naturalHeight } = image;
      // A smaller version has other pixels than the asset.
      if (src === asset.url && naturalWidth > 0) measured(`${naturalWidth} × ${naturalHeight}`);
    },
    onerror: () => {
      frame.classList.remove(SEE_THROUGH);
      frame.replaceChildren(typeTile(asset));
    },
  });
  frame.append(image);
  return {
    element: frame,
    sharpen(details) {
      const url = fittingUrl(details, frame.clientWidth * devicePixelRatio);
      const isLoaded = image.complete && image.src === asset.url;
      if (url !== undefined && !isLoaded) image.src = url;
    },
  };
}
