import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server on 127.0.0.1. */
export interface LoopbackServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Answers every request with `handle`. */
  serve(handle: Handle): void;
  /** Cuts all connections and refuses new ones, until the function that it resolves to is called. */
  refuseConnections(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export type Handle = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Starts to listen; port 0 takes any free one. Rejects when the port is taken. */
export async function startLoopbackServer(port: number): Promise<LoopbackServer> {
  const server = createServer({ keepAliveTimeout: 30_000 });
  const taken = await listen(server, port);
  let isClosed = false;

  return {
    host: `127.0.0.1:${taken}`,
    serve(handle) {
      server.on("request", (incoming, response) => {
        handle(incoming, response).catch((error) => {
          incoming.socket.destroy();
          if (!isClosed) process.stderr.write(`emulator: ${error?.stack ?? error}\n`);
        });
      });
    },
    async refuseConnections() {
      await stopListening(server);
      return async () => {
        if (!isClosed) await listen(server, taken);
      };
    },
    close() {
      isClosed = true;
      return stopListening(server);
    },
  };
}

/** Resolves to the port. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
