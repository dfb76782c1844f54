import type { Dispatcher } from "undici";
import type { CallContext } from "../../core/call-context.js";
import { isAssetError } from "../../core/errors.js";
import { type ByteCollector, createByteCollector, tooLarge } from "../../core/memory/byte-collector.js";
import { createBodyIntake } from "./body-intake.js";
import { fileNameOf } from "./content-disposition.js";
import { asDownloadError, badStatus, brokenOff, downloadFailed, isBrokenOff } from "./download-error.js";
import {
  createUrlOpener,
  discardBody,
  headerOf,
  mediaTypeOf,
  type OpenedUrl,
  retryAfterOf,
  type UrlAccess,
} from "./open-url.js";
import { canDecode, collectBody, contentCodings } from "./response-body.js";
import { type Beginning, beginningOf, headersForRest, isRest, totalOf } from "./resumption.js";
import { startTimeLimit, type TimeLimit } from "./time-limit.js";
import { checkUrl, describeUrl, parseUrl } from "./url.js";

/** How long a download may take, in milliseconds. */
export interface DownloadLimits {
  /** Until a connection is made. */
  readonly connectMs: number;
  /** Without a byte, before the answer begins or within it. */
  readonly idleMs: number;
  /** From the first request to the last byte, including redirects and retries. */
  readonly totalMs: number;
  /** The first wait for a host that answers "too many requests" without saying how long to wait. */
  readonly backoffMs: number;
}

export interface DownloaderOptions extends UrlAccess {
  readonly limits?: Partial<DownloadLimits>;
}

export interface DownloadOptions {
  /** Decoded bytes; one more is FILE_TOO_LARGE. */
  readonly maxBytes: number;
  /** Awaited before more of the body is buffered, with the number of bytes. */
  readonly admit?: (bytes: number) => Promise<void>;
}

export interface Download {
  readonly bytes: Buffer;
  /** MD5 of `bytes`, 32 lower-case hex digits. */
  readonly md5: string;
  /** Without parameters, in lower case; empty if the server sent none. */
  readonly contentType: string;
  /** From Content-Disposition, as the server wrote it; empty if there is none. */
  readonly fileName: string;
  readonly finalUrl: URL;
  readonly notes: readonly string[];
}

/** What the headers of a hosted file say. */
export interface Probe {
  readonly status: number;
  /** In bytes; absent if the server does not say, or compresses. */
  readonly contentLength?: number;
  readonly contentType: string;
  /** Without quotes; absent if there is none. */
  readonly etag?: string;
  /** The beginning of an error's body. */
  readonly errorText?: string;
}

export interface Downloader {
  /** Fetches a public URL once. Throws URL_BLOCKED, DOWNLOAD_FAILED, FILE_TOO_LARGE, CANCELLED, INVALID_INPUT. */
  download(url: string, call: CallContext, options: DownloadOptions): Promise<Download>;
  /** Requests a URL and reads the headers of the answer, and the beginning of an error. Throws as `download` does. */
  probe(url: string, call: CallContext): Promise<Probe>;
  close(): Promise<void>;
}

const DEFAULT_LIMITS: DownloadLimits = { connectMs: 10_000, idleMs: 15_000, totalMs: 60_000, backoffMs: 500 };
/** No token, cookie or referrer is ever sent; an unencoded body is requested, so that its length is known. */
const HEADERS = { accept: "*/*", "accept-encoding": "identity", "user-agent": "webflow-assets-mcp" };
const OPENING = { headers: HEADERS, retries: 2 };
/** How often a body that broke off is resumed or restarted. */
const MOST_BREAKS = 2;

