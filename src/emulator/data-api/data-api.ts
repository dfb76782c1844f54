import type { Operation } from "../behaviour/operations.js";
import type { PendingRequest, Reply, RequestHead } from "../http/exchange.js";
import { createDispatcher } from "./dispatch.js";
import type { ApiContext } from "./protocol/endpoint.js";
import { createRateLimiter } from "./protocol/rate-limit.js";
import { notAuthorized, tooManyRequests, webflowError } from "./protocol/replies.js";
import { findRoute } from "./protocol/routes.js";

/** The Data API v2: checks the token and the rate limit, then dispatches the request. */
export interface DataApi {
  operationOf(head: RequestHead): Operation;
  receive(head: RequestHead): PendingRequest;
  /** `X-RateLimit-Limit` and `X-RateLimit-Remaining` of the request's token, which Webflow sends with every answer. */
  rateLimitHeaders(head: RequestHead): Record<string, string>;
}

const LARGEST_BODY = 1024 * 1024;

export function createDataApi(context: ApiContext): DataApi {
  const { database, switches } = context;
  const limiter = createRateLimiter(() => switches.rateLimit);
  const dispatch = createDispatcher(context);

  function rateLimitHeaders(head: RequestHead): Record<string, string> {
    return {
      "X-RateLimit-Limit": String(switches.rateLimit.limit),
      "X-RateLimit-Remaining": String(limiter.remaining(bearer(head))),
    };
  }

  function aboveRateLimit(secondsLeft: number): Reply {
    const { retryAfterAboveLimit } = switches;
    if (retryAfterAboveLimit === "none") return tooManyRequests();
    return withRetryAfter(tooManyRequests(), retryAfterAboveLimit === "60" ? 60 : secondsLeft);
  }

  function receive(head: RequestHead): PendingRequest {
    const pieces: Buffer[] = [];
    let size = 0;
    return {
      take(piece) {
        size += piece.length;
        if (size <= LARGEST_BODY) pieces.push(piece);
      },
      answer(fault) {
        const token = database.tokens.get(bearer(head));
        if (!token) return notAuthorized();
        const secondsLeft = limiter.take(token.value);
        if (secondsLeft > 0) return aboveRateLimit(secondsLeft);
        if (size > LARGEST_BODY) return webflowError(413, "bad_request", "Bad Request: Request is too large");
        const path = pathInApi(head.path);
        const reply = dispatch({ head, path, token, bytes: Buffer.concat(pieces), fault });
        return switches.retryAfterOnSuccess ? withRetryAfter(reply, 60) : reply;
      },
    };
  }

  return {
    receive,
    rateLimitHeaders,
    operationOf: ({ method, path }) => findRoute(method, pathInApi(path))?.route.operation ?? "unknownRoute",
  };
}

/** The path below `/v2`. */
function pathInApi(path: string): string {
  return path.slice("/v2".length);
}

function bearer({ headers }: RequestHead): string {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
}

function withRetryAfter(reply: Reply, seconds: number): Reply {
  return { ...reply, headers: { ...reply.headers, "Retry-After": String(seconds) } };
}
