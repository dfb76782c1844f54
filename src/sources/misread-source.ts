import { AssetError } from "../core/errors.js";

/** How files of common kinds begin in base64: PNG, JPEG, GIF, RIFF (WebP), PDF, `<svg`, `<?xml`. */
const BARE_BASE64 = /^(?:iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|JVBERi0|PHN2Zy|PD94bWwg)[\w+/\s-]{8,}=*$/;
const MARKUP = /^<(?:svg|\?xml|!doctype|html)\b/i;
const URL_WITHOUT_SCHEME =
  /^(?:https?\/\/|\/\/)?(?:www\.[\w-]+(?:\.[\w-]+)*|(?:[\w-]+\.)+(?:[a-z]{2,3}|info|dev|app|cloud))(?::\d+)?\/[^\s\\]+$/i;

/** The same failure with what to do about a source that is no path at all, where it shows what it is instead. */
export function failureOfMisread(source: string, failure: unknown): unknown {
  if (!(failure instanceof AssetError)) return failure;
  const text = source.trim();
  const give = (code: AssetError["code"], message: string, next: string): AssetError =>
    new AssetError(code, message, next, { cause: failure });
  if (BARE_BASE64.test(text))
    return give(
      "INVALID_INPUT",
      "The source is base64 without what says so",
      "put data:, its media type and ;base64, in front, such as data:image/png;base64,iVBOR…, or give a local path or a URL",
    );
  if (MARKUP.test(text))
    return give(
      "INVALID_INPUT",
      "The source is the content of a file",
      "put data:image/svg+xml, in front of an SVG, or save the file and give its path",
    );
  if (URL_WITHOUT_SCHEME.test(text))
    return give(
      failure.code,
      failure.message,
      "if it is an address on the web, put https:// in front; else check the path",
    );
  return failure;
}
