import type { AssetView } from "../contract/view-asset.js";
import { countFitting } from "../core/answer-size.js";
import { type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError, formatError } from "../core/errors.js";
import { cutText } from "../core/text.js";
import { assetTypeOf } from "../files/asset-type.js";
import type { PictureViewer } from "../pictures/viewing/picture-viewer.js";
import type { Downloader } from "../sources/web/download.js";
import type { Asset } from "../webflow/data-api/responses.js";
import { summaryOf } from "./asset-summary.js";
import { fromFirstVersion, notServed, urlsToTry } from "./hosted-versions.js";
import type { AssetFinder } from "./listing/asset-finder.js";

export interface ContactSheetDependencies {
  readonly lookup: AssetFinder;
  readonly downloader: Downloader;
  readonly viewer?: PictureViewer | undefined;
}

/**
 * Up to 12 assets on one picture with numbered tiles, and a line of text per tile, which says why one is empty. Throws
 * NOT_INSTALLED without sharp, and the first error if nothing can be shown.
 */
export function createContactSheets({ lookup, downloader, viewer }: ContactSheetDependencies) {
  async function fetchTile(siteId: string, id: string, call: CallContext): Promise<Tile> {
    let asset: Asset | undefined;
    try {
      asset = await lookup.fresh(siteId, id, call);
      const { contentType = "", originalFileName = "" } = asset;
      if (assetTypeOf(contentType, originalFileName) !== "image") return { asset, why: "no image" };
      if (urlsToTry(asset).length === 0) return { asset, why: "the record shows no file yet" };
      return { asset, bytes: await fromFirstVersion(asset, downloader, call, (bytes) => bytes) };
    } catch (error) {
      if (call.signal.aborted) throw interruptionError(call);
      return { id, error: asset ? notServed(asset, error) : error };
    }
  }

  return async (siteId: string, ids: readonly string[], call: CallContext): Promise<AssetView> => {
    if (!viewer || !(await viewer.isAvailable())) throw withoutSharp();
    const tiles = await Promise.all(ids.map((id) => fetchTile(siteId, id, call)));
    const failed = tiles.find((tile) => "error" in tile);
    if (failed && "error" in failed && tiles.every((tile) => "error" in tile)) throw failed.error;
    const sheet = await viewer.contactSheet(
      tiles.map((tile) => ("bytes" in tile ? tile.bytes : undefined)),
      call,
    );
    const lines = describeTiles(tiles, sheet.unreadable);
    return { image: sheet, texts: [["The contact sheet is in this result.", ...lines].join("\n")] };
  };
}

type Tile =
  | { readonly asset: Asset; readonly bytes: Buffer }
  | { readonly asset: Asset; readonly why: string }
  | { readonly id: string; readonly error: unknown };

/** How long names and alt texts may be, all of them alike: as long as the answer is small enough. */
const TEXT_LENGTHS = [1_000, 400, 150, 60];

function describeTiles(tiles: readonly Tile[], unreadable: readonly number[]): string[] {
  let lines: string[] = [];
  for (const length of TEXT_LENGTHS) {
    lines = tiles.map((tile, index) => describeTile(tile, index + 1, unreadable, length));
    if (countFitting(lines) === lines.length) break;
  }
  return lines;
}

/** Foreign texts go inside JSON. */
function describeTile(tile: Tile, number: number, unreadable: readonly number[], length: number): string {
  if ("error" in tile) return `${number}. ${tile.id}: not shown: ${formatError(tile.error)}`;
  const { id, name, altText } = summaryOf(tile.asset);
  const shownAlt = altText === undefined ? undefined : cutText(altText, length);
  const facts = JSON.stringify({ id, name: cutText(name, length), altText: shownAlt });
  if ("why" in tile) return `${number}. ${facts} not shown: ${tile.why}`;
  return `${number}. ${facts}${unreadable.includes(number) ? " not shown: its file cannot be decoded" : ""}`;
}

function withoutSharp(): AssetError {
  return new AssetError(
    "NOT_INSTALLED",
    "A contact sheet needs the package sharp, which is not installed here",
    "view the assets one by one with assetId",
  );
}
