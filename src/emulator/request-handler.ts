import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { createDataApi } from "./data-api/data-api.js";
import type { ApiContext } from "./data-api/endpoint.js";
import { type PendingRequest, type RequestHead, readBody, readHead } from "./exchange.js";
import { isFromGateway, replyUnder } from "./fault-effects.js";
import type { Fault, FaultPlan } from "./faults.js";
import { isLoopback, refuseHost } from "./loopback-host.js";
import type { Operation, Service } from "./operations.js";
import type { LoggedRequest, RequestLog } from "./request-log.js";
import { receiveUpload } from "./s3/form-upload.js";
import { createObjectServer } from "./s3/hosted-objects.js";
import { sendReply } from "./send-reply.js";

export interface HandlerContext extends ApiContext {
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  /** Aborts when the emulator closes; ends every wait. */
  readonly closing: AbortSignal;
}

/**
 * One request from the socket to its answer: log it, find the fault that strikes it, read it, wait out the latency,
 * do its work and send what the fault leaves of the answer. A request that the client cuts off does no work.
 */
export function createRequestHandler(
  context: HandlerContext,
): (incoming: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { database, switches, faults, requests, closing } = context;
  const api = createDataApi(context);
  const serveObject = createObjectServer(context);

  function operationOf(service: Service, head: RequestHead): Operation {
    if (service === "api") return api.operationOf(head);
    return head.method === "POST" ? "postObject" : "getObject";
  }

  function receive(service: Service, head: RequestHead): PendingRequest {
    if (service === "api") return api.receive(head);
    if (head.method === "POST") return receiveUpload(head, context);
    return { take: () => {}, answer: () => serveObject(head) };
  }

  async function waitOutLatency(service: Service, fault: Fault | undefined): Promise<void> {
    const ms = switches.latencyMs[service] + (fault?.kind === "latency" ? fault.ms : 0);
    if (ms > 0) await delay(ms, undefined, { signal: closing });
  }

  return async (incoming, response) => {
    const head = readHead(incoming);
    if (!isLoopback(head.headers.host)) return refuseHost(incoming, response);
    const service = serviceOf(head);
    const operation = operationOf(service, head);
    const fault = faults.next(operation, service);
    const logged: LoggedRequest = {
      ...head,
      service,
      operation,
      at: Date.now(),
      bodyBytes: 0,
      status: "none",
    };
    requests.add(logged);

    const request = receive(service, head);
    const isWhole = await readBody(incoming, (piece) => {
      logged.bodyBytes += piece.length;
      request.take(piece);
      if (fault?.kind === "reset-in-upload") reset(incoming, logged);
    });
    if (!isWhole || (fault?.kind === "hang" && fault.when !== "after")) return;
    if (fault?.kind === "reset" && fault.when === "before") return reset(incoming, logged);
    await waitOutLatency(service, fault);

    const nowMs = database.now();
    const reply = replyUnder({ fault, service, nowMs, work: () => request.answer(fault) });
    if (fault?.kind === "hang") return;
    if (fault?.kind === "reset" && fault.when === "after") return reset(incoming, logged);
    const isFromApi = service === "api" && !isFromGateway(fault);
    const headers = isFromApi ? { ...api.rateLimitHeaders(head), ...reply.headers } : reply.headers;
    if (switches.clockOffsetMs !== 0 && switches.dateFollowsClock) {
      response.setHeader("Date", new Date(nowMs).toUTCString());
    }
    if (fault?.kind === "unasked-continue") response.writeContinue();
    response.setHeader("X-Content-Type-Options", "nosniff");
    logged.status = reply.status;
    const outcome = await sendReply(response, { ...reply, headers }, fault, closing);
    if (outcome === "reset") logged.status = outcome;
  };
}

function serviceOf({ method, path }: RequestHead): Service {
  if (path === "/v2" || path.startsWith("/v2/")) return "api";
  return path.startsWith("/cdn/") && method !== "POST" ? "cdn" : "s3";
}

function reset({ socket }: IncomingMessage, logged: LoggedRequest): void {
  logged.status = "reset";
  socket.resetAndDestroy();
}
