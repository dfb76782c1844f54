import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault, FaultPlan } from "./behaviour/faults.js";
import type { Operation, Service } from "./behaviour/operations.js";
import type { EmulatorSwitches } from "./behaviour/switches.js";
import type { Database } from "./database/database.js";
import { isFromGateway, replyUnder } from "./fault-effects.js";
import { type PendingRequest, type RequestHead, readBody, readHead } from "./http/exchange.js";
import { isLoopback, refuseHost } from "./http/loopback-host.js";
import type { LoggedRequest, RequestLog } from "./http/request-log.js";
import { sendReply } from "./http/send-reply.js";

export interface HandlerContext {
  readonly database: Database;
  readonly switches: EmulatorSwitches;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  /** Aborts when the emulator closes; ends every wait. */
  readonly closing: AbortSignal;
}

/** A request, its operation and the service that it asks. */
export interface RoutedRequest {
  readonly service: Service;
  readonly operation: Operation;
  /** Starts to receive its body. */
  receive(): PendingRequest;
  /** Headers that all answers of the service have. */
  headers(): Readonly<Record<string, string>>;
}

export type Router = (head: RequestHead) => RoutedRequest;

/** One request from the socket to its answer, with its fault and latency; one that is cut off does no work. */
export function createRequestHandler(
  context: HandlerContext,
  route: Router,
): (incoming: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { database, switches, faults, requests, closing } = context;

  async function waitOutLatency(service: Service, fault: Fault | undefined): Promise<void> {
    const ms = (switches.latencyMs[service] ?? 0) + (fault?.kind === "latency" ? fault.ms : 0);
    if (ms > 0) await delay(ms, undefined, { signal: closing });
  }

  return async (incoming, response) => {
    const head = readHead(incoming);
    if (!isLoopback(head.headers.host)) return refuseHost(incoming, response);
    const routed = route(head);
    const { service, operation } = routed;
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

    const request = routed.receive();
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
    const headers = isFromGateway(fault) ? reply.headers : { ...routed.headers(), ...reply.headers };
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

function reset({ socket }: IncomingMessage, logged: LoggedRequest): void {
  logged.status = "reset";
  socket.resetAndDestroy();
}
