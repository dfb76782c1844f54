import type { SharpOptions } from "sharp";
import { AssetError } from "../core/errors.js";
import { avifColourSignal, type ColourSignal, pngColourSignal } from "../files/colours/colour-signal.js";
import { readAvif, stripAvif } from "../files/formats/avif-boxes.js";
import { decodeBmp, readBmpHeader } from "../files/formats/bmp.js";
import { jpegForDecoder, jpegOrientation } from "../files/formats/jpeg-segments.js";
import { pngForDecoder } from "../files/formats/png-chunks.js";
import { mainTiffPicture, type TiffPicture, tiffPictures } from "../files/formats/tiff-directories.js";
import { webpForDecoder } from "../files/formats/webp-chunks.js";
import { stripMetadata } from "./metadata/strip-metadata.js";
import { damagedPicture, MAX_PIXELS, tooManyPixels } from "./picture-errors.js";
import type { PictureFormat } from "./picture-format.js";

/** What a decoder gets of a file: none of its metadata except the orientation, and which of its pictures counts. */
export interface DecoderInput {
  readonly bytes: Buffer;
  readonly options: SharpOptions;
  /** The whole file without its metadata, where that is what the decoder gets: a photo is large, and held once. */
  readonly stripped?: Buffer;
  readonly colours: ColourSignal;
  /** How many pictures the file holds that are no smaller version of another. */
  readonly pages: number;
  /** Of a TIFF, the picture that is meant. */
  readonly tiff?: TiffPicture;
}

const SRGB: ColourSignal = { is: "srgb" };
/** Samples a pixel that a file may have, counting saved selections. */
const MOST_CHANNELS = 64;

/** Throws INVALID_INPUT for a file that is cut off, FILE_TOO_LARGE for too many pixels where those are decoded here. */
export function decoderInput(bytes: Buffer, format: PictureFormat): DecoderInput {
  const input = (decodable: Buffer | undefined, colours = SRGB, options: SharpOptions = {}): DecoderInput => {
    if (!decodable) throw damagedPicture(format);
    return { bytes: decodable, options: { failOn: "truncated", ...options }, colours, pages: 1 };
  };
  switch (format) {
    case "jpeg": {
      const stripped = jpegOrientation(bytes) === 1 ? stripMetadata(bytes) : undefined;
      return { ...input(stripped ?? jpegForDecoder(bytes)), ...(stripped && { stripped }) };
    }
    case "webp":
      return input(webpForDecoder(bytes));
    case "png": {
      const colours = pngColourSignal(bytes);
      const profile = colours.is === "convertible" ? colours.profile : undefined;
      return input(pngForDecoder(bytes, profile), colours);
    }
    case "avif":
      return input(stripAvif(bytes), avifColourSignal(readAvif(bytes)?.colour));
    case "tiff":
      return tiffInput(bytes);
    case "bmp":
      return bmpInput(bytes);
    case "gif":
      return input(bytes);
  }
}

/** A TIFF that is cut off only shows as an error of the decoder inside it. */
function tiffInput(bytes: Buffer): DecoderInput {
  const pictures = tiffPictures(bytes);
  const tiff = mainTiffPicture(pictures);
  const place = tiff && {
    page: tiff.page,
    ...(tiff.subDirectory !== undefined && { tiff: { subifd: tiff.subDirectory } }),
  };
  return {
    bytes,
    options: { failOn: "error", limitInputChannels: MOST_CHANNELS, ...place },
    colours: SRGB,
    pages: Math.max(
      1,
      pictures.filter(({ isSecondary, subDirectory }) => !isSecondary && subDirectory === undefined).length,
    ),
    ...(tiff && { tiff }),
  };
}

function bmpInput(bytes: Buffer): DecoderInput {
  const header = readBmpHeader(bytes);
  if (!header) throw unknownBmp();
  if (header.width * header.height > MAX_PIXELS) throw tooManyPixels(header.width, header.height);
  const pixels = decodeBmp(bytes, header);
  if (!pixels) throw damagedPicture("bmp");
  const { data, width, height, channels } = pixels;
  return { bytes: data, options: { raw: { width, height, channels } }, colours: SRGB, pages: 1 };
}

function unknownBmp(): AssetError {
  return new AssetError(
    "TYPE_NOT_SUPPORTED",
    "This kind of BMP cannot be read here, or its header is damaged",
    "save it as PNG in an image editor and send that",
  );
}
