import type { EmulatorSwitches } from "../behaviour/switches.js";

/** The URLs under which the emulator serves the objects of its bucket. */
export interface ObjectUrls {
  /** S3's path-style URL, which listings show. */
  onS3(key: string): string;
  /** The CDN's URL, which stage 1 shows. */
  onCdn(key: string): string;
  /** The bucket's own URL, which forms are posted to. */
  readonly upload: string;
}

/** `origin` is `http://127.0.0.1:PORT`. */
export function objectUrls(
  origin: string,
  bucket: string,
  switches: Pick<EmulatorSwitches, "rawPlusInUrls">,
): ObjectUrls {
  const encode = (key: string): string =>
    switches.rawPlusInUrls ? encodeKey(key).replaceAll("%2B", "+") : encodeKey(key);
  return {
    onS3: (key) => `${origin}/${bucket}/${encode(key)}`,
    onCdn: (key) => `${origin}/cdn/${encode(key)}`,
    upload: `${origin}/`,
  };
}

/** Keys hold spaces, parentheses and any letter as they are; URLs hold them percent-encoded. */
export function encodeKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}
