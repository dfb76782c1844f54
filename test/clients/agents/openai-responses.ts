import { type Dialect, type Json, readBlocks } from "./dialect.js";

/** OpenAI's Responses, as Codex uses it: the tools of a server are in a namespace. */
export const openaiResponses: Dialect = {
  namesEvents: true,

  matches: (path) => path.endsWith("/responses"),

  read({ tools = [], input = [] }) {
    return {
      tools: new Map(
        tools
          .flatMap((tool: Json) => (tool.type === "namespace" ? withNamespace(tool) : [tool]))
          .map((tool: Json) => [tool.name, JSON.stringify(tool)]),
      ),
      results: new Map(
        input
          .filter(({ type }: Json) => type === "function_call_output")
          .map(({ call_id, output }: Json) => [call_id, readBlocks(output)]),
      ),
    };
  },

  write(reply) {
    const item =
      "tool" in reply
        ? {
            type: "function_call",
            id: `fc_${reply.id}`,
            call_id: reply.id,
            ...splitName(reply.tool),
            arguments: JSON.stringify(reply.args),
          }
        : {
            type: "message",
            id: "msg_1",
            role: "assistant",
            content: [{ type: "output_text", text: reply.text, annotations: [] }],
          };
    const usage = {
      input_tokens: 1,
      input_tokens_details: null,
      output_tokens: 1,
      output_tokens_details: null,
      total_tokens: 2,
    };
    return [
      { type: "response.created", response: { id: "resp_1" } },
      { type: "response.output_item.added", output_index: 0, item },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { id: "resp_1", usage, output: [item] } },
    ];
  },
};

const SEPARATOR = "\u0000";

function withNamespace({ name, tools = [] }: Json): Json[] {
  return tools.map((tool: Json) => ({ ...tool, name: `${name}${SEPARATOR}${tool.name}` }));
}

function splitName(name: string): { name: string; namespace?: string } {
  const [first = "", second] = name.split(SEPARATOR);
  return second === undefined ? { name: first } : { namespace: first, name: second };
}
