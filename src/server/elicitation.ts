import { type ElicitRequestFormParams, ElicitResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { type CallContext, hasDeadlinePassed, isCancelled } from "../core/call-context.js";
import type { ToolContext } from "../tools/definition/tool.js";

/** Asks the user for the call, and stops asking when the call is over. */
export type AskUser = (question: string, call: CallContext) => ReturnType<ToolContext["confirm"]>;

/** How the question reaches the client; `timeout` is in milliseconds. */
export type SendQuestion = (
  request: { method: "elicitation/create"; params: ElicitRequestFormParams },
  resultSchema: typeof ElicitResultSchema,
  options: { signal: AbortSignal; timeout: number },
) => Promise<{ action: "accept" | "decline" | "cancel" }>;

/**
 * Asks by elicitation (MCP 2025-06-18), with a form that has nothing to fill in: accepting it is the answer. Clients
 * that cannot show a question answer "cancel" or "decline" by themselves, so both are a refusal. A client without the
 * capability, an error, or no answer in time is told apart, because then nobody has refused.
 */
export function askByElicitation(canAsk: boolean, send: SendQuestion): AskUser {
  return async (question, call) => {
    if (!canAsk) return "unavailable";
    try {
      const { action } = await send(
        {
          method: "elicitation/create",
          params: { mode: "form", message: question, requestedSchema: { type: "object", properties: {} } },
        },
        ElicitResultSchema,
        { signal: call.signal, timeout: NEVER_MS },
      );
      return action === "accept" ? "accepted" : "declined";
    } catch (error) {
      if (isCancelled(call)) return "declined";
      if (!hasDeadlinePassed(call)) call.log.info(`the client could not ask: ${String(error)}`);
      return "unavailable";
    }
  };
}

/** The call's own deadline ends the question; this only keeps the SDK's 60 seconds out of the way. */
const NEVER_MS = 2_147_483_647;
