import { type CallContext, hasDeadlinePassed, throwIfInterrupted } from "../../core/call-context.js";
import { VERSION } from "../../core/version.js";
import { asDownloadError } from "./download-error.js";
import {
  createUrlOpener,
  discardBody,
  headerOf,
  mediaTypeOf,
  type OpenedUrl,
  type UrlAccess,
} from "./open-url.js";
import { canDecode, collectBody, contentCodings } from "./response-body.js";
import { startTimeLimit } from "./time-limit.js";
import { checkUrl, describeUrl } from "./url.js";

export interface TextFetcherOptions extends Omit<UrlAccess, "urlSources"> {
  /** For silence of a server, in milliseconds; one text may take twice that in all. */
  readonly idleMs?: number | undefined;
  /** Called with the bytes that a text took on its way, once nobody needs them any more. */
  readonly onBytesReleased?: ((bytes: number) => void) | undefined;
}

export interface FetchTextOptions {
  /** Whether to follow a redirect there. The first URL is the caller's business. */
  readonly mayFollow: (url: URL) => boolean;
}

/** An answer of any status, as far as it is text. */
export interface FetchedText {
  readonly status: number;
  /** Where it came from, after redirects. */
  readonly url: URL;
  /** The target of a redirect that was not to be followed. */
  readonly leadsTo?: URL;
  /** The `Link` headers, which may name style sheets and pictures: RFC 8288. */
  readonly links?: string;
  /** As it was sent, or as UTF-8 if it was sent as UTF-16: in any other encoding ids and tags are ASCII. */
  readonly text: Buffer;
  /** Whether `text` is only the beginning: it was too long, too slow, or cut off. */
  readonly isCut: boolean;
  /** Whether it is not text, in which case nothing was read. */
  readonly isOther: boolean;
  /** Whether it is compressed in an unsupported way, in which case nothing was read either. */
  readonly isPacked: boolean;
  /** Whether a service that keeps robots out answered in the site's place. */
  readonly isChallenge: boolean;
}

/** Fetches the pages and files of web sites, `.gz` files as well, without any token, at the pace that hosts ask for. */
export interface TextFetcher {
  /**
   * Throws URL_BLOCKED, DOWNLOAD_FAILED or CANCELLED, and RATE_LIMITED if the host asks to wait until after the call;
   * an answer of any status is a result, 429 one that came although the host was given time.
   */
  fetch(url: URL, call: CallContext, options: FetchTextOptions): Promise<FetchedText>;
  close(): Promise<void>;
}

/** How many decoded bytes of one text are read. */
export const MAX_TEXT_BYTES = 5_000_000;
const CONNECT_MS = 10_000;
const IDLE_MS = 10_000;
/** No Accept-Language: sites redirect visitors by it. */
const HEADERS = {
  accept: "text/html,*/*;q=0.8",
  "accept-encoding": "gzip, br",
  "user-agent": `webflow-assets-mcp/${VERSION}`,
};
/** What certainly contains no text. Servers label text with many types, or with none. */
const NO_TEXT =
  /^(?:image\/(?!svg)|video\/|audio\/|font\/|application\/(?:pdf|zip|gzip|wasm|msword|vnd\.|x-font))/;

export function createTextFetcher(options: TextFetcherOptions): TextFetcher {
  const { urlHosts, idleMs = IDLE_MS, onBytesReleased = () => {} } = options;
  const opener = createUrlOpener({ ...options, connectMs: CONNECT_MS, idleMs });
  /** How many milliseconds a text took in calls that ended meanwhile: short calls would else wait for it for ever. */
  const spent = new Map<string, number>();

  return {
    async fetch(first, call, { mayFollow }) {
      const startedAt = Date.now();
      const spentBefore = spent.get(first.href) ?? 0;
      const limit = startTimeLimit(Math.max(0, 2 * idleMs - spentBefore), call.signal);
      let waitedMs = 0;
      const suspended = async <T>(wait: Promise<T>): Promise<T> => {
        const since = Date.now();
        return limit.suspended(wait).finally(() => {
          waitedMs += Date.now() - since;
        });
      };
      const patience = { isResumable: true, deadline: call.deadline, suspended };
      try {
        checkUrl(first, urlHosts);
        const opening = { headers: HEADERS, retries: 0, mayFollow, patience };
        const opened = await opener.open(first, limit.signal, opening);
        const answer = await readAnswer(opened, call, limit.signal);
        // Its chunks, and the text itself soon.
        onBytesReleased(2 * answer.text.length);
        spent.delete(first.href);
        return answer;
      } catch (error) {
        if (hasDeadlinePassed(call)) spent.set(first.href, spentBefore + Date.now() - startedAt - waitedMs);
        else spent.delete(first.href);
        throwIfInterrupted(call);
        throw asDownloadError(error, describeUrl(first), call, limit.isUp());
      } finally {
        limit.stop();
      }
    },
    close: () => opener.close(),
  };
}

async function readAnswer({ response, url, leadsTo }: OpenedUrl, call: CallContext, signal: AbortSignal) {
  const isGzipFile = /\.gz$/i.test(url.pathname);
  const codings = [
    ...(isGzipFile ? ["gzip"] : []),
    ...contentCodings(headerOf(response, "content-encoding")),
  ];
  const isOther = !isGzipFile && NO_TEXT.test(mediaTypeOf(response));
  const isPacked = !isOther && !canDecode(codings);
  const links = response.headers["link"];
  const answer = {
    status: response.statusCode,
    url,
    isOther,
    isPacked,
    isChallenge: headerOf(response, "cf-mitigated") !== undefined,
    ...(links !== undefined && { links: [links].flat().join(", ") }),
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

/** WHATWG: Encoding, "BOM sniff": a byte order mark outweighs the server's label. */
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
