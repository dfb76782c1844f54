import type { OutputInfo, Sharp as SharpImage } from "sharp";
import { AssetError } from "../../core/errors.js";
import { type DecoderInput, decoderInput } from "../decoder-input.js";
import type { Sharp } from "../load-sharp.js";
import { recognisePicture } from "../picture-format.js";
import { decodeSpecialTiff } from "../tiff-pixels.js";

/** A picture as models take it. */
export interface ViewablePicture {
  readonly bytes: Buffer;
  readonly contentType: "image/jpeg" | "image/png";
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** What a picture is made to fit: pixels a side, and bytes. */
export interface ViewBounds {
  readonly width: number;
  readonly height: number;
  readonly maxBytes: number;
}

const JPEG_QUALITIES = [80, 65, 50];
/** Sides in pixels that are tried when the picture has too many bytes at its first size. */
const SMALLER_SIDES = [1_280, 1_024, 768, 512];
/** Then a palette PNG has at most 147 kB, and a JPEG less. */
const SMALLEST_SIDE = 384;
/** How many times too large an estimate may be for its side to be tried all the same. */
const PROMISING_EXCESS = 1.2;
/** An SVG without a size of its own, or with a small one, is drawn as if this were its long side. */
const SVG_SIDE = 800;
const SVG_DENSITY = 72;
const MAX_SVG_DENSITY = 2_400;

type Encode = (image: SharpImage) => SharpImage;

/** The picture within `bounds`, as JPEG, or as PNG if some pixel is not opaque. Throws as `PictureViewer.view` does. */
export async function shrink(
  sharp: Sharp,
  bytes: Buffer,
  bounds: ViewBounds,
  maxPixels: number,
): Promise<ViewablePicture> {
  if (bytes.length === 0) return unreadable("no bytes");
  const input = await inputOf(sharp, bytes);
  const header = await sharp(input.bytes, { ...input.options, limitInputPixels: false })
    .metadata()
    .catch(unreadable);
  if (header.width * header.height > maxPixels) throw tooManyPixels(header.width, header.height);
  const density = header.format === "svg" ? densityFor(header.width, header.height) : undefined;
  const { data, info } = await sharp(input.bytes, {
    ...input.options,
    autoOrient: true,
    limitInputPixels: maxPixels,
    ...(density !== undefined && { density }),
  })
    .resize({ width: bounds.width, height: bounds.height, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(unreadable);
  const decoded = (): SharpImage => sharp(data, { raw: rawOf(info) });
  const isTransparent = info.channels === 4 && !(await decoded().stats()).isOpaque;
  return encode(decoded, isTransparent, Math.max(bounds.width, bounds.height), bounds.maxBytes);
}

/** A picture of a known format without its metadata, which a decoder must not see; anything else as it is. */
async function inputOf(sharp: Sharp, bytes: Buffer): Promise<Pick<DecoderInput, "bytes" | "options">> {
  const recognised = await recognisePicture(bytes);
  if (recognised.is !== "picture" && recognised.is !== "animation") {
    return { bytes, options: { failOn: "truncated" } };
  }
  try {
    return await decodeSpecialTiff(sharp, decoderInput(bytes, recognised.format));
  } catch (error) {
    return unreadable(error);
  }
}

/** The first encoding that is not too large; one of the smallest side never is. */
async function encode(decoded: () => SharpImage, isTransparent: boolean, side: number, maxBytes: number) {
  let written: ViewablePicture | undefined;
  for (const write of isTransparent ? PNG_ENCODINGS : JPEG_ENCODINGS) {
    const image = decoded().resize({ width: side, height: side, fit: "inside", withoutEnlargement: true });
    const { data, info } = await write(image).toBuffer({ resolveWithObject: true });
    const contentType = isTransparent ? "image/png" : "image/jpeg";
    written = { bytes: data, contentType, width: info.width, height: info.height };
    if (data.length <= maxBytes) return written;
  }
  if (!written || side <= SMALLEST_SIDE) return written ?? unreadable("nothing was written");
  return encode(decoded, isTransparent, nextSide(side, written.bytes.length / maxBytes), maxBytes);
}

/** The side to try for a picture that is this many times too large: bytes grow roughly with its square. */
function nextSide(side: number, excess: number): number {
  const promising = side / Math.sqrt(excess / PROMISING_EXCESS);
  return SMALLER_SIDES.find((smaller) => smaller < side && smaller <= promising) ?? SMALLEST_SIDE;
}

const JPEG_ENCODINGS: readonly Encode[] = JPEG_QUALITIES.map(
  (quality) => (image) => image.removeAlpha().jpeg({ quality }),
);
const PNG_ENCODINGS: readonly Encode[] = [
  (image) => image.png(),
  (image) => image.png({ palette: true, effort: 1 }),
];

function rawOf({ width, height, channels }: OutputInfo): Pick<OutputInfo, "width" | "height" | "channels"> {
  return { width, height, channels };
}

function densityFor(width: number, height: number): number {
  const factor = Math.max(1, SVG_SIDE / Math.max(width, height, 1));
  return Math.min(MAX_SVG_DENSITY, SVG_DENSITY * factor);
}

function unreadable(cause: unknown): never {
  throw new AssetError(
    "INVALID_INPUT",
    "The picture cannot be decoded: it is damaged, cut off, or in a format that cannot be shown here",
    "open its URL in a browser to see what it is; a damaged one can be uploaded again",
    { cause },
  );
}

function tooManyPixels(width: number, height: number): AssetError {
  return new AssetError(
    "FILE_TOO_LARGE",
    `The picture has ${width} x ${height} pixels, which is too many to decode here`,
    "view a smaller variant of it, or open its URL in a browser",
  );
}
