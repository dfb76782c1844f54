import { type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { ANIMATION_ADVICE } from "../files/advice.js";
import { describeAnimation } from "./describe-change.js";
import type { Sharp } from "./load-sharp.js";
import { findPrivateData } from "./metadata/private-data.js";
import { stripMetadata } from "./metadata/strip-metadata.js";
import { damagedPicture, MAX_PIXELS } from "./picture-errors.js";
import type { PictureFormat } from "./picture-format.js";

/** What became of an animation, and the note that says it. */
export interface OptimizedAnimation {
  readonly bytes: Buffer;
  readonly format: PictureFormat;
  readonly note: string;
}

const WEBP_QUALITIES = [75, 55, 35];
/** An encoder's own settings for the time that a smaller file is worth. */
const WEBP_EFFORT = 2;

/**
 * The animation freed of its metadata, each frame as it was. A GIF of more than `limitBytes` becomes an animated WebP
 * where that fits. Throws INVALID_INPUT when it is cut off, FILE_TOO_LARGE when it does not fit, or CANCELLED.
 */
export async function optimizeAnimation(
  load: () => Promise<Sharp>,
  source: Buffer,
  format: PictureFormat,
  limitBytes: number,
  call: CallContext,
): Promise<OptimizedAnimation> {
  const stripped = stripMetadata(source);
  if (!stripped) throw damagedPicture(format);
  if (stripped === source && source.length <= limitBytes) {
    return { bytes: source, format, note: "Not optimized, because it is animated." };
  }
  const privateData = findPrivateData(source);
  if (stripped.length <= limitBytes) {
    const note = describeAnimation(source, stripped, privateData, "its frames stay unchanged");
    return { bytes: stripped, format, note };
  }
  const bytes = format === "gif" ? await toWebp(await load(), stripped, limitBytes, call) : undefined;
  if (!bytes) throw animationTooLarge(format, stripped.length);
  const note = describeAnimation(source, bytes, privateData, "converted from GIF to an animated WebP");
  return { bytes, format: "webp", note };
}

async function toWebp(sharp: Sharp, gif: Buffer, limitBytes: number, call: CallContext) {
  const open = () => sharp(gif, { animated: true, limitInputPixels: MAX_PIXELS, failOn: "truncated" });
  const header = await open().metadata().catch(damaged);
  if (header.width * header.height > MAX_PIXELS) return undefined;
  for (const quality of WEBP_QUALITIES) {
    if (call.signal.aborted) throw interruptionError(call);
    const bytes = await open().webp({ quality, effort: WEBP_EFFORT }).toBuffer().catch(damaged);
    const written = await sharp(bytes, { animated: true }).metadata();
    const isWhole = written.pages === header.pages && written.width === header.width;
    if (isWhole && bytes.length <= limitBytes) return bytes;
    // A step of quality saves a third at most.
    if (bytes.length > limitBytes * 3) return undefined;
  }
  return undefined;
}

function damaged(cause: unknown): never {
  throw damagedPicture("gif", cause);
}

function animationTooLarge(format: PictureFormat, bytes: number): AssetError {
  const tried = format === "gif" ? ", also as an animated WebP" : "";
  return new AssetError(
    "FILE_TOO_LARGE",
    `The animation has ${bytes} bytes, more than Webflow takes for an image (4 MB)${tried}`,
    ANIMATION_ADVICE,
  );
}
