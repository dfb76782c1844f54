import { type Dialect, type Json, readBlocks } from "./dialect.js";

/** Google's `streamGenerateContent`, as the Gemini CLI uses it. */
export const gemini: Dialect = {
  namesEvents: false,

  matches: (path) => path.includes(":streamGenerateContent"),

  read({ tools = [], contents = [] }) {
    const declared: Json[] = tools.flatMap(({ functionDeclarations = [] }: Json) => functionDeclarations);
    const parts: Json[] = contents.flatMap((content: Json) => content.parts ?? []);
    return {
      tools: new Map(declared.map((tool) => [tool.name, JSON.stringify(tool)])),
      results: new Map(
        parts.flatMap(({ functionResponse }) =>
          functionResponse ? [[functionResponse.id, readResponse(functionResponse)]] : [],
        ),
      ),
    };
  },

  write(reply) {
    const part =
      "tool" in reply
        ? { functionCall: { id: reply.id, name: reply.tool, args: reply.args } }
        : { text: reply.text };
    return [
      {
        candidates: [{ index: 0, content: { role: "model", parts: [part] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
        modelVersion: "scripted",
      },
    ];
  },
};

function readResponse({ response, parts = [] }: Json) {
  const { text } = readBlocks(response?.output ?? response?.error ?? JSON.stringify(response));
  return { text, pictures: parts.filter(({ inlineData }: Json) => inlineData !== undefined).length };
}
