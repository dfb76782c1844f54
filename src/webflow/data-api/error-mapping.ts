import { AssetError, type ErrorCode } from "../../core/errors.js";
import { readRetryAfter } from "../../core/retry-after.js";
import { oneLine } from "../../core/text.js";
import { excerpt, isPage, LONGEST_EXCERPT } from "../wire/answer-text.js";
import type { ConnectionFailure } from "../wire/connection-failure.js";
import type { Transience } from "../wire/retry.js";
import type { AnswerHeaders } from "../wire/transport.js";
import { errorBodySchema, unknownRouteSchema } from "./responses.js";

/** How a request to the Data API failed, in a form from which the next step can be decided. */
export class WebflowFailure extends AssetError {
  /** The HTTP status, or undefined if no complete answer came. */
  readonly status: number | undefined;
  /** Webflow's own code, such as `conflict`. */
  readonly webflowCode: string | undefined;
  /** Whether the same request may well succeed a moment later. */
  readonly isTransient: boolean;
  /** Whether the request may have taken effect all the same. */
  readonly mayHaveTakenEffect: boolean;
  readonly isTimeOut: boolean;
  /** Whether the answer was an HTML page: something in between wrote it, so it says nothing about Webflow's records. */
  readonly isPage: boolean;
  /** How long Webflow asks to wait before a retry, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    next: string,
    facts: Partial<Omit<WebflowFailure, keyof AssetError>>,
  ) {
    super(code, message, next);
    this.status = facts.status;
    this.webflowCode = facts.webflowCode;
    this.isTransient = facts.isTransient ?? false;
    this.mayHaveTakenEffect = facts.mayHaveTakenEffect ?? this.isTransient;
    this.isTimeOut = facts.isTimeOut ?? false;
    this.isPage = facts.isPage ?? false;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** What an error says about retrying the request: see {@link WebflowFailure.isTransient}. */
export function transienceOf(error: unknown): Transience {
  return error instanceof WebflowFailure ? error : { isTransient: false };
}

/** Whether a request that failed like this may nevertheless have taken effect. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return error instanceof WebflowFailure && error.mayHaveTakenEffect;
}

/** Whether the request was given up because no answer came in time: it may still take effect later. */
export function isTimeOut(error: unknown): boolean {
  return error instanceof WebflowFailure && error.isTimeOut;
}

/** Whether Webflow itself says that there is no such thing. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WebflowFailure && error.status === 404 && !error.isPage;
}

/** Whether Webflow understood a request and declined it for a reason of its own: 400, 409, 422. */
export function isRefusal(error: unknown): error is WebflowFailure {
  return error instanceof WebflowFailure && [400, 409, 422].includes(error.status ?? 0) && !error.isPage;
}

export function isConflict(error: unknown): boolean {
  return error instanceof WebflowFailure && (error.status === 409 || error.webflowCode === "conflict");
}

/** What the request was about, which decides what a 404 means. */
export type Subject = "site" | "asset" | "token" | "content";

/** An answer as far as error messages need it; `body` may be of any shape and is free of secrets. */
interface ErrorAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: unknown;
}

interface AnswerFacts {
  readonly status: number;
  readonly webflowCode: string | undefined;
  readonly isPage: boolean;
}

/** Statuses that call for something other than changing the request. */
const NEXT_STEPS: Readonly<Record<number, string>> = {
  402: "check the plan and the billing of the site's workspace in Webflow: the plan does not cover this, or a payment is due",
  406: "check whether a proxy in between changes the headers of requests; otherwise update this server",
  423: "try again in a minute: the site is locked, for instance while it is published or restored",
  451: "ask Webflow's support: it does not serve this for legal reasons",
};

const LOOK_BETWEEN =
  "Webflow's API answers with no pages: check whether a proxy or filter stands between, or try again in a minute";

