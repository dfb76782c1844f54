import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { WebflowClient } from "webflow-api/Client.js";

/* The floor of a server that lists folders: one tool, which hands over what webflow-api answers, without checks or limits. */
const { WEBFLOW_TOKEN = "", WEBFLOW_SITE_ID = "", WEBFLOW_API_BASE_URL = "" } = process.env;
const webflow = new WebflowClient({ accessToken: WEBFLOW_TOKEN, baseUrl: WEBFLOW_API_BASE_URL });
const server = new McpServer({ name: "listing", version: "1.0.0" });
server.registerTool("listFolders", { description: "Lists folders", inputSchema: {} }, async () => {
  const folders = await webflow.assets.listFolders(WEBFLOW_SITE_ID);
  return { content: [{ type: "text", text: JSON.stringify(folders) }] };
});
await server.connect(new StdioServerTransport());
