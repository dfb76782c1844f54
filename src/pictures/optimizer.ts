import { createHash } from "node:crypto";
import pLimit, { type LimitFunction } from "p-limit";
import { abortable, type CallContext, interruptionError } from "../core/call-context.js";
import { AssetError } from "../core/errors.js";
import { HEIC_ADVICE } from "../files/advice.js";
import { SIZE_LIMITS } from "../files/file-types.js";
import { withoutHomeDirectories } from "../files/markup/home-directories.js";
import { encodeToFit, findSmaller, fitsLongEdge } from "./choose-encoding.js";
import { findDifference } from "./compare-pictures.js";
import { describeChange, describeKept } from "./describe-change.js";
import { RECIPE_REVISION } from "./encodings.js";
import { inspectPicture, isUnfitForWeb, type Picture } from "./inspect-picture.js";
import { picturesAtOnce, type Sharp, sharpOnDemand } from "./load-sharp.js";
import { withoutMetadataInPictures } from "./metadata/embedded-pictures.js";
import { findPrivateData, isPrivate } from "./metadata/private-data.js";
import { stripMetadata } from "./metadata/strip-metadata.js";
import { optimizeAnimation } from "./optimize-animation.js";
import { PICTURE_FORMATS, type PictureFormat, recognisePicture } from "./picture-format.js";
import { type EncodedPicture, type Pixels, pixelsOf } from "./pixels.js";

/** How many bytes a source may have to be optimized. */
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
   * Makes a still JPEG, PNG, WebP, AVIF, TIFF, GIF or BMP fit for the web: upright, in sRGB, free of metadata, at most
   * 3,200 pixels long and under the size limit, in as few bytes as look the same. Takes metadata out of an animation,
   * home directories out of an SVG, and leaves other files alone. What comes out shows what the source shows, and the
   * same source gives the same bytes under the same recipe. Throws FILE_TOO_LARGE (also before anything is decoded),
   * TYPE_NOT_SUPPORTED for HEIC and for colours that cannot be converted, INVALID_INPUT for a damaged picture,
   * NOT_INSTALLED without sharp, or CANCELLED.
   */
  optimize(bytes: Buffer, call: CallContext): Promise<OptimizedPicture>;
  /** What decides the bytes of a result besides the source: the recipe and the encoders' versions. */
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
  const working = pLimit(concurrency);
  const load = sharpOnDemand(concurrency);

  async function animation(source: Buffer, format: PictureFormat, call: CallContext) {
    const optimized = await optimizeAnimation(load, source, format, limitBytes, call);
    return result(optimized.bytes, optimized.format, optimized.bytes !== source, optimized.note);
  }

  return {
    async optimize(bytes, call) {
      const recognised = await recognisePicture(bytes);
      if (recognised.is === "heic") throw heicNotSupported();
      if (recognised.is === "other") return drawnOrLeftAlone(bytes);
      if (bytes.length > MAX_OPTIMIZE_SOURCE_BYTES) throw sourceTooLarge(bytes.length);
      const { format } = recognised;
      if (recognised.is === "animation")
        return abortable(
          call,
          working(() => animation(bytes, format, call)),
        );
      const sharp = await load();
      return abortable(call, optimizePicture({ sharp, source: bytes, format, limitBytes }, working, call));
    },

    async recipe() {
      const { versions } = await load();
      return `sharp ${versions.sharp} libvips ${versions.vips} ${RECIPE_REVISION} ${limitBytes}`;
    },
  };
}

interface Work {
  readonly sharp: Sharp;
  readonly source: Buffer;
  readonly format: PictureFormat;
  readonly limitBytes: number;
}

/** What is sent instead of the source, or why nothing is. */
type Choice =
  | { readonly version: EncodedPicture; readonly isReencoded: boolean }
  | { readonly version?: undefined; readonly reason: string };

async function optimizePicture(
  work: Work,
  working: LimitFunction,
  call: CallContext,
): Promise<OptimizedPicture> {
  const { sharp, source, format } = work;
  const { picture, choice } = await working(async () => {
    if (call.signal.aborted) throw interruptionError(call);
    const picture = await inspectPicture(sharp, source, format);
    return { picture, choice: await chooseVersion(work, picture, call) };
  });
  if (!choice.version) return result(source, format, false, describeKept(picture, source, choice.reason));
  const { version, isReencoded } = choice;
  const note = describeChange(picture, source, version, findPrivateData(source), isReencoded);
  return result(version.bytes, version.format, true, note);
}

async function chooseVersion(work: Work, picture: Picture, call: CallContext): Promise<Choice> {
  const { sharp, source, format, limitBytes } = work;
  const pixels = pixelsOf(sharp, picture);
  // A JPEG is decoded as it is written.
  if (format !== "jpeg") await pixels.decoded();
  const stripped = sendableAsItIs(source, picture);
  const kept = stripped && stripped.length <= limitBytes ? stripped : undefined;
  if (picture.shownOnlyAsItIs !== undefined && !kept)
    throw onlyAsItIs(picture.shownOnlyAsItIs, source.length > limitBytes);
  const encoded = await newEncoding(work, picture, pixels, kept, call);
  if (encoded) {
    const difference = await findDifference(sharp, picture, pixels, encoded);
    if (difference === undefined) return { version: encoded, isReencoded: true };
    call.log.debug(`the optimized picture differs from its source in ${difference}`);
    if (!kept) return { reason: unfaithful(work, picture, difference) };
  }
  return keep(work, picture, pixels, kept ?? source);
}

