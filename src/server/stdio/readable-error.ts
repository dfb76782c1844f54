import { ErrorCode, type JSONRPCErrorResponse } from "@modelcontextprotocol/sdk/types.js";
import { isRecord, parseJson } from "../../core/parse-json.js";

type ProtocolError = JSONRPCErrorResponse["error"];

/**
 * An error of the protocol as its reader should see it. The SDK answers a request with wrong parameters with what zod
 * says, as JSON and as the server's own fault, and begins each message with the code, as clients do again.
 */
export function readableError(error: ProtocolError): ProtocolError {
  const message = error.message.replace(/^MCP error -?\d+: /, "");
  const issues = error.code === ErrorCode.InternalError ? parseJson(message) : undefined;
  if (!Array.isArray(issues) || !issues.every(isRecord)) return { ...error, message };
  return { ...error, code: ErrorCode.InvalidParams, message: issues.map(sentenceOf).join("; ") };
}

function sentenceOf({ path, message }: Record<string, unknown>): string {
  const place = Array.isArray(path) ? path.join(".") : "";
  return `${place}: ${message}`;
}
