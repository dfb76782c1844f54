import { AssetError, type ErrorCode } from "../core/errors.js";
import { errorBodySchema } from "./responses.js";

/** How a request to the Data API failed, in a form that the next step can be decided from. */
export class WebflowFailure extends AssetError {
  /** The HTTP status, or undefined when no whole answer came. */
  readonly status: number | undefined;
  /** Webflow's own code, such as `conflict`. */
  readonly webflowCode: string | undefined;
  /** Whether the same request may well succeed a moment later. */
  readonly isTransient: boolean;
  /** Whether the request may have done what it asked for all the same. */
  readonly mayHaveTakenEffect: boolean;
  readonly isTimeOut: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    next: string,
    facts: {
      status?: number;
      webflowCode?: string | undefined;
      isTransient?: boolean;
      mayHaveTakenEffect?: boolean;
      isTimeOut?: boolean;
    },
  ) {
    super(code, message, next);
    this.status = facts.status;
    this.webflowCode = facts.webflowCode;
    this.isTransient = facts.isTransient ?? false;
    this.mayHaveTakenEffect = facts.mayHaveTakenEffect ?? this.isTransient;
    this.isTimeOut = facts.isTimeOut ?? false;
  }
}

/** Whether the same request may well succeed a moment later. */
export function isTransient(error: unknown): boolean {
  return error instanceof WebflowFailure && error.isTransient;
}

/** Whether a request that failed like this may nevertheless have done what it asked for. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return error instanceof WebflowFailure && error.mayHaveTakenEffect;
}

/** Whether the request was given up because no answer came in time: it may take effect later. */
export function isTimeOut(error: unknown): boolean {
  return error instanceof WebflowFailure && error.isTimeOut;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof WebflowFailure && error.status === 404;
}

/** Whether Webflow understood a request and would not have it, for a reason of its own: 400, 409, 422. */
export function isRefusal(error: unknown): error is WebflowFailure {
  return error instanceof WebflowFailure && [400, 409, 422].includes(error.status ?? 0);
}

export function isConflict(error: unknown): boolean {
  return error instanceof WebflowFailure && (error.status === 409 || error.webflowCode === "conflict");
}

/** What the request was about: it decides what a 404 means. */
export type Subject = "site" | "asset" | "token" | "content";

const LONGEST_EXCERPT = 200;

/** An answer with an error status, as a {@link WebflowFailure}. `body` may be of any shape. */
export function refusedByWebflow(status: number, body: unknown, subject: Subject): WebflowFailure {
  const { code, message } = readErrorBody(body);
  const said = `Webflow answered ${status}${code ? ` ${code}` : ""}: ${message}`;

  if (status === 401) return new WebflowFailure("UNAUTHORIZED", said, NEW_TOKEN, { status });
  if (status === 403 && (code === "missing_scopes" || /missing.*scope/i.test(message))) {
    return new WebflowFailure("MISSING_SCOPE", said, missingScopeStep(message), { status });
  }
  if (status === 403) return new WebflowFailure("UNAUTHORIZED", said, NEW_TOKEN, { status });
  if (status === 404 && isUnknownRoute(body)) {
    return new WebflowFailure("WEBFLOW_REJECTED", said, "check WEBFLOW_API_BASE_URL", {});
  }
  if (status === 404 && subject === "site") {
    return new WebflowFailure("SITE_NOT_FOUND", said, "call listSites for the sites that the token sees", {
      status,
    });
  }
  if (status === 404 && subject === "asset") {
    return new WebflowFailure("ASSET_NOT_FOUND", said, "call listAssets for the assets that exist", {
      status,
    });
  }
  if (status === 408 || status >= 500) {
    return new WebflowFailure("WEBFLOW_UNAVAILABLE", said, TRY_AGAIN, { status, isTransient: true });
  }
  return new WebflowFailure("WEBFLOW_REJECTED", said, "change what Webflow objects to and call again", {
    status,
  });
}

/** A request without a whole answer: refused or cut connection, time-out. */
export function noAnswer(what: string, isTimeOut = false): WebflowFailure {
  return new WebflowFailure("WEBFLOW_UNAVAILABLE", what, TRY_AGAIN, { isTransient: true, isTimeOut });
}

