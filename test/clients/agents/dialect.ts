/** What a client tells the model with a request, whatever the API's form. */
export interface Conversation {
  /** Tools by the name that the client gave them, with the definition as the model receives it. */
  readonly tools: ReadonlyMap<string, string>;
  /** What came back for calls, by their ids, in the order of the conversation. */
  readonly results: ReadonlyMap<string, ToolResult>;
}

export interface ToolResult {
  /** All texts of it, in the order in which the model reads them. */
  readonly text: string;
  /** The pictures that the model sees with it. */
  readonly pictures: number;
}

/** What the model answers: a call of a tool, or, without one, its last words. */
export type Reply =
  | { readonly id: string; readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly text: string };

/** A model's API: where it is, how a conversation is read from a request, and an answer written as a stream. */
export interface Dialect {
  /** Whether a request for this path is one for an answer of the model. */
  matches(path: string): boolean;
  read(body: Json): Conversation;
  /** The events of the stream, each as the value of one `data:` line; with `event:` named by `type` where the API names events. */
  write(reply: Reply): readonly Json[];
  readonly namesEvents: boolean;
  /** What ends the stream after the events. */
  readonly end?: string;
}

/** A part of a request or an answer: these are other people's forms, of which a dialect reads what it needs. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Json = any;

/** The texts and pictures of the blocks that APIs make tool results of, a plain string included. */
export function readBlocks(content: Json): ToolResult {
  if (typeof content === "string") return { text: content, pictures: 0 };
  const blocks: Json[] = Array.isArray(content) ? content : [content];
  const texts = blocks.flatMap((block) => (typeof block?.text === "string" ? [block.text] : []));
  return { text: texts.join("\n"), pictures: blocks.filter(isPicture).length };
}

function isPicture(block: Json): boolean {
  return ["image", "image_url", "input_image"].includes(block?.type);
}
