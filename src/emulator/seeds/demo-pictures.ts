import { seededRandom } from "../behaviour/seeded-random.js";
import { png } from "./png.js";

/** The outline of a pot: half its width, 0 to 1, at a height from 0 (rim) to 1 (foot). */
type Outline = (height: number) => number;

export type PotShape = "vase" | "bowl" | "jug" | "plate" | "cup";

const OUTLINES: Readonly<Record<PotShape, Outline>> = {
  vase: (height) => 0.3 + 0.42 * Math.sin(Math.PI * height ** 1.3) ** 2 + 0.12 * (1 - height) ** 6,
  bowl: (height) => 0.95 * Math.sqrt(Math.max(0, 1 - height ** 2)) + 0.02,
  jug: (height) => 0.38 + 0.3 * Math.sin(Math.PI * Math.min(1, height * 1.15)),
  plate: (height) => (height < 0.75 ? 0 : 1.1 - 2.4 * (height - 0.75)),
  cup: (height) => 0.62 - 0.12 * height,
};

/** Shades of the ground, then as many of the pot. */
const SHADES = 128;
const WIDTH = 360;
const HEIGHT = 270;
const GLOW = [150, 80, 30];
/** Rows of the same brightness. */
const BAND = 10;
/** Bytes, a multiple of three, that rows are no multiple of: no pattern shows. */
const GRAIN = 5_001;

/** A pot before a plain ground, both of one hue (0 to 360), drawn as a PNG. */
export function potPicture(shape: PotShape, potHue: number, groundHue: number): Buffer {
  const data = Buffer.alloc(WIDTH * HEIGHT);
  const top = HEIGHT * 0.16;
  const size = HEIGHT * 0.66;
  for (let y = 0; y < HEIGHT; y += 1) {
    const height = (y - top) / size;
    const halfWidth = height >= 0 && height <= 1 ? OUTLINES[shape](height) * size * 0.62 : 0;
    data.fill(groundShade(y), y * WIDTH, (y + 1) * WIDTH);
    drawRow(data, y * WIDTH + WIDTH / 2, halfWidth, 0.75 + 0.03 * Math.sin(height * 60));
  }
  return png({ width: WIDTH, height: HEIGHT, palette: potPalette(potHue, groundHue), data });
}

/** A row of a pot around its middle, lit from the left. `light`, 0 to 1, differs from row to row as the wheel's rings do. */
function drawRow(data: Buffer, middle: number, halfWidth: number, light: number): void {
  const half = Math.floor(halfWidth);
  for (let x = -half; x < half; x += 1) {
    const fromLight = x / halfWidth + 0.35;
    const brightness = Math.max(0, light - 0.45 * fromLight * fromLight);
    data[middle + x] = SHADES + Math.round(brightness * (SHADES - 1));
  }
}

/** A wall, and a table in the lowest fifth. */
function groundShade(y: number): number {
  const light = y < HEIGHT * 0.8 ? 0.55 + (0.35 * y) / HEIGHT : 0.5 - (0.25 * (y - HEIGHT * 0.8)) / HEIGHT;
  return Math.round(light * (SHADES - 1));
}

function potPalette(potHue: number, groundHue: number): Buffer {
  const palette = Buffer.alloc(SHADES * 2 * 3);
  for (let shade = 0; shade < SHADES; shade += 1) {
    const light = shade / (SHADES - 1);
    palette.set(colour(groundHue, 0.25, 0.25 + 0.7 * light), shade * 3);
    palette.set(colour(potHue, 0.5, 0.12 + 0.68 * light), (SHADES + shade) * 3);
  }
  return palette;
}

/** Hills under a sky, drawn as a PNG; other hills for each number. */
export function landscapePicture(index: number, hue: number): Buffer {
  const data = Buffer.alloc(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) data.fill(Math.round((y / HEIGHT) * 100), y * WIDTH, (y + 1) * WIDTH);
  const random = seededRandom(index);
  for (const [behind, base] of [0.5, 0.65, 0.8].entries()) {
    const wave = 2 + random() * 5;
    const shift = random() * 6;
    for (let x = 0; x < WIDTH; x += 1) {
      const edge = Math.round(HEIGHT * (base + 0.07 * Math.sin((x / WIDTH) * wave + shift)));
      for (let y = edge; y < HEIGHT; y += 1) data[y * WIDTH + x] = SHADES + 70 - behind * 30;
    }
  }
  return png({ width: WIDTH, height: HEIGHT, palette: potPalette(hue, 210), data });
}

/** A glow in the dark with the grain of a camera, which does not compress: three bytes a pixel. */
export function heavyPicture(width: number, height: number): Buffer {
  const random = seededRandom(width);
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += BAND) {
    const glow = Math.sin((Math.PI * y) / height) ** 2;
    const grain = Buffer.from(
      Array.from({ length: GRAIN }, (_byte, index) => {
        return Math.round(30 + glow * (GLOW[index % 3] ?? 0) + 60 * random());
      }),
    );
    data.fill(grain, y * width * 3, Math.min(y + BAND, height) * width * 3);
  }
  return png({ width, height, data }, 0);
}

/** An icon: its strokes in a square of 24 units. */
export function icon(path: string): Buffer {
  return Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 24 24" fill="none" ' +
      `stroke="#7a4a2b" stroke-width="1.6" stroke-linecap="round"><path d="${path}"/></svg>\n`,
  );
}

/** A portrait: head and shoulders. */
export function portrait(hue: number): Buffer {
  return Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="0 0 32 32">' +
      `<rect width="32" height="32" fill="hsl(${hue},35%,82%)"/>` +
      `<circle cx="16" cy="12" r="6" fill="hsl(${hue},40%,40%)"/>` +
      `<path d="M4 32c0-8 5-13 12-13s12 5 12 13z" fill="hsl(${(hue + 40) % 360},35%,45%)"/></svg>\n`,
  );
}

export function logo(text: string, colourName: string): Buffer {
  return Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="96" viewBox="0 0 360 96">' +
      `<circle cx="48" cy="48" r="30" fill="none" stroke="${colourName}" stroke-width="8"/>` +
      `<text x="96" y="60" font-family="Georgia, serif" font-size="36" fill="${colourName}">${text}</text></svg>\n`,
  );
}

/** Red, green and blue, 0 to 255, of a hue (0 to 360) with saturation and lightness from 0 to 1. */
function colour(hue: number, saturation: number, lightness: number): [number, number, number] {
  const channel = (offset: number): number => {
    const position = (offset + hue / 30) % 12;
    const spread = saturation * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - spread * Math.max(-1, Math.min(position - 3, 9 - position, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
