import { type CallContext, cancelledError, hasDeadlinePassed, isCancelled } from "../../core/call-context.js";
import { isAssetError } from "../../core/errors.js";
import { parseJson } from "../../core/parse-json.js";
import type { Proxies } from "../../core/proxies.js";
import type { PacedAnswer } from "../rate-limit/rate-limit-pause.js";
import { explainConnectionFailure } from "../wire/connection-failure.js";
import { through } from "../wire/sdk-fetch.js";
import type { HttpAnswer, HttpRequest, Transport } from "../wire/transport.js";
import { noAnswer, unreachable, WebflowFailure } from "./error-mapping.js";
import type { Sdk, SdkRequestOptions } from "./sdk.js";

export interface Answer extends PacedAnswer {
  /** The JSON, or the text if it is not JSON; undefined for an empty body. */
  readonly body: unknown;
}

/** A request as the SDK sends it. */
export interface SdkRequest {
  readonly send: (sdk: Sdk, options: SdkRequestOptions) => PromiseLike<unknown>;
  /** How many milliseconds a request in flight goes on after its call was aborted. */
  readonly graceMs?: number;
}

/** The SDK, which composes requests, and the transport that sends them. */
export interface SdkConnection {
  readonly sdk: Sdk;
  readonly apiBaseUrl: string;
  readonly transport: Transport;
  readonly proxies: Proxies;
  /** How long one request may take overall, in milliseconds. */
  readonly timeoutMs: number;
}

/** Sends one request and reads its answer, of whatever status and shape. Throws a `WebflowFailure` if none came. */
export async function exchange(
  connection: SdkConnection,
  call: CallContext,
  request: SdkRequest,
): Promise<Answer> {
  const { sdk, timeoutMs, transport } = connection;
  const attempt = new AbortController();
  const interrupt = (): void => {
    setTimeout(() => attempt.abort(), request.graceMs ?? 0).unref();
  };
  const timer = setTimeout(() => attempt.abort(), timeoutMs);
  call.signal.addEventListener("abort", interrupt, { once: true });
  try {
    const { answer, failure } = await captured(transport, attempt.signal, (headers) =>
      request.send(sdk, {
        abortSignal: attempt.signal,
        timeoutInSeconds: timeoutMs / 1000,
        maxRetries: 0,
        headers,
      }),
    );
    if (!answer) throw failureWithoutAnswer(connection, call, failure, attempt.signal.aborted);
    return { status: answer.status, headers: answer.headers, body: bodyOf(answer.text) };
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", interrupt);
  }
}

/** The answer to the request that `compose` makes, or what it failed with. What the SDK makes of it does not matter. */
async function captured(
  transport: Transport,
  signal: AbortSignal,
  compose: (headers: SdkRequestOptions["headers"]) => PromiseLike<unknown>,
): Promise<{ answer?: HttpAnswer; failure?: unknown }> {
  const result: { answer?: HttpAnswer; failure?: unknown } = {};
  const sending = async (request: HttpRequest): Promise<void> => {
    try {
      result.answer = await transport.send(request, signal);
    } catch (error) {
      result.failure = error;
    }
  };
  try {
    await through(sending, compose);
  } catch (error) {
    result.failure ??= error;
  }
  return result;
}

function bodyOf(text: string): unknown {
  return text.trim() === "" ? undefined : (parseJson(text) ?? text);
}

function failureWithoutAnswer(
  { apiBaseUrl, proxies }: SdkConnection,
  call: CallContext,
  failure: unknown,
  timedOut: boolean,
): Error {
  if (isAssetError(failure)) return failure;
  if (isCancelled(call)) {
    const { code, message, next } = cancelledError();
    return new WebflowFailure(code, message, next, { isTransient: true, isTimeOut: true });
  }
  if (hasDeadlinePassed(call))
    return noAnswer("Webflow did not answer before this call ran out of time", true);
  if (timedOut) return noAnswer("Webflow did not answer in time", true);
  return unreachable(explainConnectionFailure(failure, "Webflow", new URL(apiBaseUrl), proxies));
}
