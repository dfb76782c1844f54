import { type Dialect, type Json, readBlocks } from "./dialect.js";

/** OpenAI's Chat Completions, as Qwen Code and opencode use it. */
export const openaiChat: Dialect = {
  namesEvents: false,
  end: "[DONE]",

  matches: (path) => path.endsWith("/chat/completions"),

  read({ tools = [], messages = [] }) {
    return {
      tools: new Map(tools.map((tool: Json) => [tool.function?.name, JSON.stringify(tool)])),
      results: new Map(
        messages
          .filter(({ role }: Json) => role === "tool")
          .map(({ tool_call_id, content }: Json) => [tool_call_id, readBlocks(content)]),
      ),
    };
  },

  write(reply) {
    const delta =
      "tool" in reply
        ? {
            role: "assistant",
            content: null,
            tool_calls: [
              {
                index: 0,
                id: reply.id,
                type: "function",
                function: { name: reply.tool, arguments: JSON.stringify(reply.args) },
              },
            ],
          }
        : { role: "assistant", content: reply.text };
    const chunk = (choice: Json): Json => ({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: "scripted",
      choices: [{ index: 0, finish_reason: null, ...choice }],
    });
    return [
      chunk({ delta }),
      {
        ...chunk({ delta: {}, finish_reason: "tool" in reply ? "tool_calls" : "stop" }),
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      },
    ];
  },
};
