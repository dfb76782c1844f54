import type { OverlayOptions } from "sharp";
import type { Sharp } from "../load-sharp.js";
import { drawNumber } from "./draw-number.js";
import type { ViewablePicture } from "./shrink.js";

/** Where tiles lie on a sheet; all in pixels. */
export interface SheetLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly tile: { readonly width: number; readonly height: number };
}

const SHEET_WIDTH = 1_500;
const GAP = 6;
/** Pictures on websites are wider than high, mostly; models pay for each pixel. */
const TILE_ASPECT = 4 / 3;
/** White logos and black ones show on it. */
const TILE_COLOUR = "#b4b4b4";
const GAP_COLOUR = "#ffffff";
const QUALITIES = [82, 70, 58, 45, 30];

/** The layout for so many tiles: one to four columns, whatever shows the tiles large on few pixels. */
export function sheetLayout(tiles: number): SheetLayout {
  const columns = columnsFor(tiles);
  const rows = Math.ceil(tiles / columns);
  const width = Math.floor((SHEET_WIDTH - GAP * (columns + 1)) / columns);
  const tile = { width, height: Math.floor(width / TILE_ASPECT) };
  return { width: SHEET_WIDTH, height: rows * (tile.height + GAP) + GAP, columns, tile };
}

/** One JPEG of the tiles, each no larger than the layout's tile, centred in its place under its number from 1. */
export async function drawSheet(
  sharp: Sharp,
  tiles: readonly (Buffer | undefined)[],
  layout: SheetLayout,
  maxBytes: number,
): Promise<ViewablePicture> {
  const { width, height } = layout;
  const parts = await Promise.all(tiles.map((tile, index) => partsOf(sharp, tile, index, layout)));
  const sheet = await sharp({ create: { width, height, channels: 3, background: GAP_COLOUR } })
    .composite(parts.flat())
    .removeAlpha()
    .raw()
    .toBuffer();
  let bytes = sheet;
  for (const quality of QUALITIES) {
    bytes = await sharp(sheet, { raw: { width, height, channels: 3 } })
      .jpeg({ quality })
      .toBuffer();
    if (bytes.length <= maxBytes) break;
  }
  return { bytes, contentType: "image/jpeg", width, height };
}

async function partsOf(
  sharp: Sharp,
  tile: Buffer | undefined,
  index: number,
  { columns, tile: { width, height } }: SheetLayout,
): Promise<OverlayOptions[]> {
  const left = GAP + (index % columns) * (width + GAP);
  const top = GAP + Math.floor(index / columns) * (height + GAP);
  const place = sharp({ create: { width, height, channels: 3, background: TILE_COLOUR } });
  const filled = tile ? place.composite([{ input: tile, gravity: "centre" }]) : place;
  const number = drawNumber(index + 1);
  return [
    { input: await filled.png({ compressionLevel: 1 }).toBuffer(), left, top },
    { input: number.pixels, raw: { ...number.size, channels: 3 }, left, top },
  ];
}

function columnsFor(tiles: number): number {
  if (tiles <= 2) return tiles;
  if (tiles <= 4) return 2;
  return tiles <= 6 ? 3 : 4;
}
