import type { CallContext } from "../core/call-context.js";
import type { Downloader } from "../sources/web/download.js";

/**
 * What a hosted URL serves, compared with a file: the same bytes, none (the record is a ghost), other ones, or
 * nothing that could be found out.
 */
export type HostedState = "same" | "missing" | "different" | "unknown";

/** Looks at the files that Webflow hosts, without costing calls of the Data API. */
export interface HostedFileComparison {
  compare(
    url: string | undefined,
    file: { md5: string; size: number },
    call: CallContext,
  ): Promise<HostedState>;
}

/** S3 and Webflow's CDN answer 403 for a key without an object to anybody who may not list the bucket. */
const MISSING_STATUSES = [403, 404, 410];

export function createHostedFileComparison(downloader: Downloader): HostedFileComparison {
  async function compareBytes(
    url: string,
    file: { md5: string; size: number },
    call: CallContext,
  ): Promise<HostedState> {
    const { md5 } = await downloader.download(url, call, { maxBytes: file.size + 1 });
    return md5 === file.md5 ? "same" : "different";
  }

  return {
    async compare(url, file, call) {
      if (url === undefined) return "unknown";
      try {
        const { status, contentLength, etag } = await downloader.probe(url, call);
        if (MISSING_STATUSES.includes(status)) return "missing";
        if (status !== 200) return "unknown";
        if (etag?.toLowerCase() === file.md5) return "same";
        if (contentLength !== undefined && contentLength !== file.size) return "different";
        return await compareBytes(url, file, call);
      } catch (error) {
        call.log.debug(
          `the hosted file could not be looked at: ${error instanceof Error ? error.message : "?"}`,
        );
        return "unknown";
      }
    },
  };
}
