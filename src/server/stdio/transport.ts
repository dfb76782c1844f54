import type { Readable, Writable } from "node:stream";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  ErrorCode,
  isJSONRPCRequest,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";
import { isRecord, parseJson } from "../../core/parse-json.js";
import { createLineReader, type TooLongLine } from "./line-reader.js";
import { mendMessage } from "./mend-message.js";
import { readableError } from "./readable-error.js";
import { createRequestIds } from "./request-ids.js";

/** The longest message that is read, in bytes. A source that is pasted into a call is far smaller. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** A transport that knows when every request has been answered. */
export interface StdioTransport extends Transport {
  /** Resolves when no request waits for its answer and every answer was written. */
  settled(): Promise<void>;
}

/**
 * One JSON-RPC message a line, as MCP has it. The SDK's own transport ends without a word at 10 MB and ignores what it
 * cannot read; this one answers broken and too long lines and batches with an error, and goes on.
 */
export function createStdioTransport(
  input: Readable,
  output: Writable,
  maxMessageBytes: number = MAX_MESSAGE_BYTES,
): StdioTransport {
  const waiting = new Set<RequestId>();
  const ids = createRequestIds();
  let onSettled: () => void = () => {};

  const transport: StdioTransport = {
    async start() {
      const readLine = createLineReader(maxMessageBytes, { line: receive, tooLong: refuseTooLong });
      input.on("data", readLine);
      // The last line may lack its end, as from a script that writes one message and is done.
      input.on("end", () => readLine(Buffer.from("\n")));
      input.on("error", (error: Error) => transport.onerror?.(error));
    },

    async send(message) {
      const isError = "error" in message;
      await write(ids.outward(isError ? { ...message, error: readableError(message.error) } : message));
      if ("method" in message || message.id === undefined) return;
      waiting.delete(message.id);
      if (waiting.size === 0) onSettled();
    },

    async close() {
      input.pause();
      transport.onclose?.();
    },

    async settled() {
      if (waiting.size > 0) {
        await new Promise<void>((resolve) => {
          onSettled = resolve;
        });
      }
      await new Promise<void>((resolve) => output.write("", () => resolve()));
    },
  };

  function receive(line: string): void {
    // A byte order mark counts as white space here, and as no JSON below.
    const text = line.trim();
    if (text === "") return;
    const json = parseJson(text);
    if (json === undefined) return refuse(null, ErrorCode.ParseError, "The line is not JSON");
    if (Array.isArray(json)) {
      return refuse(null, ErrorCode.InvalidRequest, "Batches are not supported; send one message per line");
    }
    const message = JSONRPCMessageSchema.safeParse(isRecord(json) ? ids.inward(mendMessage(json)) : json);
    if (!message.success) {
      return refuse(idOf(json), ErrorCode.InvalidRequest, "The line is not a JSON-RPC 2.0 message of MCP");
    }
    if (isJSONRPCRequest(message.data)) waiting.add(message.data.id);
    // What is not under way cannot be cancelled; the SDK would cancel a request of that id that comes later.
    if (isCancellation(message.data) && !waiting.delete(message.data.params.requestId)) return;
    transport.onmessage?.(message.data);
  }

  function refuseTooLong({ head, tail }: TooLongLine): void {
    refuse(
      guessId(head, tail),
      ErrorCode.InvalidRequest,
      `The message is longer than ${maxMessageBytes} bytes; pass files by path or URL instead of inside the call`,
    );
  }

  function refuse(id: RequestId | null, code: ErrorCode, message: string): void {
    transport.onerror?.(new Error(message));
    void write({ jsonrpc: "2.0", id, error: { code, message } });
  }

  /** Resolves when the stream takes more. */
  function write(message: unknown): Promise<void> {
    return new Promise((resolve) => {
      if (output.write(`${lineOf(message)}\n`)) resolve();
      else output.once("drain", resolve);
    });
  }

  return transport;
}

/** Two characters that JSON allows and some readers of lines take for line ends are escaped. */
function lineOf(message: unknown): string {
  const json = JSON.stringify(message, (_, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  );
  return json.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function idOf(json: unknown): RequestId | null {
  const id = typeof json === "object" && json !== null && "id" in json ? json.id : undefined;
  return typeof id === "string" || typeof id === "number" ? id : null;
}

/** Clients write the id into the first members of a message or as its last one. */
function guessId(head: string, tail: string): RequestId | null {
  const id = `"id"\\s*:\\s*(null|-?\\d+(?:\\.\\d+)?|"(?:[^"\\\\]|\\\\.)*")`;
  const found =
    new RegExp(`^\\s*\\{\\s*(?:"jsonrpc"\\s*:\\s*"2.0"\\s*,\\s*)?${id}`).exec(head) ??
    new RegExp(`,\\s*${id}\\s*\\}\\s*$`).exec(tail);
  return found?.[1] === undefined ? null : JSON.parse(found[1]);
}

/** A cancelled request is never answered, so nothing waits for it. */
function isCancellation(
  message: JSONRPCMessage,
): message is JSONRPCMessage & { params: { requestId: RequestId } } {
  return "method" in message && message.method === "notifications/cancelled" && message.params !== undefined;
}
