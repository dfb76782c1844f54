import { isAnimatedGif } from "./gif-blocks.js";
import { isAnimatedPng } from "./png-chunks.js";
import { isAnimatedWebp } from "./webp-chunks.js";

/** The containers that are told apart by their first bytes; `iso` holds AVIF and HEIC as well as videos. */
export type Container = "jpeg" | "png" | "gif" | "webp" | "tiff" | "iso" | "zip";

const STARTS: readonly (readonly [RegExp, Container])[] = [
  [/^\xff\xd8/, "jpeg"],
  [/^\x89PNG/, "png"],
  [/^GIF8/, "gif"],
  [/^RIFF.{4}WEBP/s, "webp"],
  [/^(?:II|MM)/, "tiff"],
  [/^.{4}ftyp/s, "iso"],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a ZIP archive begins with them
  [/^PK\x03\x04/, "zip"],
];

/** The container that bytes begin like; whether they are whole, or of a supported kind, is another question. */
export function containerOf(bytes: Buffer): Container | undefined {
  const start = bytes.toString("latin1", 0, 12);
  return STARTS.find(([pattern]) => pattern.test(start))?.[1];
}

/**
 * Whether the container of a GIF, WebP, PNG or AVIF says that it is an animation, even of one frame: a decoder that
 * counts pages would take such a file for a still.
 */
export function isAnimation(bytes: Buffer): boolean {
  const container = containerOf(bytes);
  if (container === "gif") return isAnimatedGif(bytes);
  if (container === "webp") return isAnimatedWebp(bytes);
  if (container === "png") return isAnimatedPng(bytes);
  // AVIF 1.1, section 6.3: the brand of an image sequence, as the first brand.
  return container === "iso" && bytes.toString("latin1", 8, 12) === "avis";
}
