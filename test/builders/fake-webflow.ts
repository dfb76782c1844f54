import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came, with the path behind `/v2` and without the query. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers a request, by itself or by what it returns as JSON; `undefined` leaves it to Webflow's unknown route. */
export type FakeAnswer = (request: FakeRequest, response: ServerResponse) => unknown;

/** A stand-in for Webflow's Data API that shares nothing with the emulator: it answers what a test writes. */
export interface FakeWebflow {
  readonly apiBaseUrl: string;
  readonly host: string;
  readonly requests: readonly FakeRequest[];
  close(): Promise<void>;
}

export async function startFakeWebflow(answer: FakeAnswer): Promise<FakeWebflow> {
  const requests: FakeRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const json = answer(request, response);
    if (response.headersSent) return;
    response.setHeader("content-type", "application/json");
    if (json === undefined) response.statusCode = 404;
    response.end(JSON.stringify(json ?? UNKNOWN_ROUTE));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    apiBaseUrl: `http://${host}/v2`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The environment that points a server at it. */
export function fakeEnvironment({ apiBaseUrl, host }: FakeWebflow): Record<string, string> {
  return {
    WEBFLOW_TOKEN: "token-of-a-fake",
    WEBFLOW_API_BASE_URL: apiBaseUrl,
    WEBFLOW_UPLOAD_HOSTS: host,
    WEBFLOW_LOG_LEVEL: "error",
  };
}

const UNKNOWN_ROUTE = {
  msg: "Route not found",
  code: 404,
  name: "RouteNotFoundError",
  errorEnum: "RouteNotFound",
};

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? "/", "http://fake.invalid");
  return {
    method: incoming.method ?? "",
    path: url.pathname.replace(/^\/v2/, ""),
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString("latin1"),
  };
}
