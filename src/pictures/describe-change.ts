import type { Picture } from "./inspect-picture.js";
import { PICTURE_FORMATS, type PictureFormat } from "./picture-format.js";
import type { PrivateData } from "./private-data.js";

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
    ...(picture.isUpright ? [] : ["turned upright"]),
    ...(isReencoded && picture.isOutsideSrgb ? ["colours converted to sRGB"] : []),
    ...(picture.hasGainMap ? ["HDR gain map removed"] : []),
    ...removals(privateData, picture.hasExifOrXmp || !isReencoded),
    ...(picture.pages > 1 ? [`only the first of ${picture.pages} pages`] : []),
  ].join(", ");
}

/** `1200x800, 180 kB, sent as it is: no smaller version was found` */
export function describeKept(picture: Picture, source: Buffer): string {
  return `${dimensions(picture)}, ${megabytes(source.length)}, sent as it is: no smaller version was found`;
}

function removals({ gps, camera }: PrivateData, hasOther: boolean): string[] {
  if (gps && camera) return ["place and camera data removed"];
  if (gps) return ["place removed"];
  if (camera) return ["camera data removed"];
  return hasOther ? ["metadata removed"] : [];
}

function dimensions({ width, height }: { width: number; height: number }): string {
  return `${width}x${height}`;
}

function megabytes(bytes: number): string {
  return bytes < 999_500
    ? `${Math.max(1, Math.round(bytes / 1_000))} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
