import type { Picture } from "./inspect-picture.js";
import type { PrivateData } from "./metadata/private-data.js";
import { PICTURE_FORMATS, type PictureFormat } from "./picture-format.js";

/** One version of a picture, as the notes describe it. */
export interface Version {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** `4032x3024, 8.5 MB -> 3200x2400, 1.9 MB, turned upright, place and camera data removed` */
export function describeChange(
  picture: Picture,
  source: Buffer,
  result: Version,
  privateData: PrivateData,
  isReencoded: boolean,
): string {
  return [
    `${dimensions(picture)}, ${megabytes(source.length)} -> ${dimensions(result)}`,
    megabytes(result.bytes.length),
    ...(result.format === picture.format ? [] : [`converted to ${PICTURE_FORMATS[result.format].title}`]),
    ...(picture.orientation === 1 ? [] : ["turned upright"]),
    ...(isReencoded && picture.isOutsideSrgb ? ["colours converted to sRGB"] : []),
    ...(picture.hasGainMap ? ["HDR gain map removed"] : []),
    ...removals(privateData, isReencoded),
    ...(picture.pages > 1 ? [`only the largest of ${picture.pages} pictures in it`] : []),
    ...(picture.shownOnlyAsItIs === undefined
      ? []
      : [`not made smaller, because of its ${picture.shownOnlyAsItIs}`]),
  ].join(", ");
}

/** `1200x800, 180 kB, sent as it is: no smaller version was found` */
export function describeKept(picture: Picture, source: Buffer, reason: string): string {
  return `${dimensions(picture)}, ${megabytes(source.length)}, sent as it is: ${reason}`;
}

/** `Animation, 500 kB -> 480 kB, its frames stay as they are, metadata removed` */
export function describeAnimation(
  source: Buffer,
  result: Buffer,
  privateData: PrivateData,
  what: string,
): string {
  return [
    `Animation, ${megabytes(source.length)} -> ${megabytes(result.length)}`,
    what,
    ...removals(privateData, false),
  ].join(", ");
}

/** A new encoding has no metadata anyway, so nothing is said about harmless metadata. */
function removals({ place, camera, behindEnd, homeDirectory }: PrivateData, isReencoded: boolean): string[] {
  const told = [
    ...(place ? ["place"] : []),
    ...(camera ? ["camera data"] : []),
    ...(homeDirectory === undefined ? [] : ["its author's directory"]),
  ];
  return [
    ...(told.length > 0 ? [`${told.join(" and ")} removed`] : []),
    ...(behindEnd === undefined ? [] : [`${behindEnd} after its end removed`]),
    ...(told.length === 0 && behindEnd === undefined && !isReencoded ? ["metadata removed"] : []),
  ];
}

function dimensions({ width, height }: { width: number; height: number }): string {
  return `${width}x${height}`;
}

function megabytes(bytes: number): string {
  return bytes < 999_500
    ? `${Math.max(1, Math.round(bytes / 1_000))} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
