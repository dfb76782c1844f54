import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A web server that hands out the demo's pictures the way image services do: under names without an extension. */
export interface Origin {
  /** `http://127.0.0.1:PORT`. */
  readonly baseUrl: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** How often each path was asked for. */
  readonly requests: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts an origin on loopback; `files` maps the last path segment to the file that it serves. */
export async function startOrigin(files: ReadonlyMap<string, URL>): Promise<Origin> {
  const requests = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://origin");
    requests.set(pathname, (requests.get(pathname) ?? 0) + 1);
    const file = files.get(pathname.slice(1));
    if (!file) {
      response.writeHead(200, { "content-type": "text/html" }).end(SIGN_IN_PAGE);
      return;
    }
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(await readFile(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl: `http://${host}`,
    host,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a private link really answers with: a page, under the name of a picture. */
const SIGN_IN_PAGE =
  "<!doctype html><html><head><title>Sign in to continue</title></head><body></body></html>";
