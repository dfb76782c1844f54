import { isRecord } from "../../core/parse-json.js";

/**
 * Ids of requests that JSON-RPC allows and the SDK does not: null, fractions, numbers beyond the safe ones. The SDK
 * gets one of ours instead, and the answer carries the client's.
 */
export interface RequestIds {
  /** The message with an id, or the id of the request that it cancels, that the SDK takes. */
  inward(message: Record<string, unknown>): Record<string, unknown>;
  /** The answer with the client's own id. */
  outward<Message extends object>(message: Message): Message;
}

export function createRequestIds(): RequestIds {
  const given = new Map<string, unknown>();
  let count = 0;

  function ownFor(id: unknown): unknown {
    if (id !== null && (typeof id !== "number" || Number.isSafeInteger(id))) return id;
    count += 1;
    const own = `webflow-assets-mcp/${count}`;
    given.set(own, id);
    return own;
  }

  return {
    inward(message) {
      const { params } = message;
      if ("method" in message && "id" in message) return { ...message, id: ownFor(message["id"]) };
      if (message["method"] !== "notifications/cancelled" || !isRecord(params)) return message;
      const [own] = [...given].find(([, id]) => id === params["requestId"]) ?? [params["requestId"]];
      return { ...message, params: { ...params, requestId: own } };
    },

    outward(message) {
      const own = "id" in message && !("method" in message) ? message.id : undefined;
      if (typeof own !== "string" || !given.has(own)) return message;
      const id = given.get(own);
      given.delete(own);
      return { ...message, id };
    },
  };
}
