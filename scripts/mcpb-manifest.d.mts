import type { McpbManifestAny } from "@anthropic-ai/mcpb";

export declare function mcpbManifest(parts: {
  packageJson: unknown;
  tools: readonly { readonly name: string; readonly title: string }[];
  withSharp: boolean;
}): McpbManifestAny;