async function newEncoding(
  { source, limitBytes }: Work,
  picture: Picture,
  pixels: Pixels,
  kept: Buffer | undefined,
  call: CallContext,
): Promise<EncodedPicture | undefined> {
  if (!kept) return encodeToFit(picture, pixels, { sourceBytes: source.length, limitBytes }, call);
  if (picture.shownOnlyAsItIs !== undefined || staysInItsFormat(picture)) return undefined;
  return findSmaller(picture, pixels, kept.length, call);
}

/** The source without its metadata; undefined when that takes a new encoding. */
function sendableAsItIs(source: Buffer, picture: Picture): Buffer | undefined {
  if (picture.orientation !== 1 || isUnfitForWeb(picture)) return undefined;
  return picture.input.stripped ?? stripMetadata(source);
}

/** A GIF or an AVIF that can be sent is left as it is: little is gained, at the cost of its format or of seconds. */
function staysInItsFormat(picture: Picture): boolean {
  const isEligible = picture.format === "gif" || picture.format === "avif";
  const hasOwnColours = picture.input.colours.is !== "srgb";
  return isEligible && fitsLongEdge(picture) && (hasOwnColours || !picture.isOutsideSrgb);
}

/** The source as it is, or with nothing but its metadata taken out, which is looked at as well. */
async function keep(work: Work, picture: Picture, pixels: Pixels, kept: Buffer): Promise<Choice> {
  if (kept === work.source) return { reason: "no smaller version was found" };
  const version = { bytes: kept, format: picture.format, width: picture.width, height: picture.height };
  const difference = await findDifference(work.sharp, picture, pixels, version);
  return difference === undefined
    ? { version, isReencoded: false }
    : { reason: unfaithful(work, picture, difference) };
}

/** Why the source stays when its optimized version does not show the same; throws where it cannot be sent as it is. */
function unfaithful({ source, limitBytes }: Work, picture: Picture, difference: string): string {
  const isSendable =
    source.length <= limitBytes && !isUnfitForWeb(picture) && !isPrivate(findPrivateData(source));
  if (!isSendable) throw notFaithful(difference);
  return `its optimized version would have differed in ${difference}`;
}

/**
 * An SVG or a Lottie animation without paths of its author's computer and the metadata of the pictures in it, or a file
 * that is no picture.
 */
function drawnOrLeftAlone(bytes: Buffer): OptimizedPicture {
  const withoutPaths = withoutHomeDirectories(bytes);
  const clean = isPrivate(findPrivateData(withoutPaths))
    ? withoutMetadataInPictures(withoutPaths)
    : withoutPaths;
  if (clean === bytes) {
    const why = "Not optimized, because it is not a picture that can be optimized.";
    return result(bytes, undefined, false, why);
  }
  const removed = [
    ...(withoutPaths === bytes ? [] : ["directories of its author's computer"]),
    ...(clean === withoutPaths ? [] : ["the metadata of the pictures in it"]),
  ];
  const note = `Removed from the file: ${removed.join(" and ")}; it is drawn as before.`;
  return result(clean, undefined, true, note);
}

function result(bytes: Buffer, format: PictureFormat | undefined, isChanged: boolean, note: string) {
  const { contentType, extension } = format ? PICTURE_FORMATS[format] : { contentType: "", extension: "" };
  const md5 = createHash("md5").update(bytes).digest("hex");
  return { bytes, md5, contentType, extension, changed: isChanged, notes: [note] };
}

function heicNotSupported(): AssetError {
  return new AssetError("TYPE_NOT_SUPPORTED", "HEIC pictures cannot be shown on websites", HEIC_ADVICE);
}

function notFaithful(difference: string): AssetError {
  return new AssetError(
    "INVALID_INPUT",
    `The optimized picture would differ from its source in ${difference}, so it was not used`,
    "save it as an ordinary JPEG or PNG in an image editor, and send that",
  );
}

function onlyAsItIs(title: string, isTooLarge: boolean): AssetError {
  return isTooLarge
    ? new AssetError(
        "FILE_TOO_LARGE",
        `The picture has ${title}, so it cannot be made smaller without changing its look, and it is too large as it is`,
        "export it with ordinary colours (sRGB) from an image editor, and send that",
      )
    : new AssetError(
        "INVALID_INPUT",
        `The picture has ${title}, so it cannot be turned upright without changing its look`,
        "export it upright or with ordinary colours (sRGB) from an image editor, or send it without optimize",
      );
}

function sourceTooLarge(size: number): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The picture has ${size} bytes; optimize takes up to 40 MiB (${MAX_OPTIMIZE_SOURCE_BYTES} bytes)`,
    "make it smaller in an image editor, or export it as JPEG, and send that",
  );
}
