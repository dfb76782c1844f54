import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on loopback that counts who comes. */
export interface Origin {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** TCP connections so far, also those over which no request came. */
  connections(): number;
  /** Requests so far, with the headers they carried. */
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
}

/** Starts an origin that answers by path; a route is a handler, or a body to answer 200 with. Others get 404. */
export async function startOrigin(routes: Record<string, Handler | Buffer | string> = {}): Promise<Origin> {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(request);
    const path = new URL(request.url ?? "/", "http://origin").pathname;
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (typeof route === "function") return route(request, response);
    if (route === undefined) return response.writeHead(404).end();
    const body = Buffer.from(route);
    return response.writeHead(200, { "content-length": body.length }).end(body);
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: () => connections,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
