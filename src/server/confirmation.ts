import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { ToolContext } from "../tools/tool.js";

/**
 * Asks the user by elicitation. Clients that cannot show a question answer "cancel" or "decline" by themselves, so
 * both are a refusal; a client without the capability is told apart, because nobody was asked.
 */
export function confirmWith(server: Server, signal: AbortSignal): ToolContext["confirm"] {
  return async (question) => {
    if (!server.getClientCapabilities()?.elicitation) return "unavailable";
    const { action, content } = await server.elicitInput(
      {
        message: question,
        requestedSchema: {
          type: "object",
          properties: { confirm: { type: "boolean", title: "Yes, do it", default: false } },
          required: ["confirm"],
        },
      },
      { signal },
    );
    return action === "accept" && content?.["confirm"] === true ? "accepted" : "declined";
  };
}
