import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { avifOf } from "../test/builders/avif.js";
import { picture } from "../test/builders/photos.js";
import { adobeRgbProfile, withPngChunks } from "../test/builders/picture-parts.js";
import { withPrivateData } from "../test/builders/private-picture.js";

/** A picture, and how it looks to the reader of a browser that knows of colours. */
export interface PictureCase {
  readonly name: string;
  readonly extension: string;
  readonly bytes: Buffer;
  /** Upright, in sRGB, with its alpha. */
  readonly look: Buffer;
  readonly frames: number;
}

type Format = "jpeg" | "png" | "webp" | "avif" | "tiff" | "gif";
type Channels = "grey" | "greyAlpha" | "rgb" | "rgba" | "palette" | "cmyk";
type Colours = "srgb" | "p3" | "adobe" | "linear" | "cicp-p3" | "pq";

interface Kind {
  readonly format: Format;
  readonly lossless?: boolean;
  readonly channels: Channels;
  readonly depth: 8 | 16;
  readonly colours: Colours;
  readonly orientation: number;
  readonly isPrivate: boolean;
  readonly frames: number;
}

const [WIDTH, HEIGHT] = [96, 64];
const DISPLAY_P3 = { primaries: 12, transfer: 13 };
const PQ = { primaries: 9, transfer: 16 };

/** Every kind once, and each of them with several orientations, and with private data and without. */
export async function pictureCases(directory: string): Promise<PictureCase[]> {
  const adobe = join(directory, "adobe-rgb.icc");
  writeFileSync(adobe, adobeRgbProfile());
  const cases: PictureCase[] = [];
  for (const kind of kinds()) cases.push(await caseOf(kind, adobe));
  return cases;
}

function kinds(): Kind[] {
  const profiles: readonly Colours[] = ["srgb", "p3", "adobe"];
  return [
    ...combined(["jpeg"], ["grey", "rgb", "cmyk"], [8], profiles, [1, 2, 3, 5, 6, 8]),
    ...combined(
      ["png"],
      ["grey", "greyAlpha", "rgb", "rgba", "palette"],
      [8, 16],
      [...profiles, "linear", "cicp-p3", "pq"],
      [1, 3, 6],
    ),
    ...combined(["webp"], ["rgb", "rgba"], [8], profiles, [1, 3, 6, 8]),
    ...combined(["webp"], ["rgb", "rgba"], [8], profiles, [1, 3, 6, 8]).map((kind) => ({
      ...kind,
      lossless: true,
    })),
    ...combined(["avif"], ["rgb"], [8], ["srgb", "p3", "cicp-p3", "pq"], [1]),
    ...combined(["tiff"], ["grey", "greyAlpha", "rgb", "rgba", "cmyk"], [8, 16], profiles, [1, 3, 6]),
    ...combined(["gif"], ["rgb"], [8], ["srgb"], [1]),
    ...combined(["gif", "webp"], ["rgb"], [8], ["srgb"], [1]).map((kind) => ({ ...kind, frames: 3 })),
  ].filter(isPossible);
}

function combined(
  formats: readonly Format[],
  channels: readonly Channels[],
  depths: readonly (8 | 16)[],
  colours: readonly Colours[],
  orientations: readonly number[],
): Kind[] {
  return formats.flatMap((format) =>
    channels.flatMap((channel) =>
      depths.flatMap((depth) =>
        colours.flatMap((colour) =>
          orientations.flatMap((orientation) =>
            [false, true].map((isPrivate) => ({
              format,
              channels: channel,
              depth,
              colours: colour,
              orientation,
              isPrivate,
              frames: 1,
            })),
          ),
        ),
      ),
    ),
  );
}

/** Profiles of red, green and blue fit no grey, and none of them CMYK; a palette has 8 bits; CMYK is written with 8 here. */
function isPossible({ channels, colours, depth }: Kind): boolean {
  if (channels === "cmyk") return colours === "srgb" && depth === 8;
  if (channels === "palette") return depth === 8;
  return !channels.startsWith("grey") || !["p3", "adobe", "cicp-p3"].includes(colours);
}

/** Soft shades in four fields, of colours that every space has; half of it half transparent where alpha is asked for. */
function drawn({ channels }: Kind, shift = 0): Sharp {
  const isGrey = channels.startsWith("grey");
  const image = picture(WIDTH, HEIGHT, (x, y) => {
    const level = 70 + (x * 90) / WIDTH;
    if (isGrey) return [level, level, level];
    return [
      level + (y < HEIGHT / 2 ? 50 : 0),
      90 + (y * 80) / HEIGHT,
      x < WIDTH / 2 ? 150 - shift : 80 + shift,
    ];
  });
  return image;
}

async function withAlpha(image: Sharp): Promise<Sharp> {
  const rgb = await image.raw().toBuffer();
  const rgba = Buffer.alloc(WIDTH * HEIGHT * 4, 255);
  for (let index = 0; index < WIDTH * HEIGHT; index += 1) {
    rgb.copy(rgba, index * 4, index * 3, index * 3 + 3);
    if (index % WIDTH > WIDTH / 2) rgba[index * 4 + 3] = 120;
  }
  return sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
}

