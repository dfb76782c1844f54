import type { ErrorBody, Fault, RetryAfter } from "./behaviour/faults.js";
import type { Service } from "./behaviour/operations.js";
import {
  json,
  routeNotFound,
  serviceFailed,
  tooManyRequests,
  webflowError,
} from "./data-api/protocol/replies.js";
import type { Reply } from "./http/exchange.js";
import { parseJson } from "./http/parse-json.js";
import { errorReply, S3Error, storageFailed } from "./s3/s3-errors.js";

/** A request that a fault may have struck, on its way to its answer. */
export interface StruckRequest {
  readonly fault: Fault | undefined;
  readonly service: Service;
  /** The emulator's clock, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Does what the request asks for. */
  work(): Reply;
}

const CHALLENGE_PAGE =
  '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>' +
  "<body><noscript>Enable JavaScript and cookies to continue</noscript></body></html>";

/** The answer under a fault. The work is only done if the fault lets the request get that far. */
export function replyUnder({ fault, service, nowMs, work }: StruckRequest): Reply {
  switch (fault?.kind) {
    case "too-many-requests":
      return withRetryAfter(
        service === "site" ? otherBody(429, "html") : outOfRequests(),
        fault.retryAfter,
        nowMs,
      );
    case "status":
      if (fault.when === "after") work();
      return withRetryAfter(failure(fault, service), fault.retryAfter, nowMs);
    case "error-body":
      if (fault.when === "after") work();
      return withRetryAfter(otherBody(fault.status, fault.body), fault.retryAfter, nowMs);
    case "challenge":
      return challenge(fault.status ?? 403);
    case "html":
      return otherBody(fault.status, "html");
    case "route-not-found":
      return routeNotFound("/");
    case "s3-error":
      return errorReply(new S3Error(fault.status, fault.code, fault.message ?? "Request failed"));
    case "only-accepted":
      return json(fault.status, fault.body);
    case "s3-redirect":
      return { status: 307, headers: { location: fault.location }, body: "" };
    case "empty":
      return { ...work(), body: "" };
    case "truncated-json":
      return firstHalf(work());
    case "odd-records":
      return withRecords(work(), fault.records);
    case "odd-fields":
      return withFields(work(), fault.fields);
    default:
      return work();
  }
}

/** Whether the answer comes from something in front of Webflow, and has none of Webflow's headers. */
export function isFromGateway(fault: Fault | undefined): boolean {
  if (fault?.kind === "error-body") return !fault.body.startsWith("json");
  return fault?.kind === "html" || fault?.kind === "challenge";
}

function failure(fault: Extract<Fault, { kind: "status" }>, service: Service): Reply {
  const { status, code, message = "Request failed" } = fault;
  if (service === "site") return otherBody(status, "html");
  if (service !== "api") return errorReply(storageFailed(status));
  return code === undefined ? serviceFailed(status) : webflowError(status, code, message);
}

function outOfRequests(): Reply {
  const reply = tooManyRequests();
  return { ...reply, headers: { ...reply.headers, "X-RateLimit-Remaining": "0" } };
}

function withRetryAfter(reply: Reply, retryAfter: RetryAfter | undefined, nowMs: number): Reply {
  if (retryAfter === undefined || retryAfter === null) return reply;
  const value =
    typeof retryAfter === "string" ? retryAfter : new Date(nowMs + retryAfter.dateInMs).toUTCString();
  return { ...reply, headers: { ...reply.headers, "Retry-After": value } };
}

/** Bodies as they were seen in front of APIs; the number is Cloudflare's for its own rate limit. */
function otherBody(status: number, body: ErrorBody): Reply {
  switch (body) {
    case "text":
      return { status, headers: { "content-type": "text/plain; charset=UTF-8" }, body: "error code: 1015" };
    case "html":
      return { status, headers: { "content-type": "text/html" }, body: gatewayPage(status) };
    case "empty":
      return { status, headers: {}, body: "" };
    case "json-string":
      return { status, headers: { "content-type": "application/json" }, body: '"Request failed"' };
    case "json-array":
      return { status, headers: { "content-type": "application/json" }, body: '["Request failed"]' };
  }
}

function gatewayPage(status: number): string {
  const title = status === 502 ? "502 Bad Gateway" : `${status} Gateway Error`;
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
}

function challenge(status: number): Reply {
  const headers = {
    "content-type": "text/html; charset=UTF-8",
    "cf-mitigated": "challenge",
    server: "cloudflare",
  };
  return { status, headers, body: CHALLENGE_PAGE };
}

function firstHalf(reply: Reply): Reply {
  const { body } = reply;
  return isWhole(body) ? { ...reply, body: body.slice(0, Math.ceil(body.length / 2)) } : reply;
}

function withRecords(reply: Reply, records: readonly unknown[]): Reply {
  return changed(reply, (answer) => {
    const list = listIn(answer);
    return list === undefined ? answer : { ...answer, [list.name]: [...records, ...list.records] };
  });
}

function withFields(reply: Reply, fields: Readonly<Record<string, unknown>>): Reply {
  return changed(reply, (answer) => {
    const list = listIn(answer);
    const [first, ...rest] = list?.records ?? [];
    if (list === undefined || !isObject(first)) return { ...answer, ...fields };
    return { ...answer, [list.name]: [{ ...first, ...fields }, ...rest] };
  });
}

function changed(
  reply: Reply,
  change: (answer: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): Reply {
  const answer = isWhole(reply.body) ? parseJson(reply.body.toString()) : undefined;
  return isObject(answer) ? { ...reply, body: JSON.stringify(change(answer)) } : reply;
}

/** A list's answer begins with its records. */
function listIn(answer: Readonly<Record<string, unknown>>): { name: string; records: unknown[] } | undefined {
  const [first] = Object.entries(answer);
  return first && Array.isArray(first[1]) ? { name: first[0], records: first[1] } : undefined;
}

function isWhole(body: Reply["body"]): body is string | Buffer {
  return typeof body === "string" || Buffer.isBuffer(body);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
