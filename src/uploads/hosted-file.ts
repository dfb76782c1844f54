import type { CallContext } from "../core/call-context.js";
import type { Downloader, Probe } from "../sources/web/download.js";

/**
 * What a hosted URL serves, compared with a file: the same bytes, other ones, or nothing that could be found out.
 * `absent` is what the storage itself says of a key without an object; that is one sign and no proof, because a CDN
 * remembers it for a while, and a URL with a `+` in it is read in two ways.
 */
export type HostedState = "same" | "absent" | "different" | "unknown";

/** What the bytes of a file are known by. */
export interface FileFacts {
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
}

/** Looks at the files that Webflow hosts, without costing calls of the Data API. */
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

/** What is served under any of an asset's URLs: its file may be there at the storage before the CDN has it. */
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
 * S3, and a CDN in front of it, answer 403 AccessDenied for a key without an object to anybody who may not list the
 * bucket, and 404 NoSuchKey to others; a 403 without S3's XML, or a page, comes from something in between.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function saysAbsent({ status, contentType, errorText = "" }: Probe): boolean {
  if (status === 403 || status === 404) {
    if (/<Code>(?:AccessDenied|NoSuchKey)<\/Code>/.test(errorText)) return true;
  }
  return status === 404 && !contentType.includes("html") && !/^\s*<(?:!doctype|html)/i.test(errorText);
}

/** No asset is a page of HTML, which the supported types leave out. */
function isPage({ contentType }: Probe): boolean {
  return contentType === "text/html" || contentType === "application/xhtml+xml";
}

/** A plus sign in the path of a hosted URL stands for itself; S3 takes it for a space unless it is encoded. */
function withEncodedPlus(url: string): string {
  const [path = "", ...query] = url.split("?");
  return [path.replaceAll("+", "%2B"), ...query].join("?");
}
