import { routeNotFound, serviceFailed, tooManyRequests } from "./data-api/replies.js";
import type { Reply } from "./exchange.js";
import type { Fault } from "./faults.js";
import type { Service } from "./operations.js";
import { errorReply, storageFailed } from "./s3/s3-errors.js";

const GATEWAY_PAGE =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/** What a fault makes of an answer. `work` is only done when the fault lets the request get that far. */
export function replyUnder(fault: Fault | undefined, service: Service, work: () => Reply): Reply {
  switch (fault?.kind) {
    case "too-many-requests":
      return tooManyNow(fault.retryAfter);
    case "status":
      if (fault.when === "after") work();
      return service === "api" ? serviceFailed(fault.status) : errorReply(storageFailed(fault.status));
    case "html":
      return { status: fault.status, headers: { "content-type": "text/html" }, body: GATEWAY_PAGE };
    case "route-not-found":
      return routeNotFound("/");
    case "s3-redirect":
      return { status: 307, headers: { location: fault.location }, body: "" };
    case "empty":
      return { ...work(), body: "" };
    case "truncated-json":
      return firstHalf(work());
    default:
      return work();
  }
}

function tooManyNow(retryAfter: string | null): Reply {
  const reply = tooManyRequests();
  const remaining = { ...reply.headers, "X-RateLimit-Remaining": "0" };
  return { ...reply, headers: retryAfter === null ? remaining : { ...remaining, "Retry-After": retryAfter } };
}

function firstHalf(reply: Reply): Reply {
  return { ...reply, body: reply.body.slice(0, Math.ceil(reply.body.length / 2)) };
}
