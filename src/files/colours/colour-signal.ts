import type { AvifFacts } from "../formats/avif-boxes.js";
import { pngChunks } from "../formats/png-chunks.js";
import {
  BT2020,
  type Chromaticities,
  type Curve,
  DISPLAY_P3,
  displayProfile,
  greyProfile,
  SRGB,
} from "./colour-profile.js";

/** What a file says about its colours besides an ICC profile. */
export type ColourSignal =
  /** Nothing, or sRGB. */
  | { readonly is: "srgb" }
  /** Other colours, and the ICC profile that says the same. */
  | { readonly is: "convertible"; readonly profile: Buffer }
  /** Brighter than a profile can express, or with unknown primaries: only the unchanged file shows them. */
  | { readonly is: "only as it is"; readonly title: string };

/** Code points of H.273, https://www.itu.int/rec/T-REC-H.273 */
const PRIMARIES: Readonly<Record<number, Chromaticities>> = { 1: SRGB, 2: SRGB, 9: BT2020, 12: DISPLAY_P3 };
const CURVES: Readonly<Record<number, Curve>> = {
  1: "srgb",
  2: "srgb",
  4: 2.2,
  5: 2.8,
  6: "srgb",
  8: 1,
  13: "srgb",
};
const HDR_TRANSFERS: Readonly<Record<number, string>> = { 16: "HDR colours (PQ)", 18: "HDR colours (HLG)" };

/** PNG counts chromaticities and gamma in this part of one. */
const PNG_UNIT = 100_000;
/** Differences that nobody sees: in a gamma, and in a chromaticity. */
const SAME_GAMMA = 0.05;
const SAME_CHROMATICITY = 0.003;

/** From `cICP`, `iCCP`, `sRGB`, `gAMA` or `cHRM`: the first one present counts (PNG, section 4.3). */
export function pngColourSignal(bytes: Buffer): ColourSignal {
  const chunks = new Map<string, Buffer>();
  for (const { type, data } of pngChunks(bytes)) {
    if (type === "IDAT") break;
    chunks.set(type, data);
  }
  const isGrey = ((chunks.get("IHDR")?.[9] ?? 0) & 2) === 0;
  const points = chunks.get("cICP");
  if (points) return codePointSignal(points[0] ?? 0, points[1] ?? 0, isGrey);
  const gamma = chunks.get("gAMA");
  if (!gamma || gamma.length < 4 || chunks.has("iCCP") || chunks.has("sRGB")) return { is: "srgb" };
  const exponent = PNG_UNIT / Math.max(1, gamma.readUInt32BE(0));
  const chromaticities = chromaticitiesOf(chunks.get("cHRM")) ?? SRGB;
  const isSrgb = Math.abs(exponent - 2.2) <= SAME_GAMMA && (isGrey || isNear(chromaticities, SRGB));
  return isSrgb ? { is: "srgb" } : convertible(chromaticities, exponent, isGrey);
}

/** From the `nclx` of an AVIF. */
export function avifColourSignal(colour: AvifFacts["colour"]): ColourSignal {
  return colour ? codePointSignal(colour.primaries, colour.transfer, false) : { is: "srgb" };
}

function codePointSignal(primaries: number, transfer: number, isGrey: boolean): ColourSignal {
  const title = HDR_TRANSFERS[transfer];
  if (title !== undefined) return { is: "only as it is", title };
  const chromaticities = PRIMARIES[primaries];
  const curve = CURVES[transfer];
  if (!chromaticities || curve === undefined) return { is: "only as it is", title: "unusual colours" };
  return chromaticities === SRGB && curve === "srgb"
    ? { is: "srgb" }
    : convertible(chromaticities, curve, isGrey);
}

function convertible(chromaticities: Chromaticities, curve: Curve, isGrey: boolean): ColourSignal {
  return { is: "convertible", profile: isGrey ? greyProfile(curve) : displayProfile(chromaticities, curve) };
}

function chromaticitiesOf(chunk: Buffer | undefined): Chromaticities | undefined {
  if (!chunk || chunk.length < 32) return undefined;
  const point = (index: number) =>
    [chunk.readUInt32BE(index * 8) / PNG_UNIT, chunk.readUInt32BE(index * 8 + 4) / PNG_UNIT] as const;
  const points: Chromaticities = [point(0), point(1), point(2), point(3)];
  return points.every(([, y]) => y > 0) ? points : undefined;
}

function isNear(one: Chromaticities, other: Chromaticities): boolean {
  return one
    .flat()
    .every((value, index) => Math.abs(value - (other.flat()[index] ?? 0)) <= SAME_CHROMATICITY);
}
