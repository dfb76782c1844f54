import type { IncomingMessage, ServerResponse } from "node:http";

/** Whether a Host header is a name of this machine; a page that rebinds its name to 127.0.0.1 sends its own. */
export function isLoopback(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}

/** 421: "the request was directed at a server that is unable or unwilling to produce an authoritative response". */
export function refuseHost(incoming: IncomingMessage, response: ServerResponse): void {
  incoming.resume();
  response.writeHead(421, { "content-type": "text/plain", "x-content-type-options": "nosniff" });
  response.end("The emulator answers to 127.0.0.1 and localhost only.\n");
}
