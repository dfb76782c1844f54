import type { AllowedHost } from "../../core/allowed-hosts.js";
import { type CallContext, throwIfInterrupted } from "../../core/call-context.js";
import type { Proxies } from "../../core/proxies.js";
import { VERSION } from "../../core/version.js";
import { asDownloadError } from "./download-error.js";
import { createUrlOpener, discardBody, headerOf, mediaTypeOf, type OpenedUrl } from "./open-url.js";
import { canDecode, collectBody, contentCodings } from "./response-body.js";
import { startTimeLimit } from "./time-limit.js";
import { checkUrl, describeUrl } from "./url.js";
import type { Resolver } from "./vetted-agent.js";

export interface TextFetcherOptions {
  /** Hosts that may be private. */
  readonly urlHosts: readonly AllowedHost[];
  /** Silence of a server, in milliseconds; one text may take twice that in all. */
  readonly idleMs?: number | undefined;
  readonly resolver?: Resolver;
  readonly proxies?: Proxies | undefined;
  /** Told how many bytes a text took on its way, once nobody else needs those. */
  readonly onBytesReleased?: ((bytes: number) => void) | undefined;
}

export interface FetchTextOptions {
  /** Whether a redirect there is followed. The first URL is the caller's business. */
  readonly mayFollow: (url: URL) => boolean;
}

/** An answer of any status, as far as it is text. */
export interface FetchedText {
  readonly status: number;
  /** Where it came from, redirects followed. */
  readonly url: URL;
  /** Where a redirect led that was not to be followed. */
  readonly leadsTo?: URL;
  /** As it was sent, or in UTF-8 where it was sent in UTF-16: in any other encoding ids and tags are ASCII. */
  readonly text: Buffer;
  /** Whether `text` is only the beginning: it was too long, too slow, or cut off. */
  readonly isCut: boolean;
  /** Whether it is not text, of which nothing was read. */
  readonly isOther: boolean;
  /** Whether it is compressed in a way that cannot be undone: nothing was read of it either. */
  readonly isPacked: boolean;
  /** Whether a service that keeps robots out answered in the site's place. */
  readonly isChallenge: boolean;
}

/** Fetches the pages and files of web sites, without any token, one answer after the other as it is told to. */
export interface TextFetcher {
  /** Throws URL_BLOCKED, DOWNLOAD_FAILED or CANCELLED; an answer of any status is a result. */
  fetch(url: URL, call: CallContext, options: FetchTextOptions): Promise<FetchedText>;
  close(): Promise<void>;
}

/** Decoded bytes that are read of one text. */
export const MAX_TEXT_BYTES = 5_000_000;
const CONNECT_MS = 10_000;
const IDLE_MS = 10_000;
/** No Accept-Language: sites send visitors on by it. */
const HEADERS = {
  accept: "text/html,*/*;q=0.8",
  "accept-encoding": "gzip, br",
  "user-agent": `webflow-assets-mcp/${VERSION}`,
};
/** What certainly holds no text. Servers call text by many names, and by none. */
const NO_TEXT =
  /^(?:image\/(?!svg)|video\/|audio\/|font\/|application\/(?:pdf|zip|gzip|wasm|msword|vnd\.|x-font))/;

export function createTextFetcher({
  urlHosts,
  idleMs = IDLE_MS,
  resolver,
  proxies,
  onBytesReleased = () => {},
}: TextFetcherOptions): TextFetcher {
  const opener = createUrlOpener({ urlHosts, connectMs: CONNECT_MS, idleMs, resolver, proxies });

  return {
    async fetch(first, call, { mayFollow }) {
      const limit = startTimeLimit(2 * idleMs, call.signal);
      try {
        checkUrl(first, urlHosts);
        const opened = await opener.open(first, limit.signal, { headers: HEADERS, retries: 0, mayFollow });
        const answer = await readAnswer(opened, call, limit.signal);
        // Its chunks, and the text itself soon.
        onBytesReleased(2 * answer.text.length);
        return answer;
      } catch (error) {
        throwIfInterrupted(call);
        throw asDownloadError(error, describeUrl(first), call, limit.isUp());
      } finally {
        limit.stop();
      }
    },
    close: () => opener.close(),
  };
}

async function readAnswer(
  { response, url, leadsTo }: OpenedUrl,
  call: CallContext,
  signal: AbortSignal,
): Promise<FetchedText> {
  const codings = contentCodings(headerOf(response, "content-encoding"));
  const mediaType = mediaTypeOf(response);
  const isOther = NO_TEXT.test(mediaType);
  const isPacked = !isOther && !canDecode(codings);
  const answer = {
    status: response.statusCode,
    url,
    isOther,
    isPacked,
    isChallenge: headerOf(response, "cf-mitigated") !== undefined,
  };
  if (isOther || isPacked || leadsTo) {
    discardBody(response);
    return { ...answer, ...(leadsTo && { leadsTo }), text: Buffer.alloc(0), isCut: false };
  }
  const beginning = collectBeginning();
  const charset = headerOf(response, "content-type");
  try {
    await collectBody(response.body, codings, beginning, signal);
    return { ...answer, text: withoutUtf16(beginning.text(), charset), isCut: false };
  } catch {
    throwIfInterrupted(call);
    return { ...answer, text: withoutUtf16(beginning.text(), charset), isCut: true };
  }
}

/** WHATWG: Encoding, "BOM sniff": a byte order mark outweighs what the server says. */
function withoutUtf16(text: Buffer, contentType = ""): Buffer {
  const [first, second] = text;
  const said = /charset\s*=\s*["']?utf-?16(be)?/i.exec(contentType);
  const isUtf8 = first === 0xef && second === 0xbb;
  if (first === 0xff && second === 0xfe) return fromUtf16(text, "le");
  if (first === 0xfe && second === 0xff) return fromUtf16(text, "be");
  return said && !isUtf8 ? fromUtf16(text, said[1] === undefined ? "le" : "be") : text;
}

function fromUtf16(text: Buffer, order: "le" | "be"): Buffer {
  return Buffer.from(new TextDecoder(`utf-16${order}`).decode(text));
}

/** Takes the first {@link MAX_TEXT_BYTES} and then throws. */
function collectBeginning() {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add(chunk: Uint8Array): void {
      const room = MAX_TEXT_BYTES - length;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      length += Math.min(room, chunk.length);
      if (chunk.length > room) throw new Error("the text is too long");
    },
    text: () => Buffer.concat(chunks, length),
  };
}
