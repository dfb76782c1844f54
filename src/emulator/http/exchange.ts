import type { IncomingMessage } from "node:http";
import type { Fault } from "../behaviour/faults.js";

/** What is known of a request before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** As it was sent, without the query. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

/** An answer as the service intends it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** An iterable where it is streamed, perhaps without end. */
  readonly body: string | Buffer | AsyncIterable<Buffer>;
}

/** A request that is being received: takes the body in pieces, and does its work when asked for the answer. */
export interface PendingRequest {
  take(piece: Buffer): void;
  answer(fault: Fault | undefined): Reply;
}

/** The head of a request. The path is taken as it stands: `..` and `//` mean nothing to Webflow or S3. */
export function readHead(incoming: IncomingMessage): RequestHead {
  const target = (incoming.url ?? "/").replace(/^https?:\/\/[^/?]*/i, "");
  const [path = "", ...query] = target.split("?");
  return {
    method: incoming.method ?? "GET",
    path: decodePath(path),
    rawPath: path,
    query: new URLSearchParams(query.join("?")),
    headers: incoming.headers,
  };
}

/** Passes a body on in pieces. Resolves to whether all of it came: false if the client cut it off. */
export async function readBody(incoming: IncomingMessage, take: (piece: Buffer) => void): Promise<boolean> {
  try {
    for await (const piece of incoming) take(piece);
    return incoming.complete;
  } catch {
    return false;
  }
}

/** A path that is no valid percent-encoding stands for itself. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
