import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { internalError } from "./asset-endpoints.js";
import { createDataApi, routeNotFound } from "./data-api.js";
import { type EmulatedRequest, type Reply, readBody, webflowError } from "./exchange.js";
import { createFaultPlan, type Fault, type FaultPlan, type Operation } from "./faults.js";
import { type GeneratedSite, generateSite } from "./generated-site.js";
import { createLibrary, type Library } from "./library.js";
import { S3_CREDENTIALS } from "./post-policy.js";
import { createRequestLog, type LoggedRequest, type RequestLog } from "./request-log.js";
import { createS3Endpoint } from "./s3-endpoint.js";
import { errorReply, S3Error } from "./s3-errors.js";
import { defaultSwitches, type EmulatorSwitches } from "./switches.js";

export interface EmulatorOptions {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  readonly switches?: Partial<EmulatorSwitches>;
}

/** An embedded Webflow: Data API, S3 bucket and CDN on one port of loopback. */
export interface Emulator {
  /** `http://127.0.0.1:PORT/v2` */
  readonly apiBaseUrl: string;
  /** Sees the first site with every scope. */
  readonly token: string;
  readonly siteId: string;
  /** `127.0.0.1:PORT` */
  readonly uploadHost: string;
  /** `http://127.0.0.1:PORT/cdn` */
  readonly cdnBaseUrl: string;
  readonly s3Credentials: typeof S3_CREDENTIALS;
  readonly switches: EmulatorSwitches;
  readonly faults: FaultPlan;
  readonly requests: RequestLog;
  readonly library: Library;
  /** Fills the first site with generated folders and assets, the same for the same numbers. */
  seedLibrary(site: GeneratedSite): void;
  close(): Promise<void>;
}

type Service = LoggedRequest["service"];
const FORM_LIFETIME_MS = 3_600_000;

