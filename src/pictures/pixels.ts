import type { OutputInfo, Sharp as SharpImage } from "sharp";
import { pngForDecoder } from "../files/formats/png-chunks.js";
import type { DecoderInput } from "./decoder-input.js";
import { type Encoding, MAX_LONG_EDGE } from "./encodings.js";
import { isTurnedBySide, type Picture } from "./inspect-picture.js";
import type { Sharp } from "./load-sharp.js";
import { damagedPicture, MAX_PIXELS } from "./picture-errors.js";
import type { PictureFormat } from "./picture-format.js";

/** A written picture and its size. */
export interface EncodedPicture extends Size {
  readonly bytes: Buffer;
  readonly format: PictureFormat;
}

/**
 * The pixels of a picture: upright, in sRGB (or grey), 8 bits a channel, at most {@link MAX_LONG_EDGE} long. Methods
 * throw INVALID_INPUT when it is cut off or cannot be decoded; harmless warnings pass.
 */
export interface Pixels {
  /** Their size, without decoding a JPEG. */
  size(): Promise<Size>;
  /** The picture decoded to its last row. */
  decoded(): Promise<DecodedPixels>;
  /**
   * Writes the pixels, made smaller where `longEdge` asks for it; the same pixels give the same bytes. A JPEG is
   * written row by row as it is decoded: all rows of a photo together are a third of what its encoding takes.
   */
  encode(encoding: Encoding, longEdge?: number): Promise<EncodedPicture>;
  /** Whether some pixel is not opaque. */
  isTransparent(): Promise<boolean>;
  /** Whether they are of at most 256 colours, alpha counted, which a palette can hold; not asked of a JPEG. */
  fitPalette(): Promise<boolean>;
  /** Whether the written picture holds each of them as it is; colours count where they are not transparent. */
  areIn(written: Buffer): Promise<boolean>;
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
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
  const isJpeg = picture.format === "jpeg";
  let decoding: Promise<DecodedPixels> | undefined;

  /** What is decoded when it is written. */
  async function source(longEdge: number): Promise<SharpImage> {
    const input = await withColours(sharp, picture);
    const image = sharp(input.bytes, { ...input.options, autoOrient: true, limitInputPixels: MAX_PIXELS });
    // With 16 bits a channel, sharp converts an embedded profile to Display P3 and leaves grey ones out.
    const converted = picture.has16Bits
      ? image.pipelineColourspace(picture.isGrey ? "b-w" : colourSpace)
      : image;
    return withinLongEdge(converted, longEdge).toColourspace(colourSpace);
  }

  function decoded(): Promise<DecodedPixels> {
    decoding ??= source(MAX_LONG_EDGE).then((image) => written(image.raw(), picture.format));
    return decoding;
  }

  async function decodedBefore(longEdge: number): Promise<SharpImage> {
    const { data, info } = await decoded();
    const { width, height, channels } = info;
    const image = withinLongEdge(sharp(data, { raw: { width, height, channels } }), longEdge);
    return picture.isGrey ? image.toColourspace("b-w") : image;
  }

  return {
    decoded,

    async size() {
      return isJpeg ? uprightSize(picture) : (await decoded()).info;
    },

    async encode(encoding, longEdge = MAX_LONG_EDGE) {
      const image = await (isJpeg ? source(longEdge) : decodedBefore(longEdge));
      const { data, info } = await written(encoding.apply(image), picture.format);
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
      if (isJpeg) return false;
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
  };
}

function written(image: SharpImage, format: PictureFormat): Promise<DecodedPixels> {
  return image.toBuffer({ resolveWithObject: true }).catch((cause: unknown) => {
    throw damagedPicture(format, cause);
  });
}

/** As the header has it. */
function uprightSize({ orientation, width, height }: Picture): Size {
  const scale = Math.min(1, MAX_LONG_EDGE / Math.max(width, height));
  const [across, down] = isTurnedBySide(orientation) ? [height, width] : [width, height];
  return { width: Math.round(across * scale), height: Math.round(down * scale) };
}

function withinLongEdge(image: SharpImage, longEdge: number): SharpImage {
  return image.resize({ width: longEdge, height: longEdge, fit: "inside", withoutEnlargement: true });
}

/**
 * The input with colours that the file names otherwise than by a profile. libvips reads none of these; a PNG can be
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
