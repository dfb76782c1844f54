import { isAnimatedGif } from "./gif-blocks.js";
import { isAnimatedPng } from "./png-chunks.js";
import { isAnimatedWebp } from "./webp-chunks.js";

/**
 * Whether the container of a GIF, WebP, PNG or AVIF says that it is an animation, even of one frame: a decoder that
 * counts pages would take such a file for a still.
 */
export function isAnimation(bytes: Buffer): boolean {
  const start = bytes.toString("latin1", 0, 12);
  if (start.startsWith("GIF8")) return isAnimatedGif(bytes);
  if (start.startsWith("RIFF")) return isAnimatedWebp(bytes);
  if (start.startsWith("\x89PNG")) return isAnimatedPng(bytes);
  // AVIF 1.1, section 6.3: the brand of an image sequence, as the first brand.
  return start.slice(4) === "ftypavis";
}