async function caseOf(kind: Kind, adobe: string): Promise<PictureCase> {
  const { format, channels, depth, colours, orientation, isPrivate, frames, lossless } = kind;
  const hasAlpha = channels === "greyAlpha" || channels === "rgba";
  const shown = hasAlpha ? await withAlpha(drawn(kind)) : drawn(kind);
  const levels = await shown.png({ compressionLevel: 0 }).toBuffer();
  const named = [
    format,
    lossless ? "lossless" : "",
    channels,
    depth,
    colours,
    `o${orientation}`,
    isPrivate ? "private" : "",
    frames > 1 ? "animated" : "",
  ];
  const name = named.filter((part) => part !== "").join("-");
  const extension = format === "jpeg" ? "jpg" : format;
  if (frames > 1) {
    const pictures = await Promise.all([0, 20, 40].map((shift) => drawn(kind, shift).png().toBuffer()));
    const joined = sharp(pictures, { join: { animated: true } });
    const animated = joined.toFormat(format);
    const bytes = await (isPrivate ? withPrivateData(animated, format, orientation) : animated.toBuffer());
    return { name, extension, bytes, look: levels, frames };
  }
  const bytes = await written(kind, levels, adobe);
  const isReadBySharp = channels === "cmyk" || channels === "palette";
  const look =
    isReadBySharp && !["linear", "cicp-p3"].includes(colours)
      ? await sharp(bytes, { autoOrient: true }).toColourspace("srgb").png().toBuffer()
      : await turned(await lookOf(levels, colours), orientation);
  return { name, extension, bytes, look, frames };
}

async function written(kind: Kind, levels: Buffer, adobe: string): Promise<Buffer> {
  const { format, channels, depth, colours, orientation, isPrivate, lossless } = kind;
  const image = sharp(levels);
  const isGrey = channels.startsWith("grey");
  const spaced = image.toColourspace(
    channels === "cmyk"
      ? "cmyk"
      : isGrey
        ? depth === 16
          ? "grey16"
          : "b-w"
        : depth === 16
          ? "rgb16"
          : "srgb",
  );
  const profile = colours === "p3" ? "p3" : colours === "adobe" ? adobe : undefined;
  if (format === "avif" && colours !== "srgb" && colours !== "p3") {
    const tile = await image.removeAlpha().avif({ quality: 95, effort: 0 }).toBuffer();
    const colour = colours === "pq" ? PQ : DISPLAY_P3;
    return avifOf({ tiles: [tile], columns: 1, tileWidth: WIDTH, tileHeight: HEIGHT, colour });
  }
  const options = {
    quality: 92,
    ...(lossless && { lossless }),
    ...(channels === "palette" && { palette: true, dither: 0, quality: 100 }),
  };
  const encoded = (() => {
    if (format === "tiff") return spaced.tiff({ compression: "deflate" });
    if (format === "avif") return spaced.avif({ quality: 92, effort: 0 });
    return spaced.toFormat(
      format,
      format === "gif" || (format === "png" && channels !== "palette") ? {} : options,
    );
  })();
  const bytes = await (isPrivate
    ? withPrivateData(encoded, format, orientation, profile)
    : plainly(encoded, orientation, profile));
  if (colours === "linear") return withPngChunks(withoutProfile(bytes), ["gAMA", uint32(100_000)]);
  if (colours === "cicp-p3") return withPngChunks(bytes, ["cICP", Buffer.of(12, 13, 0, 1)]);
  return colours === "pq" && format === "png"
    ? withPngChunks(bytes, ["cICP", Buffer.of(9, 16, 0, 1)])
    : bytes;
}

/** The PNG without the profile that sharp adds beside metadata, which would count instead of the gamma. */
function withoutProfile(png: Buffer): Buffer {
  const type = png.indexOf("iCCP");
  if (type === -1) return png;
  const start = type - 4;
  return Buffer.concat([png.subarray(0, start), png.subarray(start + 12 + png.readUInt32BE(start))]);
}

function plainly(image: Sharp, orientation: number, profile: string | undefined): Promise<Buffer> {
  const turned = orientation === 1 ? image : image.withMetadata({ orientation });
  return (profile === undefined ? turned : turned.withIccProfile(profile)).toBuffer();
}

/** How levels look that are to be read in these colours. An HDR picture has to stay as it is, so it looks as its levels do. */
async function lookOf(levels: Buffer, colours: Colours): Promise<Buffer> {
  if (colours !== "linear" && colours !== "cicp-p3") return levels;
  const { data, info } = await sharp(levels).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let at = 0; at < data.length; at += 4) {
    const seen =
      colours === "linear"
        ? [...data.subarray(at, at + 3)].map((level) => levelOf(level / 255))
        : displayP3ToSrgb(data.subarray(at, at + 3));
    data.set(
      seen.map((level) => Math.round(Math.max(0, Math.min(255, level)))),
      at,
    );
  }
  const { width, height } = info;
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

async function turned(look: Buffer, orientation: number): Promise<Buffer> {
  const told = await sharp(look).withMetadata({ orientation }).png().toBuffer();
  return sharp(told, { autoOrient: true }).png().toBuffer();
}

/** By the matrices of CSS Color 4. */
function displayP3ToSrgb(levels: Uint8Array): number[] {
  const [red = 0, green = 0, blue = 0] = [...levels].map(lightOf);
  return [
    levelOf(1.22494 * red - 0.22494 * green),
    levelOf(-0.04206 * red + 1.04206 * green),
    levelOf(-0.01964 * red - 0.07864 * green + 1.09827 * blue),
  ];
}

function lightOf(level: number): number {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function levelOf(light: number): number {
  const share = Math.max(0, Math.min(1, light));
  return 255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
