import { type Dialect, type Json, readBlocks } from "./dialect.js";

/** Anthropic's Messages API, as Claude Code uses it. */
export const anthropicMessages: Dialect = {
  namesEvents: true,

  matches: (path) => path.endsWith("/messages"),

  read({ tools = [], messages = [] }) {
    const blocks: Json[] = messages.flatMap(({ content }: Json) => (Array.isArray(content) ? content : []));
    return {
      tools: new Map(tools.map((tool: Json) => [tool.name, JSON.stringify(tool)])),
      results: new Map(
        blocks
          .filter(({ type }) => type === "tool_result")
          .map(({ tool_use_id, content }) => [tool_use_id, readBlocks(content)]),
      ),
    };
  },

  write(reply) {
    const isCall = "tool" in reply;
    const message = {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "scripted",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    };
    const block = isCall
      ? { type: "tool_use", id: reply.id, name: reply.tool, input: {} }
      : { type: "text", text: "" };
    const delta = isCall
      ? { type: "input_json_delta", partial_json: JSON.stringify(reply.args) }
      : { type: "text_delta", text: reply.text };
    return [
      { type: "message_start", message },
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: isCall ? "tool_use" : "end_turn", stop_sequence: null },
        usage: { output_tokens: 1 },
      },
      { type: "message_stop" },
    ];
  },
};
