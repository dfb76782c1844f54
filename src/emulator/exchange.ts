import type { IncomingMessage } from "node:http";

/** A request, read whole. */
export interface EmulatedRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** An answer before faults had their way with it. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** JSON in the form of the Data API. */
export function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(value),
  };
}

/** Webflow's error body. */
export function webflowError(status: number, code: string, message: string, details: unknown[] = []): Reply {
  return json(status, { message, code, externalReference: null, details });
}

const LARGEST_BODY = 64 * 1024 * 1024;

/** The whole body; undefined when the client cut it off, or when it is larger than anything that makes sense. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > LARGEST_BODY) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return request.complete ? Buffer.concat(chunks) : undefined;
}
