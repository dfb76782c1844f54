import type { CallContext } from "../../core/call-context.js";
import { splitExtension } from "../../files/file-name.js";
import { fileTypeByExtension } from "../../files/file-types.js";
import type { SourceFile } from "../../files/source-file.js";
import type { Download, Downloader, DownloadOptions } from "./download.js";
import { describeUrl, lastPathSegment, parseUrl } from "./url.js";

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
    name: nameOf(url, download),
    declaredType: download.contentType,
    origin: describeUrl(url),
    notes: download.notes,
  };
}

/**
 * A path segment with an extension that can be uploaded names the file, else Content-Disposition does, else whatever
 * the path ends in.
 */
function nameOf(url: URL, download: Download): string {
  const segment = lastPathSegment(url);
  const finalSegment = lastPathSegment(download.finalUrl);
  return (
    [segment, download.fileName, finalSegment].find(hasSupportedExtension) ||
    download.fileName ||
    segment ||
    finalSegment
  );
}

function hasSupportedExtension(name: string): boolean {
  return fileTypeByExtension(splitExtension(name).extension.toLowerCase()) !== undefined;
}
