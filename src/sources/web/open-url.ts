import { setTimeout as delay } from "node:timers/promises";
import { type Dispatcher, request } from "undici";
import { type AllowedHost, isHostAllowed } from "../../core/allowed-hosts.js";
import { AssetError } from "../../core/errors.js";
import { assertProxyUsable, NO_PROXIES, type Proxies, proxyFor } from "../../core/proxies.js";
import { readRetryAfter } from "../../core/retry-after.js";
import { downloadFailed, isTransient } from "./download-error.js";
import { createHostPace, type HostPace } from "./host-pace.js";
import { addressLiteral } from "./public-address.js";
import { checkUrl, describeUrl, type UrlSources } from "./url.js";
import { createVettedAgent, type Resolver, resolvePublic, systemResolver } from "./vetted-agent.js";

/** Which URLs may be opened, and how their hosts are reached. */
export interface UrlAccess {
  /** Hosts that may be private; plain http to them causes no note. */
  readonly urlHosts: readonly AllowedHost[];
  /** Which URLs are opened, including redirects; `any` if left out. */
  readonly urlSources?: UrlSources | undefined;
  readonly resolver?: Resolver | undefined;
  readonly proxies?: Proxies | undefined;
}

export interface UrlOpenerOptions extends UrlAccess {
  readonly connectMs: number;
  /** Without a byte, before the answer begins or within it. */
  readonly idleMs: number;
  /** The first wait for a host that answers "too many requests" without saying how long to wait; 500 if left out. */
  readonly backoffMs?: number | undefined;
}

export interface OpenOptions {
  /** No token, cookie or referrer is ever sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** How often a request is repeated that failed in a way that may pass at once. */
  readonly retries: number;
  /** Whether to follow a redirect there; if not, the redirect itself is the answer. Default: any. */
  readonly mayFollow?: (url: URL) => boolean;
  /** For callers who wait when a host answers "too many requests" (429, 503); for others that is the answer. */
  readonly patience?: Patience;
}

export interface Patience {
  /** Waits that would end later are not begun: milliseconds since the epoch. */
  readonly deadline: number;
  /**
   * Whether another call goes on, as with the reading of a site: RATE_LIMITED is then thrown for a wait that would end
   * too late for this one. A site may also keep robots out: a 503 without a Retry-After, and a host that goes on
   * refusing a request, are its answer.
   */
  readonly isResumable?: boolean;
  /** Awaits something that does not count as the request's own time. */
  suspended<T>(wait: Promise<T>): Promise<T>;
}

/** The headers of an answer, and its body to be read or discarded. */
export interface OpenedUrl {
  readonly response: Dispatcher.ResponseData;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** Whether any part of the way was plain http to a host that was not allowed by name. */
  readonly overPlainHttp: boolean;
  /** Where the answer would have redirected, if that was not to be followed. */
  readonly leadsTo?: URL;
}

