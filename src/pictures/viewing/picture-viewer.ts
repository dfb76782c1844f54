import { type CallContext, interruptionError } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { type Sharp, sharpOnDemand } from "../load-sharp.js";
import { MAX_PIXELS } from "../picture-errors.js";
import { drawSheet, type SheetLayout, sheetLayout } from "./contact-sheet.js";
import type { ViewablePicture } from "./shrink.js";
import { shrink, type ViewBounds } from "./shrink.js";

export interface ContactSheet extends ViewablePicture {
  /** The numbers, from 1, of the tiles that stay empty, because their bytes cannot be decoded. */
  readonly unreadable: readonly number[];
}

/** Pictures for models to see: whatever sharp decodes, SVG and TIFF too; of an animation, the first frame. */
export interface PictureViewer {
  /** Whether sharp is installed; without it, the other methods throw NOT_INSTALLED. */
  isAvailable(): Promise<boolean>;
  /**
   * The picture as a JPEG, or a PNG where it is transparent: upright, in sRGB, at most 1,568 pixels a side and 200 kB.
   * Throws INVALID_INPUT when it cannot be decoded, FILE_TOO_LARGE for too many pixels, or CANCELLED.
   */
  view(picture: Buffer, call: CallContext): Promise<ViewablePicture>;
  /**
   * At least one picture, up to 12, as numbered tiles of one JPEG, in rows from the top left: 1,500 pixels wide, at
   * most 200 kB. `undefined` stands for a picture that could not be fetched: its tile stays empty, as that of one that
   * cannot be decoded does. Throws CANCELLED.
   */
  contactSheet(pictures: readonly (Buffer | undefined)[], call: CallContext): Promise<ContactSheet>;
}

/** The steps of a viewer that decode, each for one picture, so that they can be taken in another process. */
export interface ViewingSteps {
  shrink(picture: Buffer, bounds: ViewBounds, call: CallContext): Promise<ViewablePicture>;
  drawSheet(
    tiles: readonly (Buffer | undefined)[],
    layout: SheetLayout,
    call: CallContext,
  ): Promise<ViewablePicture>;
}

/** What models take without scaling it down themselves, and what is cheap where pictures travel as text. */
const MODEL_BOUNDS: ViewBounds = { width: 1_568, height: 1_568, maxBytes: 200_000 };

export function createPictureViewer(steps: ViewingSteps, isAvailable: () => Promise<boolean>): PictureViewer {
  /** A picture that cannot be decoded costs only its own tile. */
  async function tileOf(picture: Buffer | undefined, layout: SheetLayout, call: CallContext) {
    if (!picture) return undefined;
    const bounds = { ...layout.tile, maxBytes: MODEL_BOUNDS.maxBytes };
    return steps.shrink(picture, bounds, call).catch((error: unknown) => {
      if (call.signal.aborted) throw interruptionError(call);
      if (error instanceof AssetError && error.code !== "NOT_INSTALLED") return undefined;
      throw error;
    });
  }

  return {
    isAvailable,
    view: (picture, call) => steps.shrink(picture, MODEL_BOUNDS, call),

    async contactSheet(pictures, call) {
      const layout = sheetLayout(pictures.length);
      const tiles = await Promise.all(pictures.map((picture) => tileOf(picture, layout, call)));
      const sheet = await steps.drawSheet(
        tiles.map((tile) => tile?.bytes),
        layout,
        call,
      );
      const unreadable = tiles.flatMap((tile, index) => (tile ? [] : [index + 1]));
      return { ...sheet, unreadable };
    },
  };
}

/** The steps in this process. */
export function createViewingSteps(load: () => Promise<Sharp> = sharpOnDemand()): ViewingSteps {
  return {
    async shrink(picture, bounds, call) {
      const sharp = await load();
      if (call.signal.aborted) throw interruptionError(call);
      return shrink(sharp, picture, bounds, MAX_PIXELS);
    },
    async drawSheet(tiles, layout, call) {
      const sharp = await load();
      if (call.signal.aborted) throw interruptionError(call);
      return drawSheet(sharp, tiles, layout, MODEL_BOUNDS.maxBytes);
    },
  };
}