/** An answer with a status of success whose body is not what Webflow documents. */
export function unreadableAnswer(status: number, body: unknown): WebflowFailure {
  return new WebflowFailure(
    "WEBFLOW_UNAVAILABLE",
    `Webflow answered ${status} with something unexpected: ${excerpt(body)}`,
    TRY_AGAIN,
    { status, isTransient: true },
  );
}

/** Webflow's API does not redirect: whatever answers at the other end of a redirect is not to be believed, nor shown. */
export function redirectedElsewhere(): WebflowFailure {
  return new WebflowFailure(
    "WEBFLOW_REJECTED",
    "The Data API redirected the request elsewhere",
    "check WEBFLOW_API_BASE_URL, and whether a proxy stands between",
    {},
  );
}

export function missingToken(): AssetError {
  return new AssetError("UNAUTHORIZED", "No Webflow token is set", NEW_TOKEN);
}

const NEW_TOKEN =
  "make a token in Webflow under Site settings > Apps & integrations > API access with the scopes assets:read, " +
  "assets:write and sites:read, set it as WEBFLOW_TOKEN in the client's configuration and restart the server";

const TRY_AGAIN = "try again in a minute; https://status.webflow.com tells of disturbances";

function missingScopeStep(message: string): string {
  const scopes = message.match(/[a-z_]+:(?:read|write)/g) ?? [];
  const named = scopes.length > 0 ? scopes.join(", ") : "assets:read, assets:write and sites:read";
  return `make a token that has ${named} besides, and set it as WEBFLOW_TOKEN`;
}

function readErrorBody(body: unknown): { code: string | undefined; message: string } {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return { code: undefined, message: excerpt(body) };
  const { code, message, msg, details } = parsed.data;
  const text = message ?? msg;
  if (text === null || text === undefined) return { code: undefined, message: excerpt(body) };
  const more = details && details.length > 0 ? ` (${excerpt(details)})` : "";
  return { code: typeof code === "string" ? code : undefined, message: cut(text) + more };
}

/**
 * A body of Webflow's without what must not be told on, should Webflow or somebody between repeat it: the token, and
 * the fields of a presigned form.
 */
export function withoutSecrets(body: unknown, token: string): unknown {
  if (typeof body === "string") {
    return withoutToken(body, token).replace(SECRET_IN_TEXT, `$1${REDACTED}`);
  }
  if (Array.isArray(body)) return body.map((item) => withoutSecrets(item, token));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      withoutToken(key, token),
      SECRET_FIELD.test(key) ? REDACTED : withoutSecrets(value, token),
    ]),
  );
}

/** The token as it is, and as it is written in URLs, in Basic credentials, and in dumps of bytes. */
function withoutToken(text: string, token: string): string {
  const bytes = Buffer.from(token);
  const encodings = (["base64", "base64url", "hex"] as const).map((encoding) =>
    // Padding and the last digit depend on what follows.
    bytes.toString(encoding).replace(encoding === "hex" ? /$/ : /.?=*$/, ""),
  );
  return [token, encodeURIComponent(token), ...encodings].reduce(
    (cleaned, form) => cleaned.replaceAll(form, REDACTED),
    text,
  );
}

const REDACTED = "[redacted]";
const SECRET_FIELD = /uploadDetails|policy|signature|credential|authorization/i;
const SECRET_IN_TEXT = /((?:policy|signature|credential)\W{1,4}|bearer\s+)[\w+/=.~-]{8,}/gi;

function isUnknownRoute(body: unknown): boolean {
  const parsed = errorBodySchema.safeParse(body);
  return parsed.success && typeof parsed.data.msg === "string" && typeof parsed.data.message !== "string";
}

function excerpt(body: unknown): string {
  if (body === undefined || body === null || body === "") return "an empty body";
  return cut(typeof body === "string" ? body : JSON.stringify(body));
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST_EXCERPT ? `${line.slice(0, LONGEST_EXCERPT)}...` : line;
}