/** Starts the emulator. Throws when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const switches: EmulatorSwitches = { ...defaultSwitches(), ...options.switches };
  const library = createLibrary(() => switches.clockOffsetMs);
  const faults = createFaultPlan();
  const requests = createRequestLog();
  let origin = "";
  const context = { library, switches, origin: () => origin };
  const api = createDataApi(context);
  const s3 = createS3Endpoint(context);
  const site = library.addSite("Emulated Site");
  const token = library.addToken({ siteIds: [site.id] });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "http://emulator");
    const path = decodePath(url.pathname);
    const method = incoming.method ?? "GET";
    const service = serviceOf(method, path);
    const operation = operationOf(service, method, path);
    const fault = faults.next(operation, service);
    const logged: LoggedRequest = {
      service,
      operation,
      method,
      path,
      query: url.searchParams,
      headers: incoming.headers,
      at: Date.now(),
      bodyBytes: Number(incoming.headers["content-length"] ?? 0),
      status: "none",
    };
    requests.add(logged);
    if (fault?.kind === "reset-in-upload") return resetWhileReading(incoming, logged);
    const body = await readBody(incoming);
    if (body === undefined || fault?.kind === "hang") return;
    if (fault?.kind === "reset" && fault.when === "before") return reset(incoming.socket, logged);
    await delay(switches.latencyMs[service] + (fault?.kind === "latency" ? fault.ms : 0));

    const request: EmulatedRequest = {
      method,
      path,
      query: url.searchParams,
      headers: incoming.headers,
      body,
    };
    const reply = strike(fault, service, () => answer(service, request, fault));
    if (fault?.kind === "vanish") forgetCreated(reply);
    if (fault?.kind === "reset" && fault.when === "after") return reset(incoming.socket, logged);
    if (switches.clockOffsetMs !== 0 && switches.dateFollowsClock) {
      response.setHeader("Date", new Date(library.now()).toUTCString());
    }
    logged.status = reply.status;
    await send(response, reply, fault, logged);
  }

  function answer(service: Service, request: EmulatedRequest, fault: Fault | undefined): Reply {
    if (service === "api") {
      const lifetimeMs = fault?.kind === "expired-policy" ? -1_000 : FORM_LIFETIME_MS;
      return api.answer({ ...request, path: request.path.slice("/v2".length) }, lifetimeMs);
    }
    if (service === "s3" && request.method === "POST") return s3.post(request, fault);
    if (request.method !== "GET" && request.method !== "HEAD")
      return errorReply(methodNotAllowed(request.method));
    return s3.get(request.path.split("/").slice(2).join("/"), request.method);
  }

  function operationOf(service: Service, method: string, path: string): Operation {
    if (service === "api") return api.operationOf(method, path.slice("/v2".length));
    return service === "s3" && method === "POST" ? "postObject" : "getObject";
  }

  function forgetCreated(reply: Reply): void {
    const { id } = JSON.parse(String(reply.body)) as { id?: string };
    if (id !== undefined) library.assetRecords.delete(id);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error) => {
      process.stderr.write(`emulator: ${error?.stack ?? error}\n`);
      incoming.socket.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const uploadHost = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${uploadHost}`;

  return {
    apiBaseUrl: `${origin}/v2`,
    token: token.value,
    siteId: site.id,
    uploadHost,
    cdnBaseUrl: `${origin}/cdn`,
    s3Credentials: S3_CREDENTIALS,
    switches,
    faults,
    requests,
    library,
    seedLibrary: (generated) => generateSite(library, site.id, generated),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serviceOf(method: string, path: string): Service {
  if (path === "/v2" || path.startsWith("/v2/")) return "api";
  return path.startsWith("/cdn/") && method !== "POST" ? "cdn" : "s3";
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

/** What the fault makes of an answer; `work` is only done when the fault lets the request get that far. */
function strike(fault: Fault | undefined, service: Service, work: () => Reply): Reply {
  const failed = (status: number): Reply => (service === "api" ? internalError(status) : slowDown(status));
  switch (fault?.kind) {
    case "too-many-requests": {
      const reply = webflowError(429, "too_many_requests", "Too many requests");
      if (fault.retryAfter !== null) reply.headers["Retry-After"] = fault.retryAfter;
      return reply;
    }
    case "status":
      if (fault.when === "after") work();
      return failed(fault.status);
    case "html":
      return { status: fault.status, headers: { "content-type": "text/html" }, body: GATEWAY_PAGE };
    case "route-not-found":
      return routeNotFound("/");
    case "s3-redirect":
      return { status: 307, headers: { location: fault.location }, body: "" };
    case "empty":
      return { ...work(), body: "" };
    case "truncated-json": {
      const reply = work();
      return { ...reply, body: String(reply.body).slice(0, Math.max(1, String(reply.body).length / 2)) };
    }
    default:
      return work();
  }
}

const GATEWAY_PAGE =
  "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

function slowDown(status: number): Reply {
  const code = status === 503 ? "SlowDown" : "InternalError";
  const message =
    status === 503
      ? "Please reduce your request rate."
      : "We encountered an internal error. Please try again.";
  return errorReply(new S3Error(status, code, message));
}

function methodNotAllowed(method: string): S3Error {
  return new S3Error(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method: method,
  });
}

async function send(
  response: ServerResponse,
  reply: Reply,
  fault: Fault | undefined,
  logged: LoggedRequest,
): Promise<void> {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { "content-length": String(body.length), ...reply.headers });
  if (fault?.kind === "reset" && fault.when === "in-body") {
    logged.status = "reset";
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  if (fault?.kind === "slow-drip") {
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.from([byte]));
      await delay(fault.ms);
    }
    response.end();
    return;
  }
  response.end(body);
}

function reset(socket: Socket, logged: LoggedRequest): void {
  logged.status = "reset";
  socket.resetAndDestroy();
}

function resetWhileReading(incoming: IncomingMessage, logged: LoggedRequest): void {
  incoming.on("error", () => {});
  incoming.once("data", () => reset(incoming.socket, logged));
}
