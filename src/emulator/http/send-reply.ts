import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../behaviour/faults.js";
import type { Reply } from "./exchange.js";

/** Sends an answer, with what a fault does to it on its way. Resolves to what the client gets: all of it, or a reset. */
export async function sendReply(
  response: ServerResponse,
  { status, headers, body }: Reply,
  fault: Fault | undefined,
  closing: AbortSignal,
): Promise<"sent" | "reset"> {
  if (typeof body !== "string" && !Buffer.isBuffer(body)) {
    response.writeHead(status, headers);
    // The client may go before the end, and the end may never come.
    await pipeline(Readable.from(body), response, { signal: closing }).catch(() => response.destroy());
    return "sent";
  }
  const bytes = Buffer.from(body);
  // HTTP (RFC 9110, 8.6): an answer 204 has no Content-Length.
  const length = status === 204 ? {} : { "content-length": String(bytes.length) };
  response.writeHead(status, { ...length, ...headers });
  if (fault?.kind === "reset" && fault.when === "in-body") {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    return "reset";
  }
  if (fault?.kind === "slow-drip") await drip(response, bytes, fault.ms, closing);
  else response.end(bytes);
  return "sent";
}

async function drip(response: ServerResponse, bytes: Buffer, pauseMs: number, signal: AbortSignal) {
  response.flushHeaders();
  for (let index = 0; index < bytes.length && !response.destroyed; index += 1) {
    await delay(pauseMs, undefined, { signal });
    response.write(bytes.subarray(index, index + 1));
  }
  response.end();
}
