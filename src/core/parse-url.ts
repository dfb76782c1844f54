/** The URL that a text stands for, perhaps relative to `base`; undefined if it is none. Node 22 has `URL.parse`. */
export function parseUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
}
