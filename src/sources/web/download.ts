import type { Dispatcher } from "undici";
import type { AllowedHost } from "../../core/allowed-hosts.js";
import { createByteCollector, tooLarge } from "../../core/byte-collector.js";
import type { CallContext } from "../../core/call-context.js";
import { fileNameOf } from "./content-disposition.js";
import { asDownloadError, badStatus, downloadFailed } from "./download-error.js";
import { createUrlOpener, discardBody, headerOf, mediaTypeOf } from "./open-url.js";
import { canDecode, collectBody, contentCodings } from "./response-body.js";
import { startTimeLimit, type TimeLimit } from "./time-limit.js";
import { checkUrl, describeUrl, parseUrl } from "./url.js";
import type { Resolver } from "./vetted-agent.js";

/** How long a download may take, in milliseconds. */
export interface DownloadLimits {
  /** Until a connection stands. */
  readonly connectMs: number;
  /** Without a byte, before the answer begins and within it. */
  readonly idleMs: number;
  /** From the first request to the last byte, redirects and repeats included. */
  readonly totalMs: number;
}

export interface DownloaderOptions {
  /** Hosts that may be private; plain http to them is not remarked on. */
  readonly urlHosts: readonly AllowedHost[];
  readonly limits?: Partial<DownloadLimits>;
  readonly resolver?: Resolver;
}

export interface DownloadOptions {
  /** Decoded bytes; one more is FILE_TOO_LARGE. */
  readonly maxBytes: number;
  /** Awaited once before the body is buffered, with its size in bytes, or `maxBytes` when the server tells none. */
  readonly admit?: (bytes: number) => Promise<void>;
}

export interface Download {
  readonly bytes: Buffer;
  /** MD5 of `bytes`, 32 lower-case hex digits. */
  readonly md5: string;
  /** Without parameters, in lower case; empty when the server told none. */
  readonly contentType: string;
  /** From Content-Disposition, as the server wrote it; empty when there is none. */
  readonly fileName: string;
  readonly finalUrl: URL;
  readonly notes: readonly string[];
}

/** What the headers of a hosted file tell. */
export interface Probe {
  readonly status: number;
  /** Bytes; absent when the server tells none, or compresses. */
  readonly contentLength?: number;
  readonly contentType: string;
  /** Without quotes; absent when there is none. */
  readonly etag?: string;
}

export interface Downloader {
  /**
   * Fetches a public http(s) URL once. Throws URL_BLOCKED, DOWNLOAD_FAILED, FILE_TOO_LARGE, CANCELLED, or
   * INVALID_INPUT for what is no URL.
   */
  download(url: string, call: CallContext, options: DownloadOptions): Promise<Download>;
  /** Asks for a URL and reads the headers of the answer only, whatever its status. Throws as `download` does. */
  probe(url: string, call: CallContext): Promise<Probe>;
  close(): Promise<void>;
}

const DEFAULT_LIMITS: DownloadLimits = { connectMs: 10_000, idleMs: 15_000, totalMs: 60_000 };
/** No token, cookie or referrer is ever sent; unencoded bodies are asked for, so that their length is known. */
const HEADERS = { accept: "*/*", "accept-encoding": "identity", "user-agent": "webflow-assets-mcp" };
const OPENING = { headers: HEADERS, retries: 2 };

export function createDownloader(options: DownloaderOptions): Downloader {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const opener = createUrlOpener({ ...limits, urlHosts: options.urlHosts, resolver: options.resolver });

  async function withinLimits<T>(
    text: string,
    call: CallContext,
    work: (url: URL, limit: TimeLimit) => Promise<T>,
  ) {
    const url = parseUrl(text);
    checkUrl(url, options.urlHosts);
    const limit = startTimeLimit(limits.totalMs, call.signal);
    try {
      return await work(url, limit);
    } catch (error) {
      throw asDownloadError(error, describeUrl(url), call, limit.isUp());
    } finally {
      limit.stop();
    }
  }

  return {
    download: (text, call, { maxBytes, admit }) =>
      withinLimits(text, call, async (first, limit) => {
        const answer = await opener.open(first, limit.signal, OPENING);
        const { response, url } = answer;
        try {
          const codings = checkResponse(response, url);
          const size = codings.length === 0 ? contentLength(response) : undefined;
          if ((contentLength(response) ?? 0) > maxBytes) throw tooLarge(describeUrl(url), maxBytes);
          if (admit) await limit.suspended(admit(size ?? maxBytes));
          const collector = createByteCollector(describeUrl(url), maxBytes, size);
          await collectBody(response.body, codings, collector, limit.signal);
          return {
            ...collector.finish(),
            contentType: mediaTypeOf(response),
            fileName: fileNameOf(headerOf(response, "content-disposition")),
            finalUrl: url,
            notes: answer.overPlainHttp ? [plainHttpNote(url)] : [],
          };
        } catch (error) {
          discardBody(response);
          throw error;
        }
      }),
    probe: (text, call) =>
      withinLimits(text, call, async (first, limit) => {
        const { response } = await opener.open(first, limit.signal, OPENING);
        discardBody(response);
        return probeOf(response);
      }),
    close: () => opener.close(),
  };
}

/** Throws unless the response is a whole file that can be decoded; gives back its content codings. */
function checkResponse(response: Dispatcher.ResponseData, url: URL): string[] {
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299 || statusCode === 206)
    throw badStatus(describeUrl(url), statusCode);
  const codings = contentCodings(headerOf(response, "content-encoding"));
  if (canDecode(codings)) return codings;
  throw downloadFailed(
    describeUrl(url),
    `its encoding (${codings.join(", ").slice(0, 40)}) is not known`,
    "download the file and give its local path",
  );
}

function probeOf(response: Dispatcher.ResponseData): Probe {
  const etag = headerOf(response, "etag")?.replace(/^W\//, "").replace(/^"|"$/g, "");
  const isEncoded = contentCodings(headerOf(response, "content-encoding")).length > 0;
  const length = isEncoded ? undefined : contentLength(response);
  return {
    status: response.statusCode,
    contentType: mediaTypeOf(response),
    ...(length === undefined ? {} : { contentLength: length }),
    ...(etag === undefined ? {} : { etag }),
  };
}

function contentLength(response: Dispatcher.ResponseData): number | undefined {
  const value = headerOf(response, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function plainHttpNote(url: URL): string {
  return `Fetched from ${url.hostname} over plain http, where others on the way can read and change the file.`;
}
