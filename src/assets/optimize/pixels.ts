import type { Sharp as SharpImage } from "sharp";
import { type Encoding, MAX_LONG_EDGE } from "./encodings.js";
import { damagedPicture, MAX_PIXELS, type Picture } from "./inspect-picture.js";
import type { Sharp } from "./load-sharp.js";
import type { PictureFormat } from "./picture-format.js";

/** A decoded picture: upright, in sRGB (or grey), 8 bits a channel, and nothing besides. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly isGrey: boolean;
}

/**
 * Decodes a picture to at most {@link MAX_LONG_EDGE} pixels. Throws INVALID_INPUT when it is cut off or cannot be
 * decoded; warnings that decoders survive with a whole picture pass.
 */
export async function decodePixels(sharp: Sharp, bytes: Buffer, picture: Picture): Promise<Pixels> {
  const { data, info } = await upright(sharp, bytes, picture)
    .resize({ width: MAX_LONG_EDGE, height: MAX_LONG_EDGE, fit: "inside", withoutEnlargement: true })
    .toColourspace(picture.isGrey ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw damagedPicture(picture.format, cause);
    });
  const { width, height, channels } = info;
  return { data, width, height, channels, isGrey: picture.isGrey };
}

/** A written picture and its size in pixels. */
export interface EncodedPicture {
  readonly bytes: Buffer;
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
}

/** Writes the pixels, made smaller where `longEdge` asks for it; the same pixels give the same bytes. */
export async function encodePixels(
  sharp: Sharp,
  pixels: Pixels,
  encoding: Encoding,
  longEdge = MAX_LONG_EDGE,
): Promise<EncodedPicture> {
  const image = open(sharp, pixels)
    .resize({ width: longEdge, height: longEdge, fit: "inside", withoutEnlargement: true })
    .toColourspace(pixels.isGrey ? "b-w" : "srgb");
  const { data, info } = await encoding.apply(image).toBuffer({ resolveWithObject: true });
  return { bytes: data, format: encoding.format, width: info.width, height: info.height };
}

/** Whether some pixel is not opaque. */
export async function isTransparent(sharp: Sharp, pixels: Pixels): Promise<boolean> {
  if (pixels.channels === 1 || pixels.channels === 3) return false;
  const { isOpaque } = await open(sharp, pixels).stats();
  return !isOpaque;
}

function open(sharp: Sharp, { data, width, height, channels }: Pixels): SharpImage {
  return sharp(data, { raw: { width, height, channels } });
}

function upright(sharp: Sharp, bytes: Buffer, picture: Picture): SharpImage {
  const image = sharp(bytes, {
    autoOrient: true,
    limitInputPixels: MAX_PIXELS,
    // A TIFF that is cut off only shows as an error of the decoder inside it.
    failOn: picture.format === "tiff" ? "error" : "truncated",
  });
  // With 16 bits a channel, sharp converts an embedded profile to Display P3 and leaves grey ones out.
  return picture.has16Bits ? image.pipelineColourspace(picture.isGrey ? "b-w" : "srgb") : image;
}
