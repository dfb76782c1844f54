import type { Sharp as SharpImage, SharpOptions } from "sharp";
import { topOfJpeg } from "../files/formats/jpeg-segments.js";
import { isTurnedBySide, type Picture } from "./inspect-picture.js";
import type { Sharp } from "./load-sharp.js";
import { MAX_PIXELS } from "./picture-errors.js";
import type { EncodedPicture, Pixels, Size } from "./pixels.js";

/** Both pictures are compared at this size, in pixels a side. */
const SIDE = 16;
/** By how many levels (of 255) the small versions may differ: on average, at one place, and in their transparency. */
const MEAN_DIFFERENCE = 6;
const LARGEST_DIFFERENCE = 48;
/** How much of the source's contrast has to remain, if it has at least some levels of it. */
const LEAST_CONTRAST = 0.75;
const SOME_CONTRAST = 6;
/** Decoding a large JPEG takes a fifth of the time of its encoding; this part of its rows is looked at instead. */
const LARGE_PIXELS = 2_000_000;
const PARTS = 8;
/** A JPEG's blocks, in pixels a side. */
const BLOCK = 8;
const GROUND = 128;

/**
 * Compares what is about to be sent with its source; undefined if they show the same. The source is decoded again, so
 * that a mistake on the way shows. Takes about a twentieth of the time of the encoding, a tenth where it was turned.
 */
export async function findDifference(
  sharp: Sharp,
  picture: Picture,
  pixels: Pixels,
  result: EncodedPicture,
): Promise<string | undefined> {
  if (!haveSameProportions(await pixels.size(), result)) return "its proportions";
  try {
    const [source, small] = (await topsOf(sharp, picture, result)) ?? [
      await sourceOf(sharp, picture, pixels),
      await smallVersion(sharp(result.bytes, LENIENT)),
    ];
    return differenceOf(source, small);
  } catch {
    return "that it cannot be decoded";
  }
}

const LENIENT: SharpOptions = { failOn: "truncated", limitInputPixels: MAX_PIXELS, autoOrient: true };
const CUT_OFF: SharpOptions = { ...LENIENT, failOn: "none" };

/** Red, green, blue and alpha of each pixel, colours over grey where they are transparent. */
async function smallVersion(image: SharpImage): Promise<Buffer> {
  const { data, info } = await image
    .resize(SIDE, SIDE, { fit: "fill" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`a picture with ${info.channels} channels`);
  for (let start = 0; start < data.length; start += 4) {
    const alpha = (data[start + 3] ?? 255) / 255;
    for (let at = start; at < start + 3; at += 1) data[at] = (data[at] ?? 0) * alpha + GROUND * (1 - alpha);
  }
  return data;
}

async function sourceOf(sharp: Sharp, picture: Picture, pixels: Pixels): Promise<Buffer> {
  const { input } = picture;
  const isConvertedFirst = input.colours.is === "convertible" && picture.format !== "png";
  if (isConvertedFirst) return smallVersion(await rawOf(sharp, pixels));
  const image = sharp(input.bytes, {
    ...input.options,
    ...LENIENT,
    failOn: input.options.failOn ?? "truncated",
  });
  return smallVersion(picture.has16Bits ? image.pipelineColourspace(picture.isGrey ? "b-w" : "srgb") : image);
}

/** The upper rows of a large JPEG, and what they became in one; undefined where they cannot be cut out. */
async function topsOf(
  sharp: Sharp,
  { format, width, height, orientation, input }: Picture,
  result: EncodedPicture,
): Promise<[Buffer, Buffer] | undefined> {
  if (format !== "jpeg" || result.format !== "jpeg" || width * height <= LARGE_PIXELS) return undefined;
  const staysAbove = orientation <= 2;
  const top = topOfJpeg(input.bytes, Math.ceil(height / PARTS));
  const written = topOfJpeg(result.bytes, staysAbove ? Math.ceil(result.height / PARTS) : result.height);
  if (!top || !written) return undefined;
  const image = sharp(written, CUT_OFF);
  return [
    await smallVersion(sharp(top, CUT_OFF)),
    await smallVersion(staysAbove ? image : await formerTop(sharp, image, result, orientation)),
  ];
}

/** What were the upper rows before the picture was turned upright. */
async function formerTop(
  sharp: Sharp,
  image: SharpImage,
  size: Size,
  orientation: number,
): Promise<SharpImage> {
  // The first scan of a progressive JPEG says one level for each block.
  const across = Math.ceil(size.width / (BLOCK * PARTS));
  const down = Math.ceil(size.height / (BLOCK * PARTS));
  const [width, height] = [across * PARTS, down * PARTS];
  const { data, info } = await image
    .resize(width, height, { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const part = isTurnedBySide(orientation) ? { width: across, height } : { width, height: down };
  const isAtEnd = [3, 4, 6, 7].includes(orientation);
  const [left, top] = isAtEnd ? [width - part.width, height - part.height] : [0, 0];
  return sharp(data, { raw: { width, height, channels: info.channels } }).extract({ left, top, ...part });
}

async function rawOf(sharp: Sharp, pixels: Pixels): Promise<SharpImage> {
  const { data, info } = await pixels.decoded();
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } });
}

/** As precisely as whole pixels allow: the short side of the smaller one was rounded. */
function haveSameProportions(one: Size, other: Size): boolean {
  const scale = one.width > one.height ? other.width / one.width : other.height / one.height;
  const tolerance = Math.max(1, scale);
  return (
    Math.abs(one.width * scale - other.width) <= tolerance &&
    Math.abs(one.height * scale - other.height) <= tolerance
  );
}

function differenceOf(source: Buffer, result: Buffer): string | undefined {
  const differences = Array.from(source, (level, at) => Math.abs(level - (result[at] ?? 0)));
  const alpha = differences.filter((_, at) => at % 4 === 3);
  const colours = differences.filter((_, at) => at % 4 !== 3);
  if (mean(alpha) > MEAN_DIFFERENCE || Math.max(...alpha) > LARGEST_DIFFERENCE) return "its transparency";
  if (mean(colours) > MEAN_DIFFERENCE || Math.max(...colours) > LARGEST_DIFFERENCE) return "its colours";
  const contrast = contrastOf(source);
  const isPale = contrast > SOME_CONTRAST && contrastOf(result) < contrast * LEAST_CONTRAST;
  return isPale ? "its contrast" : undefined;
}

/** The standard deviation of the levels of green, which says most of how bright a pixel is. */
function contrastOf(small: Buffer): number {
  const levels = [...small].filter((_, at) => at % 4 === 1);
  const middle = mean(levels);
  return Math.sqrt(mean(levels.map((level) => (level - middle) ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
