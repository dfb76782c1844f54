import { extname } from "node:path";
import mime from "mime-types";

/**
 * The extensions of the types that Webflow documents for assets.
 * Source: https://developers.webflow.com/designer/reference/create-asset
 */
const SUPPORTED = new Set(
  "jpg jpeg png gif svg bmp webp avif pdf doc xls ppt docx xlsx pptx txt csv odt ods odp json lottie".split(
    " ",
  ),
);

/** Seen from Webflow where it differs from the registry of media types. */
const WEBFLOWS_OWN = new Map([["js", "application/javascript"]]);

/** Webflow goes by the extension of the file name alone. */
export function contentTypeOf(fileName: string): string {
  const extension = extensionOf(fileName);
  return WEBFLOWS_OWN.get(extension) ?? (mime.lookup(extension) || "application/octet-stream");
}

export function isSupported(fileName: string): boolean {
  return SUPPORTED.has(extensionOf(fileName));
}

function extensionOf(fileName: string): string {
  return extname(fileName).slice(1).toLowerCase();
}
