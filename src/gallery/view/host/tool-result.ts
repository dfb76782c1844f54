import { asRecord, isRecord } from "./rpc.js";

/** A tool's answer: its structured content, or the sentence that says why there is none. */
export interface ToolResult {
  readonly data: Record<string, unknown>;
  /** What the server sent along for the view alone. */
  readonly meta: Record<string, unknown>;
  readonly error?: string;
}

/** A call that the server answered with an error, as `[CODE] what failed. Next: what to do.` */
export class ToolError extends Error {}

/** Reads a `CallToolResult`. Clients that drop structured content leave the same JSON in the text block. */
export function readToolResult(result: Record<string, unknown>): ToolResult {
  const text = firstText(result["content"]);
  const meta = asRecord(result["_meta"]);
  if (result["isError"] === true) return { data: {}, meta, error: text || "The request failed." };
  const structured = result["structuredContent"];
  if (isRecord(structured)) return { data: structured, meta };
  try {
    return { data: asRecord(JSON.parse(text)), meta };
  } catch {
    return { data: {}, meta, error: text || "This app returned an empty result." };
  }
}

function firstText(content: unknown): string {
  if (!Array.isArray(content)) return "";
  const block = content.map(asRecord).find(({ type }) => type === "text");
  return typeof block?.["text"] === "string" ? block["text"] : "";
}
