import pRetry from "p-retry";
import { type Dispatcher, request } from "undici";
import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { AssetError } from "../../core/errors.js";
import { downloadFailed, isTransient } from "./download-error.js";
import { addressLiteral } from "./public-address.js";
import { checkUrl, describeUrl } from "./url.js";
import { createVettedAgent, type Resolver, resolvePublic, systemResolver } from "./vetted-agent.js";

export interface UrlOpenerOptions {
  /** Hosts that may be private; plain http to them is not remarked on. */
  readonly urlHosts: readonly AllowedHost[];
  readonly connectMs: number;
  /** Without a byte, before the answer begins and within it. */
  readonly idleMs: number;
  readonly resolver?: Resolver | undefined;
}

export interface OpenOptions {
  /** No token, cookie or referrer is ever sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often a request is repeated that failed in a way that may pass at once. */
  readonly retries: number;
  /** Whether a redirect there is followed; where it is not, the redirect itself is the answer. Default: any. */
  readonly mayFollow?: (url: URL) => boolean;
}

/** The headers of an answer, and its body to be read or discarded. */
export interface OpenedUrl {
  readonly response: Dispatcher.ResponseData;
  /** Where it came from, redirects followed. */
  readonly url: URL;
  /** Whether any part of the way was plain http to a host that was not opened by name. */
  readonly overPlainHttp: boolean;
  /** Where the answer would lead on, when that was not to be followed. */
  readonly leadsTo?: URL;
}

/** Opens public http(s) URLs: what is private, or becomes so by a redirect or a name's address, is never connected to. */
export interface UrlOpener {
  /** Throws URL_BLOCKED, DOWNLOAD_FAILED, or what the connection failed with. */
  open(first: URL, signal: AbortSignal, options: OpenOptions): Promise<OpenedUrl>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const BRIEFLY_UNAVAILABLE = [502, 503, 504];
const RETRY_DELAYS = { minTimeout: 200, maxTimeout: 1_000 };

export function createUrlOpener({
  urlHosts,
  resolver = systemResolver,
  ...timeouts
}: UrlOpenerOptions): UrlOpener {
  const dispatcher = createVettedAgent(urlHosts, resolver, timeouts);

  /** A proxy looks names up itself; one that has a private address here is still refused. */
  async function vetForProxy(url: URL): Promise<void> {
    if (!isProxyConfigured() || isHostAllowed(url, urlHosts) || addressLiteral(url.hostname)) return;
    await resolvePublic(url.hostname, resolver).catch((error: unknown) => {
      if (error instanceof AssetError) throw error;
    });
  }

  return {
    async open(first, signal, { headers, retries, mayFollow = () => true }) {
      let url = first;
      let overPlainHttp = false;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        checkUrl(url, urlHosts);
        await vetForProxy(url);
        overPlainHttp ||= url.protocol === "http:" && !isHostAllowed(url, urlHosts);
        const response = await requestWithRetries(
          url,
          { dispatcher, signal, headers: { ...headers } },
          retries,
        );
        if (!REDIRECT_STATUSES.includes(response.statusCode)) return { response, url, overPlainHttp };
        discardBody(response);
        const target = redirectTarget(response, url);
        if (!mayFollow(target)) return { response, url, overPlainHttp, leadsTo: target };
        url = target;
      }
      throw downloadFailed(
        describeUrl(first),
        `it redirects more than ${MAX_REDIRECTS} times`,
        "give the URL of the file itself",
      );
    },
    close: () => dispatcher.destroy(),
  };
}

/** The first value of a header. */
export function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The media type without parameters, in lower case; empty when the server told none. */
export function mediaTypeOf(response: Dispatcher.ResponseData): string {
  return headerOf(response, "content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Ends the connection of a response whose body nobody will read; undici reports that as an error of the body. */
export function discardBody(response: Dispatcher.ResponseData): void {
  response.body.on("error", () => {});
  response.body.destroy();
}

async function requestWithRetries(
  url: URL,
  options: { dispatcher: Dispatcher; signal: AbortSignal; headers: Record<string, string> },
  retries: number,
): Promise<Dispatcher.ResponseData> {
  return pRetry(
    async (attempt) => {
      const response = await request(url, options);
      const isLastAttempt = attempt > retries;
      if (isLastAttempt || !BRIEFLY_UNAVAILABLE.includes(response.statusCode)) return response;
      discardBody(response);
      throw new BrieflyUnavailable();
    },
    {
      ...RETRY_DELAYS,
      retries,
      signal: options.signal,
      shouldRetry: ({ error }) => error instanceof BrieflyUnavailable || isTransient(error),
    },
  );
}

class BrieflyUnavailable extends Error {
  override readonly name = "BrieflyUnavailable";
}

function redirectTarget(response: Dispatcher.ResponseData, from: URL): URL {
  const location = headerOf(response, "location");
  if (location !== undefined && URL.canParse(location, from.href)) return new URL(location, from);
  throw downloadFailed(
    describeUrl(from),
    "it redirects to an address that cannot be read",
    "give the URL of the file itself",
  );
}

function isProxyConfigured(): boolean {
  return ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"].some((name) => process.env[name]);
}
