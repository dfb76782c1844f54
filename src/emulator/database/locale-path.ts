import type { EmulatedLocale } from "./records.js";

/** The path of a page in a locale: `/about` is `/de/about`, and the home page `/de`. */
export function localePath(path: string, { subdirectory }: Pick<EmulatedLocale, "subdirectory">): string {
  if (subdirectory === "") return path;
  return path === "/" ? `/${subdirectory}` : `/${subdirectory}${path}`;
}
