import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import type { AssetService } from "../assets/asset-service.js";
import type { Logger } from "../log.js";
import type { Tool } from "../tools/tool.js";
import { confirmWith } from "./confirmation.js";
import { INSTRUCTIONS } from "./instructions.js";
import { createProgress } from "./progress.js";
import { createToolCalls, type ToolCalls } from "./tool-calls.js";
import { describeTool } from "./tool-description.js";

export interface ServerOptions {
  readonly version: string;
  readonly tools: readonly Tool[];
  /** Loaded at the first call, or right after the client was served its first answer. */
  readonly service: () => Promise<AssetService>;
  readonly log: Logger;
  /** A call is answered within this many milliseconds. */
  readonly callMs: number;
}

export interface AssetServer {
  readonly server: Server;
  /** Aborts every call that is under way; resolves when all have ended. */
  abortCalls(): Promise<void>;
}

const WARM_UP_AFTER_MS = 250;

/**
 * The MCP server: lists the tools and hands their calls over. The low-level `Server` is used because it leaves
 * arguments, errors and unknown tools to us; `McpServer` would answer them in its own words.
 */
export function createServer(options: ServerOptions): AssetServer {
  const { version, tools, service, log } = options;
  const server = new Server(
    {
      name: "webflow-assets-mcp",
      title: "Webflow Assets",
      version,
      websiteUrl: "https://www.npmjs.com/package/webflow-assets-mcp",
    },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const calls: ToolCalls = createToolCalls(options);

  server.oninitialized = () => {
    // What the first answers do not need is loaded once they were given: loading it takes a few hundred milliseconds.
    setTimeout(() => {
      service().catch((error) => log.error(`the asset service could not be loaded: ${error}`));
    }, WARM_UP_AFTER_MS).unref();
  };

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(describeTool) }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const tool = tools.find(({ name }) => name === params.name);
    if (!tool) throw new McpError(ErrorCode.InvalidParams, unknownTool(params.name, tools));
    const progress = createProgress(params._meta?.progressToken, (notification) =>
      extra.sendNotification(notification),
    );
    return calls.answer(tool, params.arguments ?? {}, {
      signal: extra.signal,
      progress,
      confirm: confirmWith(server, extra.signal),
    });
  });

  return { server, abortCalls: () => calls.abortAll() };
}

function unknownTool(name: string, tools: readonly Tool[]): string {
  return `Unknown tool "${name}"; the tools are ${tools.map((tool) => tool.name).join(", ")}`;
}
