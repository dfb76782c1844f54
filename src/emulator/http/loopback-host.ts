import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Whether a Host header names this machine by a name that only it can have. A page in a browser whose own name resolves
 * to 127.0.0.1 (DNS rebinding) sends that name, and gets nothing.
 */
export function isLoopback(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}

/** 421: "the request was directed at a server that is unable or unwilling to produce an authoritative response". */
export function refuseHost(incoming: IncomingMessage, response: ServerResponse): void {
  incoming.resume();
  response.writeHead(421, { "content-type": "text/plain", "x-content-type-options": "nosniff" });
  response.end("The emulator answers to 127.0.0.1 and localhost only.\n");
}