/** An answer with an error status. Only the status decides, whatever the body. */
export function refusedByWebflow(answer: ErrorAnswer, subject: Subject): WebflowFailure {
  const { status, body } = answer;
  const { code, message } = readErrorBody(body);
  const said = describeAnswer(status, body);
  const facts = { status, webflowCode: code, isPage: isPage(body) };

  if (isFromBetween(answer)) return stoppedBetween(answer);
  if (status === 401 && code === "missing_scopes") {
    return new WebflowFailure("MISSING_SCOPE", said, missingScopeStep(message), facts);
  }
  if (status === 401) return new WebflowFailure("UNAUTHORIZED", said, NEW_TOKEN, facts);
  if (status === 403) return forbidden(said, code, message, facts);
  if (status === 404) return notThere(said, body, subject, facts);
  if (status === 408 || status >= 500) {
    const retryAfterMs = readRetryAfter(answer.headers);
    return new WebflowFailure("WEBFLOW_UNAVAILABLE", said, TRY_AGAIN, {
      ...facts,
      isTransient: true,
      retryAfterMs,
    });
  }
  const next =
    NEXT_STEPS[status] ?? (isPage(body) ? LOOK_BETWEEN : "change what Webflow objects to and call again");
  return new WebflowFailure("WEBFLOW_REJECTED", said, next, facts);
}

/** Webflow's answer in its own words: `Webflow answered 429 too_many_requests: Too many requests`. */
export function describeAnswer(status: number, body: unknown): string {
  const { code, message } = readErrorBody(body);
  return `Webflow answered ${status}${code ? ` ${code}` : ""}: ${message}`;
}

/** Bot checks and company filters answer with an HTML page, which the Data API never does. */
function isFromBetween({ status, headers, body }: ErrorAnswer): boolean {
  return headers.get("cf-mitigated") !== null || (status === 403 && isPage(body));
}

function stoppedBetween({ status, body }: ErrorAnswer): WebflowFailure {
  return new WebflowFailure(
    "WEBFLOW_UNAVAILABLE",
    `Something between this server and Webflow answered ${status}: ${excerpt(body)}`,
    "this has nothing to do with the token: have whoever runs the network, its filter or its VPN let api.webflow.com through, or try " +
      "from another network",
    { status, isTransient: status >= 500 },
  );
}

function forbidden(
  said: string,
  code: string | undefined,
  message: string,
  facts: AnswerFacts,
): WebflowFailure {
  if (code === "missing_scopes" || /missing.*scope/i.test(message)) {
    return new WebflowFailure("MISSING_SCOPE", said, missingScopeStep(message), facts);
  }
  const next =
    code === "forbidden"
      ? "the token is valid but may not do this: create it in the settings of this very site, as a user who may edit the site"
      : NEW_TOKEN;
  return new WebflowFailure("UNAUTHORIZED", said, next, facts);
}

function notThere(said: string, body: unknown, subject: Subject, facts: AnswerFacts): WebflowFailure {
  if (isUnknownRoute(body)) {
    return new WebflowFailure("WEBFLOW_REJECTED", said, "check WEBFLOW_API_BASE_URL", {});
  }
  if (facts.isPage && (subject === "site" || subject === "asset")) {
    return new WebflowFailure("WEBFLOW_UNAVAILABLE", said, LOOK_BETWEEN, facts);
  }
  if (subject === "site") {
    return new WebflowFailure(
      "SITE_NOT_FOUND",
      said,
      "call listSites to see the sites that the token can access",
      facts,
    );
  }
  if (subject === "asset") {
    return new WebflowFailure("ASSET_NOT_FOUND", said, "call listAssets to see the assets that exist", facts);
  }
  return new WebflowFailure("WEBFLOW_REJECTED", said, "check WEBFLOW_API_BASE_URL", facts);
}

/** Whether the body of a successful answer tells of a failure nevertheless: an error of Webflow's, or any HTML page. */
export function reportsFailure(body: unknown): boolean {
  const parsed = errorBodySchema.safeParse(body);
  const isError =
    parsed.success && typeof parsed.data.code === "string" && typeof parsed.data.message === "string";
  return isError || isPage(body);
}

