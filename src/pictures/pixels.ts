import type { OutputInfo, Sharp as SharpImage } from "sharp";
import { pngForDecoder } from "../files/formats/png-chunks.js";
import type { DecoderInput } from "./decoder-input.js";
import { type Encoding, MAX_LONG_EDGE } from "./encodings.js";
import type { Picture } from "./inspect-picture.js";
import type { Sharp } from "./load-sharp.js";
import { damagedPicture, MAX_PIXELS } from "./picture-errors.js";
import type { PictureFormat } from "./picture-format.js";

/** A written picture and its size in pixels. */
export interface EncodedPicture {
  readonly bytes: Buffer;
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * The pixels of a picture: upright, in sRGB (or grey), 8 bits a channel, at most {@link MAX_LONG_EDGE} long. Methods
 * throw INVALID_INPUT when it is cut off or cannot be decoded; harmless warnings pass.
 */
export interface Pixels {
  /** The picture decoded to its last row. */
  decoded(): Promise<DecodedPixels>;
  /** Writes the pixels, made smaller where `longEdge` asks for it; the same pixels give the same bytes. */
  encode(encoding: Encoding, longEdge?: number): Promise<EncodedPicture>;
  /** Whether some pixel is not opaque. */
  isTransparent(): Promise<boolean>;
  /** Whether they are of at most 256 colours, alpha counted, which a palette can hold. */
  fitPalette(): Promise<boolean>;
  /** Whether the written picture holds each of them as it is; colours count where they are not transparent. */
  areIn(written: Buffer): Promise<boolean>;
  /** In pixels. */
  longEdge(): Promise<number>;
}

export interface DecodedPixels {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

const PALETTE_COLOURS = 256;

export function pixelsOf(sharp: Sharp, picture: Picture): Pixels {
  // As raw data, sharp writes grey in one channel, and leaves out its alpha.
  const isGrey = picture.isGrey && !picture.hasAlpha;
  const colourSpace = isGrey ? "b-w" : "srgb";
  let decoding: Promise<DecodedPixels> | undefined;

  async function decode(): Promise<DecodedPixels> {
    const input = await withColours(sharp, picture);
    const image = sharp(input.bytes, { ...input.options, autoOrient: true, limitInputPixels: MAX_PIXELS });
    // With 16 bits a channel, sharp converts an embedded profile to Display P3 and leaves grey ones out.
    const converted = picture.has16Bits
      ? image.pipelineColourspace(picture.isGrey ? "b-w" : colourSpace)
      : image;
    return withinLongEdge(converted, MAX_LONG_EDGE)
      .toColourspace(colourSpace)
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch((cause: unknown) => {
        throw damagedPicture(picture.format, cause);
      });
  }

  function decoded(): Promise<DecodedPixels> {
    decoding ??= decode();
    return decoding;
  }

  async function image(): Promise<SharpImage> {
    const { data, info } = await decoded();
    const { width, height, channels } = info;
    const image = sharp(data, { raw: { width, height, channels } });
    return picture.isGrey ? image.toColourspace("b-w") : image;
  }

  return {
    decoded,

    async encode(encoding, longEdge = MAX_LONG_EDGE) {
      const { data, info } = await encoding
        .apply(withinLongEdge(await image(), longEdge))
        .toBuffer({ resolveWithObject: true });
      return { bytes: data, format: encoding.format, width: info.width, height: info.height };
    },

    async isTransparent() {
      if (!picture.hasAlpha) return false;
      const { data, info } = await decoded();
      for (let position = 3; position < data.length; position += info.channels) {
        if (data[position] !== 255) return true;
      }
      return false;
    },

    async fitPalette() {
      const { data, info } = await decoded();
      return countsAtMost(PALETTE_COLOURS, data, info.channels);
    },

    async areIn(written) {
      const { data, info } = await decoded();
      const hasAlpha = info.channels === 4;
      const image = sharp(written).toColourspace(info.channels === 1 ? "b-w" : "srgb");
      const other = await (hasAlpha ? image.ensureAlpha() : image.removeAlpha()).raw().toBuffer();
      return data.equals(other) || (hasAlpha && areEqualWhereSeen(data, other));
    },

    async longEdge() {
      const { info } = await decoded();
      return Math.max(info.width, info.height);
    },
  };
}

function withinLongEdge(image: SharpImage, longEdge: number): SharpImage {
  return image.resize({ width: longEdge, height: longEdge, fit: "inside", withoutEnlargement: true });
}

/**
 * The input with the colours that the file names in another way than by a profile. libvips reads none of these; a PNG can be
 * given a profile, so what else names its colours goes through one.
 */
async function withColours(sharp: Sharp, { input, format }: Picture): Promise<DecoderInput> {
  if (input.colours.is !== "convertible" || format === "png") return input;
  const png = await sharp(input.bytes, { ...input.options, limitInputPixels: MAX_PIXELS })
    .toColourspace("srgb")
    .png({ compressionLevel: 0 })
    .toBuffer()
    .catch((cause: unknown) => {
      throw damagedPicture(format, cause);
    });
  const { page: _, ...options } = input.options;
  return { ...input, bytes: pngForDecoder(png, input.colours.profile) ?? png, options };
}

function areEqualWhereSeen(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length) return false;
  for (let start = 0; start < one.length; start += 4) {
    const isSeen = one[start + 3] !== 0 || other[start + 3] !== 0;
    if (isSeen && one.readUInt32LE(start) !== other.readUInt32LE(start)) return false;
  }
  return true;
}

function countsAtMost(most: number, data: Buffer, channels: number): boolean {
  const colours = new Set<number>();
  for (let position = 0; position < data.length; position += channels) {
    colours.add(data.readUIntBE(position, channels));
    if (colours.size > most) return false;
  }
  return true;
}
