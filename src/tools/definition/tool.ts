import type * as z from "zod";
import type { AskingCall } from "../../core/call-context.js";
import type { AssetService } from "../../service/asset-service.js";

/** What a tool knows about the client that called it, without any type of the MCP SDK. */
export type ToolContext = AskingCall;

/** All four hints, spelled out: clients and stores assume the worst for a missing one. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** The answer of a tool without an output schema. Image data is base64. */
export type ContentBlock = { type: "text"; text: string } | { type: "image"; data: string; mimeType: string };

interface ToolDescription<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** Clients find the tool by the first sentence. */
  readonly description: string;
  readonly input: Input;
  readonly annotations: ToolAnnotations;
  /** Whether clients that show MCP Apps draw the result with the gallery. */
  readonly showsGallery?: boolean;
}

interface StructuredTool<Input extends z.ZodObject, Output extends z.ZodObject>
  extends ToolDescription<Input> {
  readonly output: Output;
  /** What the gallery needs besides the result and a model does not: sent as the result's `_meta`. */
  meta?(service: AssetService, result: z.input<Output>): Record<string, unknown> | undefined;
  run(service: AssetService, args: z.output<Input>, context: ToolContext): Promise<z.input<Output>>;
}

interface ContentTool<Input extends z.ZodObject> extends ToolDescription<Input> {
  run(service: AssetService, args: z.output<Input>, context: ToolContext): Promise<ContentBlock[]>;
}

/** A tool as the catalog holds it: `run` takes arguments that `input` has parsed. */
export interface Tool extends ToolDescription<z.ZodObject> {
  readonly output?: z.ZodObject;
  meta?(service: AssetService, result: Record<string, unknown>): Record<string, unknown> | undefined;
  run(
    service: AssetService,
    args: Record<string, unknown>,
    context: ToolContext,
  ): Promise<Record<string, unknown> | ContentBlock[]>;
}

/** Checks at compile time that `run` matches the schemas, and gives the tool the type that the catalog holds. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: StructuredTool<Input, Output>,
): Tool {
  return tool as unknown as Tool;
}

/** Like {@link defineTool}, for a tool whose answer is content for a model to look at instead of data. */
export function defineContentTool<Input extends z.ZodObject>(tool: ContentTool<Input>): Tool {
  return tool as unknown as Tool;
}
