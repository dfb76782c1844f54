import type { CallContext } from "../core/call-context.js";
import type { Downloader, Probe } from "../sources/web/download.js";

/**
 * What a hosted URL serves, compared with a file: the same bytes, different ones, or nothing that could be found out.
 * `absent` is what the storage itself answers for a key without an object; that is a sign but no proof, because a CDN
 * remembers it for a while, and a URL with a `+` in it can be read in two ways.
 */
export type HostedState = "same" | "absent" | "different" | "unknown";

/** What identifies the bytes of a file. */
export interface FileDigest {
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
}

/** Compares files with those that Webflow hosts, without spending calls of the Data API. */
export interface HostedFileComparison {
  compare(url: string | undefined, file: FileDigest, call: CallContext): Promise<HostedState>;
  /**
   * The MD5 of what a URL serves, if it is as long as `file`; undefined otherwise, or if nothing can be found out. It
   * is downloaded only if its ETag is not that of `file`: an ETag need not be an MD5.
   */
  md5At(url: string, file: FileDigest, call: CallContext): Promise<string | undefined>;
}

export function createHostedFileComparison(downloader: Downloader): HostedFileComparison {
  /** What is served: the MD5 of as many bytes as the file has, or what was found instead. */
  async function look(
    url: string,
    file: FileDigest,
    call: CallContext,
  ): Promise<{ md5: string } | { state: HostedState }> {
    try {
      const probe = await downloader.probe(url, call);
      if (saysAbsent(probe)) return { state: "absent" };
      if (probe.status !== 200 || isPage(probe)) return { state: "unknown" };
      if (probe.etag?.toLowerCase() === file.md5) return { md5: file.md5 };
      if (probe.contentLength !== undefined && probe.contentLength !== file.size)
        return { state: "different" };
      return await downloader.download(url, call, { maxBytes: file.size + 1 });
    } catch (error) {
      call.log.debug(`the hosted file could not be checked: ${error instanceof Error ? error.message : "?"}`);
      return { state: "unknown" };
    }
  }

  return {
    async compare(url, file, call) {
      if (url === undefined) return "unknown";
      const found = await look(withEncodedPlus(url), file, call);
      if ("state" in found) return found.state;
      return found.md5 === file.md5 ? "same" : "different";
    },
    async md5At(url, file, call) {
      const found = await look(withEncodedPlus(url), file, call);
      return "md5" in found ? found.md5 : undefined;
    },
  };
}

/** What is served under any of an asset's URLs: the storage may have its file before the CDN does. */
export async function compareAnyUrl(
  hostedFiles: HostedFileComparison,
  urls: readonly string[],
  { md5, bytes }: { readonly md5: string; readonly bytes: Buffer },
  call: CallContext,
): Promise<HostedState> {
  const states = new Set<HostedState>();
  for (const url of urls) {
    const state = await hostedFiles.compare(url, { md5, size: bytes.length }, call);
    if (state === "same") return state;
    states.add(state);
  }
  return (["different", "absent"] as const).find((state) => states.has(state)) ?? "unknown";
}

/**
 * For a key without an object, S3 and a CDN in front of it answer 403 AccessDenied to anybody who may not list the
 * bucket, and 404 NoSuchKey to others; a 403 without S3's XML, or an HTML page, comes from an intermediary.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function saysAbsent({ status, contentType, errorText = "" }: Probe): boolean {
  if (status === 403 || status === 404) {
    if (/<Code>(?:AccessDenied|NoSuchKey)<\/Code>/.test(errorText)) return true;
  }
  return status === 404 && !contentType.includes("html") && !/^\s*<(?:!doctype|html)/i.test(errorText);
}

/** No asset is an HTML page: the supported types do not include it. */
function isPage({ contentType }: Probe): boolean {
  return contentType === "text/html" || contentType === "application/xhtml+xml";
}

/** A plus sign in the path of a hosted URL is literal; S3 reads it as a space unless it is encoded. */
function withEncodedPlus(url: string): string {
  const [path = "", ...query] = url.split("?");
  return [path.replaceAll("+", "%2B"), ...query].join("?");
}
