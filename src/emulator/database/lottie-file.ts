import type { EmulatorSwitches } from "../behaviour/switches.js";
import type { EmulatedAsset } from "./records.js";

export interface NewLottie {
  readonly siteId: string;
  readonly fileName: string;
  /** The assets that it shows. */
  readonly pictures: readonly string[];
}

/** A GIF of one transparent pixel. */
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** What a Lottie's pictures depend on. */
interface LottieBase {
  readonly switches: EmulatorSwitches;
  readonly assetRecords: ReadonlyMap<string, EmulatedAsset>;
}

/** A Lottie animation of one frame. Its pictures are `assets`, each at `u` and `p` put together, or in `p` when `e` is 1. */
export function lottieFile({ siteId, pictures }: NewLottie, base: LottieBase): Buffer {
  const assets = pictures.map((id, index) => ({
    id: `image_${index}`,
    w: 1,
    h: 1,
    ...location(id, index, siteId, base),
  }));
  return Buffer.from(JSON.stringify({ v: "5.9.0", fr: 30, ip: 0, op: 1, w: 1, h: 1, assets, layers: [] }));
}

function location(assetId: string, index: number, siteId: string, { switches, assetRecords }: LottieBase) {
  switch (switches.lottieImages) {
    case "embedded":
      return { u: "", p: PIXEL, e: 1 };
    case "own-files":
      return { u: "images/", p: `img_${index}.png`, e: 0 };
    case "assets": {
      const name = assetRecords.get(assetId)?.key.split("/").at(-1) ?? assetId;
      return { u: `https://cdn.prod.website-files.com/${siteId}/`, p: name, e: 0 };
    }
  }
}
