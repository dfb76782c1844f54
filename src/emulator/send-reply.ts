import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Reply } from "./exchange.js";
import type { Fault } from "./faults.js";

/** Sends an answer, with what a fault does to it on its way. Resolves to what the client gets: all of it, or a reset. */
export async function sendReply(
  response: ServerResponse,
  { status, headers, body }: Reply,
  fault: Fault | undefined,
  closing: AbortSignal,
): Promise<"sent" | "reset"> {
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

async function drip(
  response: ServerResponse,
  bytes: Buffer,
  pauseMs: number,
  signal: AbortSignal,
): Promise<void> {
  response.flushHeaders();
  for (let index = 0; index < bytes.length && !response.destroyed; index += 1) {
    await delay(pauseMs, undefined, { signal });
    response.write(bytes.subarray(index, index + 1));
  }
  response.end();
}
