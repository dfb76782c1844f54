import type { TiffPicture } from "../files/formats/tiff-directories.js";
import type { DecoderInput } from "./decoder-input.js";
import type { Sharp } from "./load-sharp.js";
import { damagedPicture, tooManyPixels, unknownColours } from "./picture-errors.js";

const PHOTOMETRIC = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  separated: 5,
  yCbCr: 6,
  lab: 8,
} as const;
const UNKNOWN_PHOTOMETRICS: Readonly<Record<number, string>> = {
  8: "Lab colours of 8 bits",
  9: "Lab colours (ICC)",
  10: "Lab colours (ITU)",
  32803: "raw sensor data",
  34892: "raw sensor data",
  32844: "HDR colours (LogL)",
  32845: "HDR colours (LogLuv)",
};
/** Those that sharp is built without: https://libtiff.gitlab.io/libtiff/specification/coverage.html */
const UNKNOWN_COMPRESSIONS: Readonly<Record<number, string>> = {
  34712: "JPEG 2000",
  34925: "LZMA",
  50000: "Zstandard",
  50002: "JPEG XL",
};
const SIGNED = 2;
const FLOAT = 3;
/** Levels of light above which they are no light, but counts of something. */
const BRIGHTEST = 16;
/** Those that are decoded here take many bytes a pixel. */
const MAX_SPECIAL_PIXELS = 50_000_000;
const CURVE_STEPS = 4_096;

/**
 * The TIFF with its pixels decoded here, where sharp alone would take a saved selection for transparency, or light for
 * levels: samples that are neither colour nor transparency are left out, and floating-point light becomes sRGB. Any
 * other input comes back as it is. Throws TYPE_NOT_SUPPORTED for samples that nobody can convert without a guess.
 */
export async function decodeSpecialTiff(sharp: Sharp, input: DecoderInput): Promise<DecoderInput> {
  const { tiff } = input;
  if (!tiff) return input;
  refuseUnknown(tiff);
  const channels = channelsToKeep(tiff);
  const isFloat = tiff.sampleFormat === FLOAT;
  if (!channels && !isFloat) return input;
  if (tiff.width * tiff.height > MAX_SPECIAL_PIXELS) {
    throw tooManyPixels(tiff.width, tiff.height, MAX_SPECIAL_PIXELS);
  }
  const pixels = isFloat ? await lightToLevels(sharp, input, tiff) : await decodeLevels(sharp, input, tiff);
  const kept = channels ? pick(pixels, channels) : pixels;
  const { data, width, height } = kept;
  return { ...input, bytes: data, options: { raw: { width, height, channels: kept.channels } } };
}

/** How many samples stand for the colour. */
function colourSamples({ photometric }: TiffPicture): number {
  if (photometric === PHOTOMETRIC.separated) return 4;
  return photometric === PHOTOMETRIC.rgb || photometric > PHOTOMETRIC.palette ? 3 : 1;
}

function isGrey(tiff: TiffPicture): boolean {
  return colourSamples(tiff) === 1 && tiff.photometric !== PHOTOMETRIC.palette;
}

/**
 * Which channels of the decoded picture to keep, undefined for all. Of a file that does not say what its one further
 * sample is, it is transparency, as other readers have it; a saved selection is unspecified, and said so.
 */
function channelsToKeep(tiff: TiffPicture): number[] | undefined {
  const extras = tiff.samples - colourSamples(tiff);
  if (extras <= 0) return undefined;
  const transparency = tiff.extraSamples
    ? tiff.extraSamples.findIndex((kind) => kind !== 0)
    : extras === 1
      ? 0
      : -1;
  if (extras === 1 && transparency === 0) return undefined;
  const colours = isGrey(tiff) && transparency === -1 ? [0] : [0, 1, 2];
  return transparency === -1 ? colours : [...colours, 3 + transparency];
}

function refuseUnknown({ photometric, bits, sampleFormat, compression }: TiffPicture): void {
  const packedBy = UNKNOWN_COMPRESSIONS[compression];
  if (packedBy !== undefined) throw unknownColours(`pixels that are compressed with ${packedBy}`);
  const isLabOf16 = photometric === PHOTOMETRIC.lab && bits === 16;
  const title = UNKNOWN_PHOTOMETRICS[photometric];
  if (title !== undefined && !isLabOf16) throw unknownColours(title);
  const known = sampleFormat === FLOAT ? [16, 32] : [1, 2, 4, 8, 16];
  if (!known.includes(bits)) throw unknownColours(`samples of ${bits} bits`);
  if (sampleFormat === SIGNED && !isLabOf16) throw unknownColours("signed samples");
}

type Channels = 1 | 2 | 3 | 4;

interface Decoded {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
}

async function decodeLevels(sharp: Sharp, { bytes, options }: DecoderInput, tiff: TiffPicture) {
  const image = sharp(bytes, { ...options, autoOrient: true });
  const { data, info } = await (tiff.bits === 16 ? image.pipelineColourspace("srgb") : image)
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damagedPicture("tiff", cause);
    });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function lightToLevels(sharp: Sharp, { bytes, options }: DecoderInput, tiff: TiffPicture) {
  const image = sharp(bytes, { ...options, autoOrient: true });
  // Of grey light, sharp makes black in that space.
  const { data, info } = await (isGrey(tiff) ? image : image.toColourspace("scrgb"))
    .raw({ depth: "float" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damagedPicture("tiff", cause);
    });
  const { width, height, channels } = info;
  const light = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
  const levels = Buffer.alloc(light.length);
  const curve = Array.from({ length: CURVE_STEPS + 1 }, (_, step) => levelOf(step / CURVE_STEPS));
  for (const [index, value] of light.entries()) {
    if (!(value <= BRIGHTEST)) throw unknownColours("floating-point samples beyond the range of light");
    const share = Math.max(0, Math.min(1, value));
    const isAlpha = channels === 4 && index % 4 === 3;
    levels[index] = isAlpha ? Math.round(share * 255) : (curve[Math.round(share * CURVE_STEPS)] ?? 0);
  }
  return { data: levels, width, height, channels };
}

/** IEC 61966-2-1. */
function levelOf(light: number): number {
  return Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
}

function pick({ data, width, height, channels }: Decoded, kept: readonly number[]): Decoded {
  const picked = Buffer.alloc(width * height * kept.length);
  let target = 0;
  for (let start = 0; start < width * height * channels; start += channels) {
    for (const channel of kept) {
      picked[target] = data[start + channel] ?? 0;
      target += 1;
    }
  }
  return { data: picked, width, height, channels: kept.length as Channels };
}
