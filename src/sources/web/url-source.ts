import type { CallContext } from "../../core/call-context.js";
import { splitExtension } from "../../files/file-name.js";
import { fileTypeByExtension } from "../../files/file-types.js";
import type { SourceFile } from "../../files/source-file.js";
import type { Download, Downloader, DownloadOptions } from "./download.js";
import { describeUrl, fileNameInPath, parseUrl } from "./url.js";

/** Downloads an http(s) URL; throws as `Downloader.download` does. */
export async function readUrlSource(
  source: string,
  call: CallContext,
  downloader: Downloader,
  options: DownloadOptions,
): Promise<SourceFile> {
  const download = await downloader.download(source, call, options);
  const url = parseUrl(source);
  return {
    bytes: download.bytes,
    md5: download.md5,
    ...nameOf(url, download),
    declaredType: download.contentType,
    origin: describeUrl(url),
    notes: download.notes,
  };
}

/**
 * A URL path that ends in a supported extension names the file; if not, Content-Disposition does, or else the end of
 * the path. Only Content-Disposition claims anything about the type.
 */
function nameOf(url: URL, { fileName, finalUrl }: Download): Pick<SourceFile, "name" | "isNamedByAddress"> {
  const addresses = [fileNameInPath(url), fileNameInPath(finalUrl)];
  const [first = "", last = ""] = addresses;
  const name =
    [first, fileName, last].find(hasSupportedExtension) ||
    fileName ||
    addresses.find((own) => own !== "") ||
    "";
  return name !== "" && name === fileName ? { name } : { name, isNamedByAddress: true };
}

function hasSupportedExtension(name: string): boolean {
  return fileTypeByExtension(splitExtension(name).extension.toLowerCase()) !== undefined;
}
