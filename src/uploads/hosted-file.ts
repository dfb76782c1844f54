import type { CallContext } from "../core/call-context.js";
import type { Downloader, Probe } from "../sources/web/download.js";

/**
 * What a hosted URL serves, compared with a file: the same bytes, different ones, or nothing that could be found out.
 * `absent` is what the storage itself answers for a key without an object; that is a sign but no proof, because a CDN
 * remembers it for a while, and a URL with a `+` in it can be read in two ways.
 */
export type HostedState = "same" | "absent" | "different" | "unknown";

/** What identifies the bytes of a file. */
export interface FileFacts {
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
}

/** Compares files with those that Webflow hosts, without spending calls of the Data API. */
export interface HostedFileComparison {
  compare(url: string | undefined, file: FileFacts, call: CallContext): Promise<HostedState>;
}

export function createHostedFileComparison(downloader: Downloader): HostedFileComparison {
  async function compareBytes(url: string, file: FileFacts, call: CallContext): Promise<HostedState> {
    const { md5 } = await downloader.download(url, call, { maxBytes: file.size + 1 });
    return md5 === file.md5 ? "same" : "different";
  }

  async function compareAt(url: string, file: FileFacts, call: CallContext): Promise<HostedState> {
    const probe = await downloader.probe(url, call);
    if (saysAbsent(probe)) return "absent";
    if (probe.status !== 200 || isPage(probe)) return "unknown";
    if (probe.etag?.toLowerCase() === file.md5) return "same";
    if (probe.contentLength !== undefined && probe.contentLength !== file.size) return "different";
    return compareBytes(url, file, call);
  }

  return {
    async compare(url, file, call) {
      if (url === undefined) return "unknown";
      try {
        return await compareAt(withEncodedPlus(url), file, call);
      } catch (error) {
        call.log.debug(
          `the hosted file could not be checked: ${error instanceof Error ? error.message : "?"}`,
        );
        return "unknown";
      }
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