export function createDownloader(options: DownloaderOptions): Downloader {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const opener = createUrlOpener({ ...options, ...limits });

  async function withinLimits<T>(
    text: string,
    call: CallContext,
    work: (url: URL, limit: TimeLimit) => Promise<T>,
  ) {
    const url = parseUrl(text);
    checkUrl(url, options.urlHosts, options.urlSources);
    const limit = startTimeLimit(limits.totalMs, call.signal);
    try {
      return await work(url, limit);
    } catch (error) {
      throw asDownloadError(error, describeUrl(url), call, limit.isUp());
    } finally {
      limit.stop();
    }
  }

  function open(first: URL, limit: TimeLimit, call: CallContext, headers: Record<string, string> = {}) {
    const patience = { deadline: call.deadline, suspended: limit.suspended };
    return opener.open(first, limit.signal, { ...OPENING, headers: { ...HEADERS, ...headers }, patience });
  }

  /** Reads a body to its end, even if it breaks off on the way. */
  async function fetchWhole(
    first: URL,
    limit: TimeLimit,
    call: CallContext,
    { maxBytes, admit }: DownloadOptions,
  ): Promise<Download> {
    const intake = createBodyIntake(describeUrl(first), limit, admit);
    let beginning: Beginning | undefined;
    for (let breaks = 0; ; breaks += 1) {
      const answer = await open(first, limit, call, beginning && headersForRest(beginning));
      const { response, url } = answer;
      let body: Body | undefined;
      try {
        body =
          beginning && isRest(response, beginning)
            ? { ...beginning, codings: [], total: beginning.total ?? totalOf(response) }
            : startBody(response, url, maxBytes);
        if (body.collector !== beginning?.collector) intake.beginAnew();
        await collectBody(response.body, body.codings, body.collector, limit.signal, intake);
        if (body.collector.length() < (body.total ?? 0)) throw brokenOff();
        return describeDownload(answer, body.collector);
      } catch (error) {
        discardBody(response);
        const isLast = breaks >= MOST_BREAKS || limit.signal.aborted;
        const isRefusedRest =
          beginning !== undefined && body === undefined && isAssetError(error, "DOWNLOAD_FAILED");
        if (isLast || !(isBrokenOff(error) || isRefusedRest)) throw error;
        beginning = body && beginningOf(response, body.collector, body.codings.length > 0);
      }
    }
  }

  return {
    download: (text, call, downloadOptions) =>
      withinLimits(text, call, (first, limit) => fetchWhole(first, limit, call, downloadOptions)),
    probe: (text, call) =>
      withinLimits(text, call, async (first, limit) => {
        const { response } = await open(first, limit, call);
        const errorText = response.statusCode >= 400 ? await errorTextOf(response) : undefined;
        discardBody(response);
        return { ...probeOf(response), ...(errorText !== undefined && { errorText }) };
      }),
    close: () => opener.close(),
  };
}

interface Body {
  readonly collector: ByteCollector;
  readonly codings: readonly string[];
  /** Bytes of the whole, of what is read in parts. */
  readonly total?: number | undefined;
}

/** A body that is read from its first byte. */
function startBody(response: Dispatcher.ResponseData, url: URL, maxBytes: number): Body {
  const codings = checkResponse(response, url);
  const size = codings.length === 0 ? contentLength(response) : undefined;
  if ((contentLength(response) ?? 0) > maxBytes) throw tooLarge(describeUrl(url), maxBytes);
  return { collector: createByteCollector(describeUrl(url), maxBytes, size), codings };
}

function describeDownload({ response, url, overPlainHttp }: OpenedUrl, collector: ByteCollector): Download {
  return {
    ...collector.finish(),
    contentType: mediaTypeOf(response),
    fileName: fileNameOf(headerOf(response, "content-disposition")),
    finalUrl: url,
    notes: overPlainHttp ? [plainHttpNote(url)] : [],
  };
}

/** Throws unless the response is a complete file that can be decoded; returns its content codings. */
function checkResponse(response: Dispatcher.ResponseData, url: URL): string[] {
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299 || statusCode === 206)
    throw badStatus(describeUrl(url), statusCode, retryAfterOf(response));
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

const ERROR_BYTES = 4_096;

async function errorTextOf({ body }: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= ERROR_BYTES) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, ERROR_BYTES);
}

function contentLength(response: Dispatcher.ResponseData): number | undefined {
  const value = headerOf(response, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function plainHttpNote(url: URL): string {
  return `Fetched from ${url.hostname} over plain http, where others on the network can read and change the file.`;
}
