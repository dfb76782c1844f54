import { createHash } from "node:crypto";
import pLimit from "p-limit";
import { abortable, type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { heicAdvice } from "../files/advice.js";
import { SIZE_LIMITS } from "../files/file-types.js";
import { encodeToFit, findSmaller, fitsLongEdge } from "./choose-encoding.js";
import { describeChange, describeKept, type Version } from "./describe-change.js";
import { RECIPE_REVISION } from "./encodings.js";
import { inspectPicture, isUnfitForWeb, type Picture } from "./inspect-picture.js";
import { loadSharp, picturesAtOnce, type Sharp } from "./load-sharp.js";
import { PICTURE_FORMATS, type PictureFormat, recognisePicture } from "./picture-format.js";
import { pixelsOf } from "./pixels.js";
import { findPrivateData } from "./private-data.js";
import { stripMetadata } from "./strip-metadata.js";

/** A source may have so many bytes to be optimized. */
export const MAX_OPTIMIZE_SOURCE_BYTES = 40 * 1024 * 1024;

export interface OptimizedPicture {
  /** The source's own bytes when nothing was changed. */
  readonly bytes: Buffer;
  /** Of `bytes`, in hexadecimal. */
  readonly md5: string;
  /** The media type and the extension (without the dot) of `bytes`; both empty when they are no picture to optimize. */
  readonly contentType: string;
  readonly extension: string;
  readonly changed: boolean;
  /** What was done, or why nothing was. */
  readonly notes: string[];
}

export interface PictureOptimizer {
  /**
   * Makes a still JPEG, PNG, WebP, AVIF, TIFF or GIF fit for the web: upright, in sRGB, free of metadata, at most 3,200 pixels
   * long and under the size limit, in as few bytes as look the same. Leaves other files alone. The same source gives the
   * same bytes as long as the recipe is the same. Throws FILE_TOO_LARGE (also before anything is decoded),
   * TYPE_NOT_SUPPORTED for HEIC, INVALID_INPUT for a damaged picture or a missing sharp, or CANCELLED.
   */
  optimize(bytes: Buffer, call: CallContext): Promise<OptimizedPicture>;
  /** Names everything besides the source that decides on the bytes of a result: the recipe and the encoders' versions. */
  recipe(): Promise<string>;
}

export interface PictureOptimizerOptions {
  /** What a result may have at most, in bytes. */
  readonly limitBytes?: number;
  /** How many pictures are worked on at the same time. */
  readonly concurrency?: number;
}

export function createPictureOptimizer(options: PictureOptimizerOptions = {}): PictureOptimizer {
  const { limitBytes = SIZE_LIMITS.image.certainBytes, concurrency = picturesAtOnce() } = options;
  const limit = pLimit(concurrency);
  let loading: Promise<Sharp> | undefined;

  const load = (): Promise<Sharp> => {
    loading ??= loadSharp(concurrency);
    return loading;
  };

  return {
    async optimize(bytes, call) {
      const recognised = await recognisePicture(bytes);
      if (recognised.is === "heic") throw heicNotSupported();
      if (recognised.is === "other") return leftAlone(bytes, "it is no picture that can be optimized");
      if (recognised.is === "animation") return leftAlone(bytes, "it is animated");
      if (bytes.length > MAX_OPTIMIZE_SOURCE_BYTES) throw sourceTooLarge(bytes.length);
      const sharp = await load();
      const work = limit(() => optimizePicture(sharp, bytes, recognised.format, limitBytes, call));
      return abortable(call, work);
    },

    async recipe() {
      const { versions } = await load();
      return `sharp ${versions.sharp} libvips ${versions.vips} ${RECIPE_REVISION} ${limitBytes}`;
    },
  };
}

async function optimizePicture(
  sharp: Sharp,
  source: Buffer,
  format: PictureFormat,
  limitBytes: number,
  call: CallContext,
): Promise<OptimizedPicture> {
  if (call.signal.aborted) throw interruptionError(call);
  const picture = await inspectPicture(sharp, source, format);
  if (picture.isAnimated) return leftAlone(source, "it is animated", format);

  const pixels = pixelsOf(sharp, source, picture);
  const stripped = sendableAsItIs(source, picture);
  const kept = stripped && stripped.length <= limitBytes ? stripped : undefined;
  if (kept && staysInItsFormat(picture)) {
    await pixels.check();
    return keep(source, kept, picture);
  }

  const encoded = kept
    ? await findSmaller(picture, pixels, kept.length, call)
    : await encodeToFit(picture, pixels, { sourceBytes: source.length, limitBytes }, call);
  if (encoded) return changed(source, picture, encoded, true);
  return keep(source, kept ?? source, picture);
}

/** The source without its metadata; undefined when that takes a new encoding. */
function sendableAsItIs(source: Buffer, picture: Picture): Buffer | undefined {
  if (!picture.isUpright || isUnfitForWeb(picture)) return undefined;
  if (picture.format === "avif") return picture.hasExifOrXmp ? undefined : source;
  return stripMetadata(source, picture.format);
}

/** A GIF or an AVIF that can be sent is left as it is: there is little to gain, at the cost of its format or of seconds. */
function staysInItsFormat(picture: Picture): boolean {
  const isEligible = picture.format === "gif" || picture.format === "avif";
  return isEligible && fitsLongEdge(picture) && !picture.isOutsideSrgb;
}

async function keep(source: Buffer, kept: Buffer, picture: Picture): Promise<OptimizedPicture> {
  if (kept !== source) return changed(source, picture, { ...picture, bytes: kept }, false);
  return result(source, picture.format, false, describeKept(picture, source));
}

async function changed(
  source: Buffer,
  picture: Picture,
  version: Version,
  isReencoded: boolean,
): Promise<OptimizedPicture> {
  const privateData = await findPrivateData(source);
  const note = describeChange(picture, source, version, privateData, isReencoded);
  return result(version.bytes, version.format, true, note);
}

function leftAlone(bytes: Buffer, reason: string, format?: PictureFormat): OptimizedPicture {
  return result(bytes, format, false, `Not optimized, because ${reason}.`);
}

function result(
  bytes: Buffer,
  format: PictureFormat | undefined,
  isChanged: boolean,
  note: string,
): OptimizedPicture {
  const { contentType, extension } = format ? PICTURE_FORMATS[format] : { contentType: "", extension: "" };
  const md5 = createHash("md5").update(bytes).digest("hex");
  return { bytes, md5, contentType, extension, changed: isChanged, notes: [note] };
}

function heicNotSupported(): AssetError {
  return new AssetError("TYPE_NOT_SUPPORTED", "HEIC pictures cannot be shown on websites", heicAdvice());
}

function sourceTooLarge(size: number): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The picture has ${size} bytes; optimize takes up to 40 MiB (${MAX_OPTIMIZE_SOURCE_BYTES} bytes)`,
    "make it smaller in an image editor, or export it as JPEG, and send that",
  );
}
