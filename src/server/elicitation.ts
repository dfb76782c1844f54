import {
  type ElicitRequestFormParams,
  type ElicitResult,
  ElicitResultSchema,
  ErrorCode,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { type Answer, type CallContext, isCancelled, type Question } from "../core/call-context.js";

/** Asks the person in front of the client, and stops asking when the call is over. */
export type AskUser = (question: Question, call: CallContext) => Promise<Answer>;

/** How the question reaches the client; `timeout` is in milliseconds. */
export type SendQuestion = (
  request: { method: "elicitation/create"; params: ElicitRequestFormParams },
  resultSchema: typeof ElicitResultSchema,
  options: { signal: AbortSignal; timeout: number },
) => Promise<ElicitResult>;

/** People read before they agree to something that cannot be undone, and may have left the room. */
const ANSWER_WITHIN_MS = 10 * 60_000;

/**
 * Asks by elicitation (MCP 2025-06-18) with a form of one required field: only an accepted form with `true` in it is an
 * agreement. Clients that cannot ask answer "cancel" or "decline", or accept an empty form: refusals all, as is what
 * cannot be read. An error, or a client without the capability, is told apart, because then nobody was asked.
 */
export function askByElicitation(canAsk: boolean, send: SendQuestion): AskUser {
  return async ({ message, field, title }, call) => {
    if (!canAsk) return "unavailable";
    const requestedSchema = {
      type: "object" as const,
      properties: { [field]: { type: "boolean" as const, title, default: false } },
      required: [field],
    };
    try {
      const { action, content } = await send(
        { method: "elicitation/create", params: { mode: "form", message, requestedSchema } },
        ElicitResultSchema,
        { signal: call.signal, timeout: ANSWER_WITHIN_MS },
      );
      return action === "accept" && content?.[field] === true ? "accepted" : "declined";
    } catch (error) {
      if (isCancelled(call)) return "declined";
      if (error instanceof McpError && error.code === ErrorCode.RequestTimeout) return "unanswered";
      // The SDK's first clients with elicitation answer "reject" for a "decline": somebody was asked, and did not agree.
      if (!(error instanceof McpError)) return "declined";
      call.log.info(`the client could not ask: ${String(error)}`);
      return "unavailable";
    }
  };
}