/** A deletion that was answered with success although the asset is still found. */
export function notDeletedYet(assetId: string): WebflowFailure {
  return new WebflowFailure(
    "WEBFLOW_REJECTED",
    "Webflow answered that the deletion was accepted, but it still has the asset",
    `look with getAsset ${assetId} in a minute whether it is gone, and call again if it is not`,
    { mayHaveTakenEffect: true },
  );
}

/** A request without a complete answer: connection refused or cut, time-out. */
export function noAnswer(what: string, isTimeOut = false): WebflowFailure {
  return new WebflowFailure("WEBFLOW_UNAVAILABLE", what, TRY_AGAIN, { isTransient: true, isTimeOut });
}

/** A request without an answer, because no connection could be made or because it broke. */
export function unreachable({ what, next, isTransient, mayHaveArrived }: ConnectionFailure): WebflowFailure {
  return new WebflowFailure("WEBFLOW_UNAVAILABLE", what, next, {
    isTransient,
    mayHaveTakenEffect: mayHaveArrived,
  });
}

/**
 * An answer with a success status whose body does not match Webflow's documentation. JSON of another shape will stay
 * that way; anything else comes from an intermediary, or was cut off, and may pass.
 */
export function unreadableAnswer(status: number, body: unknown): WebflowFailure {
  const isJson = typeof body === "object" && body !== null;
  return new WebflowFailure(
    "WEBFLOW_UNAVAILABLE",
    `Webflow answered ${status} with something unexpected: ${excerpt(body)}`,
    isJson ? "update this server; if it is up to date, report this message" : TRY_AGAIN,
    { status, isTransient: !isJson, mayHaveTakenEffect: true },
  );
}

/**
 * A redirect, which the Data API never answers with. It is not followed, not even on the same host: the token would
 * go wherever it points. The message repeats only the host of `location`, which has to be free of secrets.
 */
export function redirectedElsewhere(status: number, location: string): WebflowFailure {
  const [, target] = /^https?:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(location) ?? [];
  const host = target === undefined ? "" : ` to ${oneLine(target, LONGEST_EXCERPT)}`;
  return new WebflowFailure(
    "WEBFLOW_UNAVAILABLE",
    `The Data API redirected the request${host} (${status}); it was not followed, because the token would have gone there`,
    "check WEBFLOW_API_BASE_URL where it is set (Webflow's own is https://api.webflow.com/v2), sign in where the network " +
      "asks for it, and check whether a proxy or filter stands between",
    { status },
  );
}

/** `problem` says why the configured token cannot be used. */
export function missingToken(problem = "No Webflow token is set"): AssetError {
  return new AssetError("UNAUTHORIZED", problem, NEW_TOKEN);
}

const NEW_TOKEN =
  "create a token in Webflow under Site settings > Apps & integrations > API access with the scopes assets:read, " +
  "assets:write and sites:read, set it as WEBFLOW_TOKEN in the client's configuration and restart the server";

const TRY_AGAIN = "try again in a minute; https://status.webflow.com reports outages";

function missingScopeStep(message: string): string {
  const scopes = message.match(/[a-z_]+:(?:read|write)/g) ?? [];
  const named = scopes.length > 0 ? scopes.join(", ") : "assets:read, assets:write and sites:read";
  return `create a token that also has ${named}, and set it as WEBFLOW_TOKEN`;
}

function readErrorBody(body: unknown): { code: string | undefined; message: string } {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return { code: undefined, message: excerpt(body) };
  const { code, message, msg, details } = parsed.data;
  const text = message ?? msg;
  if (text === undefined) return { code: undefined, message: excerpt(body) };
  const more = details && details.length > 0 ? ` (${excerpt(details)})` : "";
  return {
    code: typeof code === "string" ? code : undefined,
    message: oneLine(text, LONGEST_EXCERPT) + more,
  };
}

/** The shape of Webflow's answer for an unknown route; any other 404 means that the thing does not exist. */
function isUnknownRoute(body: unknown): boolean {
  const parsed = unknownRouteSchema.safeParse(body);
  return (
    parsed.success && (parsed.data.errorEnum === "RouteNotFound" || parsed.data.name === "RouteNotFoundError")
  );
}
