import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { isRecord, parseJson } from "../../core/parse-json.js";
import { mendInitialize } from "./mend-initialize.js";

/**
 * A message as its sender meant it: clients write null for what they leave out, an empty list for an empty object, and
 * the arguments of a call as JSON text, all of which the SDK would refuse. MCP 2025-11-25: a server without tasks takes a
 * request for one (`task`) as the plain request.
 */
export function mendMessage(json: Record<string, unknown>): Record<string, unknown> {
  if (!("method" in json)) return answerAsMeant(json);
  const { params, result, error, ...rest } = json;
  const isNotification = rest["id"] === null && String(rest["method"]).startsWith("notifications/");
  if (isNotification) delete rest["id"];
  if (params === null || params === undefined) return rest;
  if (!isRecord(params)) return { ...rest, params };
  if (rest["method"] === "initialize") return { ...rest, params: mendInitialize(params) };
  const { _meta, arguments: args, context, task, ...own } = withoutNulls(params);
  return {
    ...rest,
    params: {
      ...own,
      ...(isRecord(_meta) && { _meta: metaAsMeant(_meta) }),
      ...(isRecord(context) && { context }),
      ...argumentsAsMeant(args, String(json["method"])),
    },
  };
}

/**
 * The client's answer to a request of the server's. Whoever waits for it has to learn that it came: of one that cannot
 * be read, only that remains. An answer is never answered, so it must not be refused like a request.
 */
function answerAsMeant(json: Record<string, unknown>): Record<string, unknown> {
  const { jsonrpc, id, result, error } = json;
  if (id === undefined || id === null || (result === undefined && error === undefined)) return json;
  if (error === undefined || error === null) return { jsonrpc, id, result: isRecord(result) ? result : {} };
  const { code, message } = isRecord(error) ? error : {};
  return {
    jsonrpc,
    id,
    error: {
      code: Number.isSafeInteger(code) ? code : ErrorCode.InternalError,
      message: typeof message === "string" ? message : "an error without a message",
    },
  };
}

/** A token that MCP does not allow asks for progress that cannot be told. */
function metaAsMeant({ progressToken, ...meta }: Record<string, unknown>): Record<string, unknown> {
  const isToken = typeof progressToken === "string" || Number.isSafeInteger(progressToken);
  return { ...withoutNulls(meta), ...(isToken && { progressToken }) };
}

function argumentsAsMeant(args: unknown, method: string): { arguments?: unknown } {
  const read = typeof args === "string" ? (args.trim() === "" ? undefined : parseJson(args)) : args;
  if (args === undefined || read === undefined || read === null) {
    // Text that is not JSON stays as it is, to be refused.
    return typeof args === "string" && args.trim() !== "" ? { arguments: args } : {};
  }
  if (Array.isArray(read) && read.length === 0) return {};
  return { arguments: method === "prompts/get" && isRecord(read) ? textsOf(read) : read };
}

/** The arguments of a prompt are texts. */
function textsOf(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(withoutNulls(args)).map(([name, value]) => [
      name,
      typeof value === "number" || typeof value === "boolean" ? String(value) : value,
    ]),
  );
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}
