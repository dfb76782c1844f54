import type { Sharp as SharpImage, SharpOptions } from "sharp";
import { topOfJpeg } from "../files/formats/jpeg-segments.js";
import type { Picture } from "./inspect-picture.js";
import type { Sharp } from "./load-sharp.js";
import { MAX_PIXELS } from "./picture-errors.js";
import type { EncodedPicture, Pixels } from "./pixels.js";

/** Both pictures are compared at this size, in pixels a side. */
const SIDE = 16;
/** By how many levels (of 255) the small versions may differ: on average, at one place, and in their transparency. */
const MEAN_DIFFERENCE = 6;
const LARGEST_DIFFERENCE = 48;
/** How much of the source's contrast has to remain, if it has at least some levels of it. */
const LEAST_CONTRAST = 0.75;
const SOME_CONTRAST = 6;
/** Decoding a large JPEG takes a tenth of the time of its encoding; its first rows are looked at instead. */
const LARGE_PIXELS = 2_000_000;
const TOP_ROWS = 320;
const GROUND = 128;

/**
 * Compares what is about to be sent with its source; undefined if they show the same. The source is decoded again, so
 * that a mistake on the way shows (except a JPEG's, whose pixels have no alpha and few other ways to get lost). Takes
 * about a twentieth of the time of the encoding.
 */
export async function findDifference(
  sharp: Sharp,
  picture: Picture,
  pixels: Pixels,
  result: EncodedPicture,
): Promise<string | undefined> {
  const { info } = await pixels.decoded();
  if (!haveSameProportions(info, result)) return "its proportions";
  try {
    const [source, small] =
      picture.format === "jpeg" && result.format === "jpeg" && info.width * info.height > LARGE_PIXELS
        ? await topsOf(sharp, pixels, result)
        : [await sourceOf(sharp, picture, pixels), await smallVersion(sharp(result.bytes, LENIENT))];
    return differenceOf(source, small);
  } catch {
    return "that it cannot be decoded";
  }
}

const LENIENT: SharpOptions = { failOn: "truncated", limitInputPixels: MAX_PIXELS, autoOrient: true };

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
  if (picture.format === "jpeg" || isConvertedFirst) return smallVersion(await rawOf(sharp, pixels));
  const image = sharp(input.bytes, {
    ...input.options,
    ...LENIENT,
    failOn: input.options.failOn ?? "truncated",
  });
  return smallVersion(picture.has16Bits ? image.pipelineColourspace(picture.isGrey ? "b-w" : "srgb") : image);
}

async function topsOf(sharp: Sharp, pixels: Pixels, result: EncodedPicture): Promise<[Buffer, Buffer]> {
  const top = topOfJpeg(result.bytes, TOP_ROWS) ?? result.bytes;
  const { info } = await pixels.decoded();
  // A result that was kept is larger than the pixels, which are scaled down.
  const rows = Math.round((TOP_ROWS * info.height) / result.height);
  const image = await rawOf(sharp, pixels, top === result.bytes ? undefined : rows);
  return [await smallVersion(image), await smallVersion(sharp(top, { failOn: "none" }))];
}

async function rawOf(sharp: Sharp, pixels: Pixels, rows?: number): Promise<SharpImage> {
  const { data, info } = await pixels.decoded();
  const { width, channels } = info;
  const height = Math.min(info.height, rows ?? info.height);
  return sharp(data.subarray(0, width * height * channels), { raw: { width, height, channels } });
}

/** As precisely as whole pixels allow: the short side of the smaller one was rounded. */
function haveSameProportions(
  one: { width: number; height: number },
  other: { width: number; height: number },
): boolean {
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
