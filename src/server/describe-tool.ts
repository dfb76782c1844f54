import type { Tool as ToolOfProtocol } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";
import { GALLERY_TOOL_META } from "../gallery/gallery-resource.js";
import type { Tool } from "../tools/definition/tool.js";

const described = new WeakMap<Tool, ToolOfProtocol>();

/** The tool as `tools/list` shows it; its JSON schemas are made once. */
export function describeTool(tool: Tool): ToolOfProtocol {
  const known = described.get(tool);
  if (known) return known;
  const { name, title, description, input, output, annotations, showsGallery } = tool;
  const listed: ToolOfProtocol = {
    name,
    title,
    description,
    inputSchema: jsonSchema(input, "input"),
    ...(output && { outputSchema: jsonSchema(output, "output") }),
    annotations: { ...annotations },
    ...(showsGallery && { _meta: GALLERY_TOOL_META }),
  };
  described.set(tool, listed);
  return listed;
}

type ObjectSchema = ToolOfProtocol["inputSchema"];

function jsonSchema(schema: z.ZodObject, io: "input" | "output"): ObjectSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema: node }) => removeNoise(node, io),
  });
  return { ...rest, type: "object" } as ObjectSchema;
}

/**
 * The bounds of safe integers say nothing to a model and cost tokens in every listing; nor does it that a result has no
 * other fields, which a later version may add.
 */
function removeNoise(node: Record<string, unknown>, io: "input" | "output"): void {
  if (node["maximum"] === Number.MAX_SAFE_INTEGER) delete node["maximum"];
  if (node["minimum"] === Number.MIN_SAFE_INTEGER) delete node["minimum"];
  if (io === "output") delete node["additionalProperties"];
}
