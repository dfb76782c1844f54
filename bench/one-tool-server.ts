import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import * as z from "zod";

/* The floor of any server on the same SDK: one tool, nothing behind it. */
const server = new McpServer({ name: "one-tool", version: "1.0.0" });
server.registerTool(
  "echo",
  { description: "Says what it was told", inputSchema: { text: z.string() } },
  async ({ text }) => ({ content: [{ type: "text", text }] }),
);
await server.connect(new StdioServerTransport());
