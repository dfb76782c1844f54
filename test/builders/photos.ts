import sharp, { type Sharp } from "sharp";

export type Rgb = readonly [red: number, green: number, blue: number];

/** The colours of the corners, clockwise from the top left. */
export const CORNERS: readonly [Rgb, Rgb, Rgb, Rgb] = [
  [220, 40, 40],
  [40, 180, 60],
  [40, 60, 200],
  [230, 210, 60],
];

/** Four fields of colour, one in each corner. */
export function cornersPicture(width = 120, height = 80): Sharp {
  const [topLeft, topRight, bottomRight, bottomLeft] = CORNERS;
  return picture(width, height, (x, y) => {
    if (y < height / 2) return x < width / 2 ? topLeft : topRight;
    return x < width / 2 ? bottomLeft : bottomRight;
  });
}

/** A smooth picture, as a sky is. */
export function gradient(width: number, height: number): Sharp {
  return picture(width, height, (x, y) => [
    40 + (180 * x) / width,
    60 + (150 * y) / height,
    200 - (120 * (x + y)) / (width + height),
  ]);
}

/** A gradient under noise of so many levels; the same seed gives the same picture. */
export function noise(width: number, height: number, { seed = 1, levels = 120 } = {}): Sharp {
  const random = seededRandom(seed);
  return picture(width, height, (x, y) => {
    const grain = (random() - 0.5) * levels;
    return [60 + (120 * x) / width + grain, 60 + (120 * y) / height - grain, 120 + grain];
  });
}

/** One colour all over. */
export function plain(colour: Rgb, width = 64, height = 64): Sharp {
  return picture(width, height, () => colour);
}

/** A picture of this size, coloured by a function of the position. */
export function picture(width: number, height: number, colourAt: (x: number, y: number) => Rgb): Sharp {
  // Clamped arrays would round halves to even, and thereby draw other pictures than before.
  const data = new Uint8ClampedArray(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 3) {
      const colour = colourAt(x, y);
      data[at] = Math.round(colour[0]);
      data[at + 1] = Math.round(colour[1]);
      data[at + 2] = Math.round(colour[2]);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The levels of the pixel at this position, without alpha. Profiles count as browsers count them. */
export async function colourAt(bytes: Buffer, x: number, y: number): Promise<Rgb> {
  const { data, info } = await sharp(bytes).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const start = (y * info.width + x) * info.channels;
  const [red = 0, green = 0, blue = 0] = data.subarray(start, start + 3);
  return info.channels < 3 ? [red, red, red] : [red, green, blue];
}

/** CIE 1976 delta E of two sRGB colours; about 2.3 is just noticeable. */
export function deltaE(one: Rgb, other: Rgb): number {
  const [lab, otherLab] = [toLab(one), toLab(other)];
  return Math.hypot(lab[0] - otherLab[0], lab[1] - otherLab[1], lab[2] - otherLab[2]);
}

function toLab(colour: Rgb): Rgb {
  const [red, green, blue]: Rgb = [linear(colour[0]), linear(colour[1]), linear(colour[2])];
  const x = curve((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = curve(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = curve((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function linear(level: number): number {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function curve(share: number): number {
  return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
}

function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** An Ultra HDR JPEG: an ordinary picture, followed by a gain map that brightens it on HDR screens. */
export function ultraHdrJpeg(image: Sharp): Promise<Buffer> {
  return (image as SharpWithGainMap).withGainMap().jpeg().toBuffer();
}

/** The types of sharp 0.35 leave the method out. */
type SharpWithGainMap = Sharp & { withGainMap(): Sharp };
