import pRetry from "p-retry";
import { type Dispatcher, request } from "undici";
import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { createByteCollector, tooLarge } from "../../core/byte-collector.js";
import type { CallContext } from "../../core/call-context.js";
import { AssetError } from "../../core/errors.js";
import { fileNameOf } from "./content-disposition.js";
import { asDownloadError, badStatus, downloadFailed, isTransient } from "./download-error.js";
import { addressLiteral } from "./public-address.js";
import { canDecode, collectBody, contentCodings } from "./response-body.js";
import { startTimeLimit, type TimeLimit } from "./time-limit.js";
import { checkUrl, describeUrl, parseUrl } from "./url.js";
import { createVettedAgent, type Resolver, resolvePublic, systemResolver } from "./vetted-agent.js";

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
const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const BRIEFLY_UNAVAILABLE = [502, 503, 504];
const RETRIES = { retries: 2, minTimeout: 200, maxTimeout: 1_000 };
/** No token, cookie or referrer is ever sent; unencoded bodies are asked for, so that their length is known. */
const REQUEST_HEADERS = { accept: "*/*", "accept-encoding": "identity", "user-agent": "webflow-assets-mcp" };

interface Answer {
  readonly response: Dispatcher.ResponseData;
  readonly url: URL;
  readonly overPlainHttp: boolean;
}

export function createDownloader(options: DownloaderOptions): Downloader {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const resolver = options.resolver ?? systemResolver;
  const dispatcher = createVettedAgent(options.urlHosts, resolver, limits);

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

  /** Follows redirects, each judged like the first URL. */
  async function open(first: URL, signal: AbortSignal): Promise<Answer> {
    let url = first;
    let overPlainHttp = false;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      checkUrl(url, options.urlHosts);
      await vetForProxy(url);
      overPlainHttp ||= url.protocol === "http:" && !isHostAllowed(url, options.urlHosts);
      const response = await requestWithRetries(url, dispatcher, signal);
      if (!REDIRECT_STATUSES.includes(response.statusCode)) return { response, url, overPlainHttp };
      discard(response);
      url = redirectTarget(response, url);
    }
    throw downloadFailed(
      describeUrl(first),
      `it redirects more than ${MAX_REDIRECTS} times`,
      "give the URL of the file itself",
    );
  }

  /** A proxy looks names up itself; one that has a private address here is still refused. */
  async function vetForProxy(url: URL): Promise<void> {
    if (!isProxyConfigured() || isHostAllowed(url, options.urlHosts) || addressLiteral(url.hostname)) return;
    await resolvePublic(url.hostname, resolver).catch((error: unknown) => {
      if (error instanceof AssetError) throw error;
    });
  }

  return {
    download: (text, call, { maxBytes, admit }) =>
      withinLimits(text, call, async (first, limit) => {
        const answer = await open(first, limit.signal);
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
            contentType: mediaType(response),
            fileName: fileNameOf(header(response, "content-disposition")),
            finalUrl: url,
            notes: answer.overPlainHttp ? [plainHttpNote(url)] : [],
          };
        } catch (error) {
          discard(response);
          throw error;
        }
      }),
    probe: (text, call) =>
      withinLimits(text, call, async (first, limit) => {
        const { response } = await open(first, limit.signal);
        discard(response);
        return probeOf(response);
      }),
    close: () => dispatcher.destroy(),
  };
}

async function requestWithRetries(
  url: URL,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return pRetry(
    async (attempt) => {
      const response = await request(url, { dispatcher, signal, headers: REQUEST_HEADERS });
      const isLastAttempt = attempt > RETRIES.retries;
      if (isLastAttempt || !BRIEFLY_UNAVAILABLE.includes(response.statusCode)) return response;
      discard(response);
      throw new BrieflyUnavailable();
    },
    {
      ...RETRIES,
      signal,
      shouldRetry: ({ error }) => error instanceof BrieflyUnavailable || isTransient(error),
    },
  );
}

class BrieflyUnavailable extends Error {
  override readonly name = "BrieflyUnavailable";
}

function redirectTarget(response: Dispatcher.ResponseData, from: URL): URL {
  const location = header(response, "location");
  if (location !== undefined && URL.canParse(location, from.href)) return new URL(location, from);
  throw downloadFailed(
    describeUrl(from),
    "it redirects to an address that cannot be read",
    "give the URL of the file itself",
  );
}

/** Throws unless the response is a whole file that can be decoded; gives back its content codings. */
function checkResponse(response: Dispatcher.ResponseData, url: URL): string[] {
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299 || statusCode === 206)
    throw badStatus(describeUrl(url), statusCode);
  const codings = contentCodings(header(response, "content-encoding"));
  if (canDecode(codings)) return codings;
  throw downloadFailed(
    describeUrl(url),
    `its encoding (${codings.join(", ").slice(0, 40)}) is not known`,
    "download the file and give its local path",
  );
}

function probeOf(response: Dispatcher.ResponseData): Probe {
  const etag = header(response, "etag")?.replace(/^W\//, "").replace(/^"|"$/g, "");
  const isEncoded = contentCodings(header(response, "content-encoding")).length > 0;
  const length = isEncoded ? undefined : contentLength(response);
  return {
    status: response.statusCode,
    contentType: mediaType(response),
    ...(length === undefined ? {} : { contentLength: length }),
    ...(etag === undefined ? {} : { etag }),
  };
}

function contentLength(response: Dispatcher.ResponseData): number | undefined {
  const value = header(response, "content-length");
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function mediaType(response: Dispatcher.ResponseData): string {
  return header(response, "content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function header(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Ends the connection of a response whose body nobody will read; undici reports that as an error of the body. */
function discard(response: Dispatcher.ResponseData): void {
  response.body.on("error", () => {});
  response.body.destroy();
}

function plainHttpNote(url: URL): string {
  return `Fetched from ${url.hostname} over plain http, where others on the way can read and change the file.`;
}

function isProxyConfigured(): boolean {
  return ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"].some((name) => process.env[name]);
}