/** Opens public http(s) URLs: a private address, or a name or redirect that leads to one, is never connected to. */
export interface UrlOpener {
  /** Throws URL_BLOCKED, DOWNLOAD_FAILED, RATE_LIMITED, or what the connection failed with. */
  open(first: URL, signal: AbortSignal, options: OpenOptions): Promise<OpenedUrl>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const BRIEFLY_UNAVAILABLE = [502, 503, 504];
const RETRY_DELAY_MS = 200;
const BACKOFF_MS = 500;
/** How often a request that another call can repeat is refused before that is its answer. */
const MOST_REFUSALS = 4;
const MOST_INTERIM_ANSWERS = 20;
/** A longer wait is reported instead of waited for. */
const LONGEST_WAIT_MS = 120_000;

export function createUrlOpener({
  urlHosts,
  urlSources,
  resolver = systemResolver,
  backoffMs = BACKOFF_MS,
  proxies = NO_PROXIES,
  ...timeouts
}: UrlOpenerOptions): UrlOpener {
  const dispatcher = createVettedAgent(urlHosts, resolver, proxies, timeouts);
  const pace = createHostPace(backoffMs);

  /** A proxy looks names up itself: a private address here, or none, may belong to the proxy's own network. */
  async function vetForProxy(url: URL): Promise<void> {
    assertProxyUsable(url, proxies);
    if (!proxyFor(url, proxies) || isHostAllowed(url, urlHosts) || addressLiteral(url.hostname)) return;
    await resolvePublic(url.hostname, resolver).catch((error: unknown) => {
      throw error instanceof AssetError ? error : knownToProxyOnly(url.hostname);
    });
  }

  return {
    async open(first, signal, options) {
      const { mayFollow = () => true } = options;
      let url = first;
      let overPlainHttp = false;
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
        checkUrl(url, urlHosts, urlSources);
        await vetForProxy(url);
        overPlainHttp ||= url.protocol === "http:" && !isHostAllowed(url, urlHosts);
        const response = await requestInTurn(url, dispatcher, signal, pace, options);
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

/** The first value of a header. undici reads bytes as Latin-1; raw UTF-8 from a server is decoded as such. */
export function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined ? undefined : asUtf8(text);
}

function asUtf8(text: string): string {
  if (/^[\t\x20-\x7e]*$/.test(text) || /[^\0-\xff]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
  } catch {
    return text;
  }
}

/** How long the server asks to wait, in milliseconds. */
export function retryAfterOf(response: Dispatcher.ResponseData): number | undefined {
  return readRetryAfter({ get: (name) => headerOf(response, name) ?? null });
}

/** The media type without parameters, in lower case; empty if the server sent none. */
export function mediaTypeOf(response: Dispatcher.ResponseData): string {
  return headerOf(response, "content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Ends the connection of a response whose body nobody will read; undici reports that as an error of the body. */
export function discardBody(response: Dispatcher.ResponseData): void {
  response.body.on("error", () => {});
  response.body.destroy();
}

/** Repeats what may pass at once and, given patience, waits for hosts that ask for it. */
async function requestInTurn(
  url: URL,
  dispatcher: Dispatcher,
  signal: AbortSignal,
  pace: HostPace,
  { headers, retries, patience }: OpenOptions,
): Promise<Dispatcher.ResponseData> {
  let refusals = 0;
  for (let failures = 0; ; ) {
    if (patience) await patience.suspended(pace.turn(url.host, signal));
    const startedAt = Date.now();
    try {
      const response = await requestOnce(url, dispatcher, signal, headers);
      const askedMs = retryAfterOf(response);
      if (patience && isAskedToWait(response.statusCode, askedMs, patience)) {
        // Other requests need not wait for it before they are refused as well.
        if (patience.isResumable && (askedMs ?? 0) > LONGEST_WAIT_MS) return response;
        const waitMs = pace.refused(url.host, startedAt, askedMs);
        refusals += 1;
        if (!isWorthWaiting(waitMs, refusals, patience)) return response;
        if (Date.now() + waitMs >= patience.deadline) {
          if (!patience.isResumable) return response;
          discardBody(response);
          throw tooManyRequests(url, waitMs);
        }
      } else if (!BRIEFLY_UNAVAILABLE.includes(response.statusCode) || failures >= retries) {
        pace.answered(url.host, startedAt);
        return response;
      } else {
        failures += 1;
      }
      discardBody(response);
    } catch (error) {
      failures += 1;
      if (failures > retries || !isTransient(error)) throw error;
    }
    await delay(RETRY_DELAY_MS * failures, undefined, { signal });
  }
}

/** Interim answers (RFC 9110, section 15.2) have no end of their own. */
async function requestOnce(
  url: URL,
  dispatcher: Dispatcher,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Dispatcher.ResponseData> {
  let interim = 0;
  return request(url, {
    dispatcher,
    signal,
    headers: { ...headers },
    // What it throws, the request fails with.
    onInfo: () => {
      interim += 1;
      if (interim > MOST_INTERIM_ANSWERS) throw endlessInterim(url);
    },
  });
}

function isAskedToWait(status: number, askedMs: number | undefined, { isResumable }: Patience): boolean {
  return status === 429 || (status === 503 && !(isResumable && askedMs === undefined));
}

function isWorthWaiting(
  waitMs: number | undefined,
  refusals: number,
  { isResumable }: Patience,
): waitMs is number {
  const isGivenUp = isResumable && refusals >= MOST_REFUSALS;
  return waitMs !== undefined && waitMs <= LONGEST_WAIT_MS && !isGivenUp;
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

function tooManyRequests({ host }: URL, waitMs: number): AssetError {
  return new AssetError(
    "RATE_LIMITED",
    `${host} asks for fewer requests`,
    `call again in ${Math.ceil(waitMs / 1000)} s`,
  );
}

function endlessInterim(url: URL): AssetError {
  return downloadFailed(
    describeUrl(url),
    `it announces an answer over ${MOST_INTERIM_ANSWERS} times and sends none`,
    "use another source for the file",
  );
}

function knownToProxyOnly(hostname: string): AssetError {
  return new AssetError(
    "URL_BLOCKED",
    `${hostname} has no address here; only the proxy could resolve it`,
    "check the name, or ask the user to open this host with WEBFLOW_URL_HOSTS",
  );
}
