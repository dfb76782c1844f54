import type { Socket } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { buildConnector, EnvHttpProxyAgent, request } from "undici";
import { assertProxyUsable, NO_PROXIES, type Proxies, proxyAgentOptions } from "../../core/proxies.js";
import { VERSION } from "../../core/version.js";

/** A request to the Data API, as the SDK composed it; the names of its headers in lower case. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
}

/** By their names in lower case, as the standard `Headers` gives them. */
export interface AnswerHeaders {
  get(name: string): string | null;
}

/** An answer of any status, with its body as text. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
}

/** Sends requests and follows no redirect. Rejects with undici's errors if no complete answer comes. */
export interface Transport {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly proxies?: Proxies | undefined;
  readonly connectTimeoutMs?: number;
}

/** A page of a hundred assets with all their variants stays far below it. In bytes. */
const LARGEST_ANSWER = 64 * 1024 * 1024;

export function createTransport({
  proxies = NO_PROXIES,
  connectTimeoutMs = 10_000,
}: TransportOptions = {}): Transport {
  const dispatcher = new EnvHttpProxyAgent({
    ...proxyAgentOptions(proxies),
    connect: createConnector(connectTimeoutMs),
    proxyTls: { timeout: connectTimeoutMs },
    maxResponseSize: LARGEST_ANSWER,
  });

  return {
    async send({ url, method, headers, body }, signal) {
      assertProxyUsable(new URL(url), proxies);
      const response = await request(url, {
        method: method as "GET",
        headers: { "user-agent": `webflow-assets-mcp/${VERSION}`, ...headers },
        body: body ?? null,
        dispatcher,
        signal,
      });
      return {
        status: response.statusCode,
        headers: answerHeaders(response.headers),
        text: textOf(await response.body.arrayBuffer(), response.headers["content-encoding"]),
      };
    },
    close: () => dispatcher.destroy(),
  };
}

/** Something in between may compress although nobody asked for it, as RFC 9110, section 12.5.3, allows. */
function textOf(body: ArrayBuffer, encoding: string | string[] | undefined): string {
  const decode = DECODERS[String(encoding).trim().toLowerCase()];
  const bytes = Buffer.from(body);
  const whole = decode && bytes.length > 0 ? decode(bytes, { maxOutputLength: LARGEST_ANSWER }) : bytes;
  return new TextDecoder().decode(whole);
}

const DECODERS: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

type Connect = ReturnType<typeof buildConnector>;

function createConnector(timeout: number): Connect {
  const connect = buildConnector({ timeout });
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error) callback(error, null);
      else callback(null, withoutContinue(socket));
    });
}

/** Skips a `100 Continue` sent unasked, as RFC 9110 (15.2) requires; undici ends the connection. */
function withoutContinue<Readable extends Pick<Socket, "read">>(socket: Readable): Readable {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  socket.read = (size) => {
    let chunk = read(size);
    while (chunk !== null && /^HTTP\/1\.1 100 [^\r\n]*\r\n/.test(chunk.toString("latin1", 0, 64))) {
      const rest = chunk.subarray(chunk.indexOf("\r\n\r\n") + 4);
      chunk = rest.length > 0 ? rest : read(size);
    }
    return chunk;
  };
  return socket;
}

/** What undici gives for headers, with those that came more than once in one line. */
export function answerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): AnswerHeaders {
  return {
    get(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
  };
}
