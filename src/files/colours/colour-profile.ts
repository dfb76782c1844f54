/** The chromaticities of white, red, green and blue (CIE 1931 x and y). */
export type Chromaticities = readonly [white: Point, red: Point, green: Point, blue: Point];
type Point = readonly [x: number, y: number];
type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** From a level to light, both from 0 to 1: a power, or the curve of sRGB. */
export type Curve = number | "srgb";

const D65: Point = [0.3127, 0.329];
export const SRGB: Chromaticities = [D65, [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]];
export const DISPLAY_P3: Chromaticities = [D65, [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]];
export const BT2020: Chromaticities = [D65, [0.708, 0.292], [0.17, 0.797], [0.131, 0.046]];

/** The white of profiles, and Bradford's cone responses, by which one white is adapted to another (ICC.1, annex E). */
const D50: Vector = [0.9642, 1, 0.8249];
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
/** A curve of sRGB as a table with this many levels. */
const CURVE_LEVELS = 1_024;

/** An ICC profile (version 2) of a display with these primaries. ICC.1:2001, https://www.color.org/icc_specs2.xalter */
export function displayProfile([white, ...primaries]: Chromaticities, curve: Curve): Buffer {
  const [red, green, blue] = primaries.map(toXyz) as unknown as Matrix;
  const whiteXyz = toXyz(white);
  const mixed = transposed([red, green, blue]);
  const [r, g, b] = multiply(inverse(mixed), whiteXyz);
  const adaptation = adaptationTo(D50, whiteXyz);
  const colorants = [scaled(red, r), scaled(green, g), scaled(blue, b)].map((colorant) =>
    multiply(adaptation, colorant),
  );
  const toneCurve = curveTag(curve);
  return profileOf([
    ["desc", descriptionTag("RGB")],
    ["cprt", Buffer.from("text\0\0\0\0none\0\0\0\0", "latin1")],
    ["wtpt", xyzTag(D50)],
    ...["rXYZ", "gXYZ", "bXYZ"].map((name, index) => [name, xyzTag(colorants[index] ?? D50)] as const),
    ...["rTRC", "gTRC", "bTRC"].map((name) => [name, toneCurve] as const),
  ]);
}

/** A profile for pictures of one channel. */
export function greyProfile(curve: Curve): Buffer {
  const tags: Tags = [
    ["desc", descriptionTag("Grey")],
    ["cprt", Buffer.from("text\0\0\0\0none\0\0\0\0", "latin1")],
    ["wtpt", xyzTag(D50)],
    ["kTRC", curveTag(curve)],
  ];
  return profileOf(tags, "GRAY");
}

type Tags = readonly (readonly [signature: string, data: Buffer])[];

function profileOf(tags: Tags, colourSpace = "RGB "): Buffer {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length);
  let position = 128 + table.length;
  for (const [index, [signature, data]] of tags.entries()) {
    table.write(signature, 4 + 12 * index, "latin1");
    table.writeUInt32BE(position, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    position += data.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(position, 0);
  header.writeUInt32BE(0x02100000, 8);
  header.write(`mntr${colourSpace}XYZ `, 12, "latin1");
  header.write("acsp", 36, "latin1");
  xyzTag(D50).copy(header, 68, 8);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function descriptionTag(text: string): Buffer {
  const data = Buffer.alloc(Math.ceil((12 + text.length + 1 + 78) / 4) * 4);
  data.write("desc", 0, "latin1");
  data.writeUInt32BE(text.length + 1, 8);
  data.write(text, 12, "latin1");
  return data;
}

function xyzTag(xyz: Vector): Buffer {
  const data = Buffer.alloc(20);
  data.write("XYZ ", 0, "latin1");
  for (const [index, value] of xyz.entries()) data.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
  return data;
}

function curveTag(curve: Curve): Buffer {
  const levels = curve === "srgb" ? srgbCurve() : [Math.round(curve * 256)];
  const data = Buffer.alloc(Math.ceil((12 + 2 * levels.length) / 4) * 4);
  data.write("curv", 0, "latin1");
  data.writeUInt32BE(levels.length, 8);
  for (const [index, level] of levels.entries()) data.writeUInt16BE(level, 12 + 2 * index);
  return data;
}

/** IEC 61966-2-1. */
function srgbCurve(): number[] {
  return Array.from({ length: CURVE_LEVELS }, (_, index) => {
    const level = index / (CURVE_LEVELS - 1);
    const light = level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
    return Math.round(light * 65_535);
  });
}

function adaptationTo(target: Vector, white: Vector): Matrix {
  const [from, to] = [multiply(BRADFORD, white), multiply(BRADFORD, target)];
  const cones: Matrix = [
    [to[0] / from[0], 0, 0],
    [0, to[1] / from[1], 0],
    [0, 0, to[2] / from[2]],
  ];
  return product(inverse(BRADFORD), product(cones, BRADFORD));
}

function toXyz([x, y]: Point): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

function scaled([a, b, c]: Vector, factor: number): Vector {
  return [a * factor, b * factor, c * factor];
}

function multiply(matrix: Matrix, [a, b, c]: Vector): Vector {
  const row = ([x, y, z]: Vector): number => x * a + y * b + z * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

function transposed([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  return [
    [a, d, g],
    [b, e, h],
    [c, f, i],
  ];
}

function product(one: Matrix, other: Matrix): Matrix {
  const [a, b, c] = transposed(other);
  return transposed([multiply(one, a), multiply(one, b), multiply(one, c)]);
}

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const part = (value: number): number => value / determinant;
  return [
    [part(e * i - f * h), part(c * h - b * i), part(b * f - c * e)],
    [part(f * g - d * i), part(a * i - c * g), part(c * d - a * f)],
    [part(d * h - e * g), part(b * g - a * h), part(a * e - b * d)],
  ];
}
