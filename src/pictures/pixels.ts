import type { OutputInfo, Sharp as SharpImage } from "sharp";
import { type Encoding, MAX_LONG_EDGE } from "./encodings.js";
import { damagedPicture, MAX_PIXELS, type Picture } from "./inspect-picture.js";
import type { Sharp } from "./load-sharp.js";
import type { PictureFormat } from "./picture-format.js";

/** A written picture and its size in pixels. */
export interface EncodedPicture {
  readonly bytes: Buffer;
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
}

/**
 * The pixels of a picture: upright, in sRGB (or grey), 8 bits a channel, at most {@link MAX_LONG_EDGE} long. Each method
 * throws INVALID_INPUT when the picture is cut off or cannot be decoded; warnings that decoders survive with a whole
 * picture pass.
 */
export interface Pixels {
  /** Decodes the picture to its last row. */
  check(): Promise<void>;
  /** Writes the pixels, made smaller where `longEdge` asks for it; the same pixels give the same bytes. */
  encode(encoding: Encoding, longEdge?: number): Promise<EncodedPicture>;
  /** Whether some pixel is not opaque. */
  isTransparent(): Promise<boolean>;
  /** In pixels. */
  longEdge(): Promise<number>;
}

interface Decoded {
  readonly data: Buffer;
  readonly info: OutputInfo;
}

export function pixelsOf(sharp: Sharp, bytes: Buffer, picture: Picture): Pixels {
  const colourSpace = picture.isGrey ? "b-w" : "srgb";
  let decoding: Promise<Decoded> | undefined;
  let isEncoded = false;

  function fitted(image: SharpImage, longEdge = MAX_LONG_EDGE): SharpImage {
    const box = { width: longEdge, height: longEdge, fit: "inside", withoutEnlargement: true } as const;
    return image.resize(box).toColourspace(colourSpace);
  }

  function source(): SharpImage {
    const image = sharp(bytes, {
      autoOrient: true,
      limitInputPixels: MAX_PIXELS,
      // A TIFF that is cut off only shows as an error of the decoder inside it.
      failOn: picture.format === "tiff" ? "error" : "truncated",
    });
    // With 16 bits a channel, sharp converts an embedded profile to Display P3 and leaves grey ones out.
    return picture.has16Bits ? image.pipelineColourspace(colourSpace) : image;
  }

  function run(image: SharpImage): Promise<Decoded> {
    return image.toBuffer({ resolveWithObject: true }).catch((cause: unknown) => {
      throw damagedPicture(picture.format, cause);
    });
  }

  function decoded(): Promise<Decoded> {
    decoding ??= run(fitted(source()).raw());
    return decoding;
  }

  async function image(): Promise<SharpImage> {
    const { data, info } = await decoded();
    const { width, height, channels } = info;
    return sharp(data, { raw: { width, height, channels } });
  }

  /** A JPEG is mostly taken at the first quality: its rows go from the decoder to the encoder, and are not held. */
  function isToBeStreamed(longEdge: number): boolean {
    return picture.format === "jpeg" && !isEncoded && longEdge === MAX_LONG_EDGE;
  }

  return {
    check: async () => {
      await decoded();
    },

    async encode(encoding, longEdge = MAX_LONG_EDGE) {
      const isStreamed = isToBeStreamed(longEdge);
      isEncoded = true;
      const { data, info } = await run(
        encoding.apply(fitted(isStreamed ? source() : await image(), longEdge)),
      );
      return { bytes: data, format: encoding.format, width: info.width, height: info.height };
    },

    async isTransparent() {
      if (!picture.hasAlpha) return false;
      const { isOpaque } = await (await image()).stats();
      return !isOpaque;
    },

    async longEdge() {
      const { info } = await decoded();
      return Math.max(info.width, info.height);
    },
  };
}
