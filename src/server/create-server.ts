import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool as ToolDefinition,
} from "@modelcontextprotocol/sdk/types.js";
import type { Logger } from "../core/logger.js";
import { quotedLine } from "../core/text.js";
import type { AssetService } from "../service/asset-service.js";
import type { Tool } from "../tools/definition/tool.js";
import { serveCompletions } from "./completions.js";
import { describeTool } from "./describe-tool.js";
import { askByElicitation } from "./elicitation.js";
import { instructionsFor } from "./instructions.js";
import { createProgress } from "./progress.js";
import { servePrompts } from "./prompts.js";
import { serveResources } from "./resources.js";
import { answerToolCall, describeForLog } from "./run-tool.js";
import { createRunningCalls } from "./running-calls.js";
import { SERVER_INFO } from "./server-info.js";

export interface ServerOptions {
  /** Loaded with the first call, as is the service: neither is needed before. */
  readonly tools: () => Promise<readonly Tool[]>;
  /** The same tools as `tools/list` shows them; made from them where it is left out. */
  readonly definitions?: () => Promise<readonly ToolDefinition[]>;
  readonly service: () => Promise<AssetService>;
  /** Only the tools that change nothing exist. */
  readonly readOnly: boolean;
  /** By their whole paths. */
  readonly allowedDirectories: readonly string[];
  /** The site of calls that name none. */
  readonly siteId?: string | undefined;
  readonly log: Logger;
  /** A call is answered within this many milliseconds. */
  readonly callMs: number;
}

export interface AssetServer {
  readonly server: Server;
  /** Aborts every call that is under way; resolves when all have ended. */
  abortCalls(): Promise<void>;
}

/** Leaves the processor to the client's first requests, which follow `initialize` at once and load what they need. */
const WARM_UP_AFTER_MS = 1_000;

/**
 * The MCP server: lists the tools and hands their calls over. The low-level `Server` is used because it leaves
 * arguments, errors and unknown tools to us; `McpServer` would answer them in its own words.
 */
export function createServer(options: ServerOptions): AssetServer {
  const { service, log } = options;
  const server = new Server(SERVER_INFO, {
    capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    instructions: instructionsFor(options),
    jsonSchemaValidator: NO_VALIDATOR,
  });
  const calls = createRunningCalls(options);
  const usable = <Some extends Pick<ToolDefinition, "annotations">>(tools: readonly Some[]) =>
    tools.filter(({ annotations }) => !options.readOnly || annotations?.readOnlyHint);
  const loadTools = once(async () => usable(await options.tools()));
  const loadDefinitions = options.definitions ?? (async () => (await loadTools()).map(describeTool));

  server.oninitialized = () => {
    setTimeout(() => {
      Promise.all([service(), loadTools()])
        .then(([loaded]) => loaded.warmUp())
        .catch((error) => log.error(`the asset service could not be loaded: ${describeForLog(error)}`));
    }, WARM_UP_AFTER_MS).unref();
  };

  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: usable(await loadDefinitions()),
  }));

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const tool = findTool(await loadTools(), params.name);
    const definition = (await loadDefinitions()).find(({ name }) => name === tool.name);
    const progress = createProgress(params._meta?.progressToken, extra.sendNotification);
    const canAsk = server.getClientCapabilities()?.elicitation?.form !== undefined;
    try {
      return await answerToolCall(calls, service, tool, params.arguments ?? {}, {
        inputSchema: definition?.inputSchema,
        signal: extra.signal,
        progress: progress.tell,
        askUser: askByElicitation(canAsk, extra.sendRequest),
        canAsk,
      });
    } finally {
      await progress.end();
    }
  });

  servePrompts(server, options);
  serveResources(server, { calls, service, siteId: options.siteId, readOnly: options.readOnly });
  serveCompletions(server, { calls, service });

  return { server, abortCalls: () => calls.abortAll() };
}

/** The tool of that name. An unknown one is the error -32602, as the specification of `tools/call` has it. */
function findTool(tools: readonly Tool[], name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool) return tool;
  const names = tools.map((candidate) => candidate.name).join(", ");
  throw new McpError(
    ErrorCode.InvalidParams,
    `Unknown tool ${quotedLine(name, 100)}; the tools are ${names}`,
  );
}

function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

/** In place of Ajv, which the SDK would load for the forms of elicitation: ours have one field, read by hand. */
const NO_VALIDATOR = {
  getValidator: () => () => ({ valid: false as const, data: undefined, errorMessage: "no form has fields" }),
};
