import * as z from "zod";
import { type CallContext, cancelledError, hasDeadlinePassed, isCancelled } from "../core/call-context.js";
import { noAnswer, WebflowFailure } from "./error-mapping.js";
import type { PacedAnswer } from "./pacing.js";

export interface SdkRequestOptions {
  abortSignal: AbortSignal;
  timeoutInSeconds: number;
  maxRetries: 0;
  queryParams?: Record<string, unknown>;
}

export interface SdkPromise {
  withRawResponse(): Promise<{ data: unknown; rawResponse: PacedAnswer & { readonly redirected: boolean } }>;
}

export interface Answer extends PacedAnswer {
  readonly body: unknown;
  /** Whether it came from elsewhere: the SDK follows redirects (without the token, when they leave the host). */
  readonly redirected: boolean;
}

/** A request as the SDK sends it. */
export interface SdkRequest<Sdk> {
  readonly send: (sdk: Sdk, options: SdkRequestOptions) => SdkPromise;
  /** Milliseconds that a request on its way goes on after its call was aborted. */
  readonly graceMs?: number;
}

/** Sends one request and reads its answer, of whatever status. Throws where no whole answer came. */
export async function exchange<Sdk>(
  sdk: Sdk,
  call: CallContext,
  request: SdkRequest<Sdk>,
  timeoutMs: number,
): Promise<Answer> {
  const attempt = new AbortController();
  const interrupt = (): void => {
    setTimeout(() => attempt.abort(), request.graceMs ?? 0).unref();
  };
  const timer = setTimeout(() => attempt.abort(), timeoutMs);
  call.signal.addEventListener("abort", interrupt, { once: true });
  try {
    const sent = request.send(sdk, {
      abortSignal: attempt.signal,
      timeoutInSeconds: timeoutMs / 1000,
      maxRetries: 0,
    });
    const { data, rawResponse } = await sent.withRawResponse();
    const { status, headers, redirected } = rawResponse;
    return { status, headers, redirected, body: withoutSdkWrapping(data) };
  } catch (error) {
    const answer = answerInError(error);
    if (answer) return answer;
    throw failureWithoutAnswer(call, error, attempt.signal.aborted);
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener("abort", interrupt);
  }
}

/** The SDK reports a body of success that is not JSON as a success of its own making. */
function withoutSdkWrapping(data: unknown): unknown {
  const wrapped = nonJsonBody.safeParse(data);
  return wrapped.success ? wrapped.data.error.rawBody : data;
}

const nonJsonBody = z.object({
  ok: z.literal(false),
  error: z.object({ reason: z.literal("non-json"), rawBody: z.string() }),
});

/** The SDK throws every answer with an error status; one without a status is no answer. */
function answerInError(error: unknown): Answer | undefined {
  const thrown = errorWithAnswer.safeParse(error);
  if (!thrown.success) return undefined;
  const { statusCode, body, rawResponse } = thrown.data;
  const { headers, redirected } = rawResponse;
  return { status: statusCode, headers, redirected, body };
}

const errorWithAnswer = z.object({
  statusCode: z.number(),
  body: z.unknown(),
  rawResponse: z.object({
    redirected: z.boolean(),
    headers: z.custom<PacedAnswer["headers"]>(
      (headers) => typeof headers === "object" && headers !== null && "get" in headers,
    ),
  }),
});

function failureWithoutAnswer(call: CallContext, error: unknown, timedOut: boolean): WebflowFailure {
  if (isCancelled(call)) {
    const { code, message, next } = cancelledError();
    return new WebflowFailure(code, message, next, { isTransient: true, isTimeOut: true });
  }
  if (hasDeadlinePassed(call))
    return noAnswer("Webflow did not answer before this call had to be answered", true);
  if (timedOut) return noAnswer("Webflow did not answer in time", true);
  // The SDK reads an answer of success without a body as `undefined`, and then trips over it.
  if (isParseError(error)) return noAnswer("Webflow answered with an empty body");
  return noAnswer(
    `Webflow could not be reached: ${error instanceof Error ? error.message : "unknown cause"}`,
  );
}

function isParseError(error: unknown): boolean {
  return error instanceof Error && /^response: Expected /.test(error.message);
}
