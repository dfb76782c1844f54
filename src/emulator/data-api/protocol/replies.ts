import type { EmulatorSwitches } from "../../behaviour/switches.js";
import type { Reply } from "../../http/exchange.js";

/** JSON as the Data API sends it. */
export function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}

export function noContent(): Reply {
  return { status: 204, headers: {}, body: "" };
}

/** Webflow's error body. */
export function webflowError(
  status: number,
  code: string,
  message: string,
  details: readonly unknown[] = [],
): Reply {
  return json(status, { message, code, externalReference: null, details });
}

export function badRequest(problem: string): Reply {
  return webflowError(400, "bad_request", "Bad Request: Request is malformed", [problem]);
}

export function validationError(problem: string): Reply {
  return webflowError(400, "validation_error", `Validation Error: ${problem}`, [problem]);
}

export function notAuthorized(): Reply {
  return webflowError(401, "not_authorized", "Request not authorized");
}

export function forbidden(): Reply {
  return webflowError(403, "forbidden", "User is not authorized to perform this action");
}

export function missingScope(scope: string, how: EmulatorSwitches["missingScope"]): Reply {
  if (how === "forbidden") return forbidden();
  if (how === "not_authorized") return notAuthorized();
  return webflowError(
    403,
    "missing_scopes",
    `OAuthForbidden: You are missing the following scopes - ${scope}`,
  );
}

export function notFound(what: string): Reply {
  return webflowError(404, "resource_not_found", `Requested resource not found: The ${what} cannot be found`);
}

export function tooManyRequests(): Reply {
  return webflowError(429, "too_many_requests", "Too many requests");
}

/** What Webflow answers when its own service fails. */
export function serviceFailed(status: number): Reply {
  if (status === 503) {
    const message = "Service temporarily unavailable. Please try again later.";
    return webflowError(status, "service_unavailable", message);
  }
  return webflowError(status, "internal_error", "An Internal Error occurred");
}

/** Webflow answers an unknown route in another shape than any other error. */
export function routeNotFound(path: string): Reply {
  return json(404, {
    msg: `Route not found: ${path}`,
    code: 404,
    name: "RouteNotFoundError",
    path,
    errorEnum: "RouteNotFound",
  });
}
